from codelists import ethnicity_codes
from cohortextractor import StudyDefinition, patients

study = StudyDefinition(
    index_date="2022-06-05",
    population=patients.all(),
    ethnicity=patients.categorised_as(
        {
            "Missing": "DEFAULT",
            "White": "eth = '1' OR (NOT eth AND sus = '1')",
            "Other": "eth > '1' OR (NOT eth AND sus > 1)",
        },
        eth=patients.with_these_clinical_events(
            ethnicity_codes,
            returning="category",
            on_or_before="index_date",
            find_last_match_in_period=True,
        ),
        sus=patients.with_ethnicity_from_sus(
            returning="group_6", use_most_frequent_code=True
        ),
    ),
)
