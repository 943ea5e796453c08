# ruff: noqa
# mypy: ignore-errors
"""Home monitoring by week in cohort-extractor's language: 20 columns, for the benchmark
`old_study`.
"""

from cohortextractor import Measure, StudyDefinition, codelist, patients

BP = codelist(["413606001", "413605002"], system="snomed")
OXIMETRY = codelist(["431314004", "927981000000106"], system="snomed")
HYPERTENSION = codelist(["38341003", "59621000"], system="snomed")
CARE_HOME = codelist(["160734000", "394923006"], system="snomed")
ASTHMA = codelist(["H33..", "H330.", "H331."], system="ctv3")
REVIEW = codelist(["9OJA.", "66YJ."], system="ctv3")
DIABETES = codelist(["C10..", "X40J5"], system="ctv3")
SMOKING = codelist([("137R.", "S"), ("137S.", "E"), ("1371.", "N")], system="ctv3")
HBA1C = codelist(["XaPbt"], system="ctv3")
INHALERS = codelist(["39113611000001102", "39113311000001107"], system="snomed")
WEEK = ["index_date", "index_date + 6 days"]

study = StudyDefinition(
    index_date="2019-04-01",
    default_expectations={"rate": "uniform"},
    population=patients.satisfying(
        "registered AND NOT died AND age >= 0 AND age <= 120",
        registered=patients.registered_as_of("index_date"),
        died=patients.died_from_any_cause(on_or_before="index_date"),
    ),
    age=patients.age_as_of("index_date"),
    age_band=patients.categorised_as(
        {"0-17": "DEFAULT", "18-64": "age >= 18 AND age < 65", "65+": "age >= 65"}
    ),
    sex=patients.sex(),
    region=patients.registered_practice_as_of(
        "index_date", returning="nuts1_region_name"
    ),
    stp=patients.registered_practice_as_of("index_date", returning="stp_code"),
    imd=patients.address_as_of(
        "index_date", returning="index_of_multiple_deprivation", round_to_nearest=100
    ),
    quintile=patients.categorised_as(
        {
            "0": "DEFAULT",
            "1": "imd >= 0 AND imd < 32844*1/5",
            "2": "imd >= 32844*1/5 AND imd < 32844*2/5",
            "3": "imd >= 32844*2/5 AND imd < 32844*3/5",
            "4": "imd >= 32844*3/5 AND imd < 32844*4/5",
            "5": "imd >= 32844*4/5",
        }
    ),
    hypertension=patients.with_these_clinical_events(
        HYPERTENSION, on_or_before="index_date"
    ),
    care_home=patients.with_these_clinical_events(CARE_HOME, on_or_before="index_date"),
    asthma=patients.with_these_clinical_events(ASTHMA, on_or_before="index_date"),
    diabetes=patients.with_these_clinical_events(DIABETES, on_or_before="index_date"),
    smoking=patients.with_these_clinical_events(
        SMOKING, on_or_before="index_date", returning="category"
    ),
    bp=patients.with_these_clinical_events(
        BP, between=WEEK, returning="number_of_matches_in_period"
    ),
    oximetry=patients.with_these_clinical_events(
        OXIMETRY, between=WEEK, returning="number_of_matches_in_period"
    ),
    review=patients.with_these_clinical_events(
        REVIEW, between=["index_date - 1 year", "index_date"]
    ),
    inhalers=patients.with_these_medications(
        INHALERS,
        between=["index_date - 90 days", "index_date"],
        returning="number_of_matches_in_period",
    ),
    last_review=patients.with_these_clinical_events(
        REVIEW, on_or_before="index_date", returning="date", date_format="YYYY-MM-DD"
    ),
    hba1c=patients.with_these_clinical_events(
        HBA1C, on_or_before="index_date", returning="numeric_value"
    ),
    never_reviewed=patients.satisfying("asthma AND NOT last_review"),
    high_hba1c=patients.satisfying("diabetes AND hba1c > 58"),
)

measures = [
    Measure(id="bp", numerator="bp", denominator="population", group_by=["region"]),
    Measure(
        id="oximetry",
        numerator="oximetry",
        denominator="population",
        group_by=["quintile"],
    ),
    Measure(id="review", numerator="review", denominator="asthma", group_by=["sex"]),
    Measure(
        id="inhalers",
        numerator="inhalers",
        denominator="population",
        group_by=["age_band"],
    ),
    Measure(
        id="smokers",
        numerator="hypertension",
        denominator="population",
        group_by=["smoking"],
    ),
    Measure(
        id="care_home",
        numerator="care_home",
        denominator="population",
        group_by=["stp"],
    ),
    Measure(
        id="never",
        numerator="never_reviewed",
        denominator="asthma",
        group_by="population",
    ),
    Measure(
        id="hba1c",
        numerator="high_hba1c",
        denominator="diabetes",
        group_by="population",
    ),
]
