# ruff: noqa
# mypy: ignore-errors
from cohortextractor import StudyDefinition, patients
from codelists import ethnicity_codes, ethnicity_codes_16

study = StudyDefinition(
    default_expectations={
        "date": {"earliest": "1970-01-01", "latest": "today"},
        "rate": "uniform",
        "incidence": 0.2,
    },
    index_date="2022-01-01",
    population=patients.all(),
    eth6=patients.with_these_clinical_events(
        ethnicity_codes,
        returning="category",
        on_or_before="index_date",
        find_last_match_in_period=True,
        include_date_of_match=True,
        return_expectations={"category": {"ratios": {"1": 0.5}}},
    ),
    ethnicity_16=patients.with_these_clinical_events(
        ethnicity_codes_16,
        returning="category",
        on_or_before="index_date",
        find_last_match_in_period=True,
    ),
    sus16=patients.with_ethnicity_from_sus(
        returning="group_16", use_most_frequent_code=True
    ),
    ethnicity=patients.categorised_as(
        {
            "White": "eth6='1' OR (eth6='' AND sus16 > 0 AND sus16 < 4)",
            "Other": "eth6 > 1",
            "Missing": "DEFAULT",
        }
    ),
    dob=patients.date_of_birth("YYYY-MM"),
    born=patients.date_of_birth(date_format="YYYY"),
)
