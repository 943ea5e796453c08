# ruff: noqa
# mypy: ignore-errors
from cohortextractor import StudyDefinition, patients, Measure
from codelists import *

pandemic_start = "2020-02-01"
study = StudyDefinition(
    index_date="2021-08-31",
    default_expectations={
        "date": {"earliest": pandemic_start, "latest": "2022-01-01"},
        "rate": "uniform",
    },
    population=patients.satisfying(
        "registered_at_start AND child AND has_msoa",
        registered_at_start=patients.registered_with_one_practice_between(
            start_date="index_date - 1 month", end_date="index_date"
        ),
        child=patients.satisfying(
            "kid_age >= 5 AND kid_age < 16",
            kid_age=patients.age_as_of("last_day_of_school_year(index_date)"),
        ),
        has_msoa=patients.satisfying(
            "NOT (home_msoa = '')",
            home_msoa=patients.address_as_of("index_date", returning="msoa"),
        ),
    ),
    dose_1=patients.with_vaccination_record(
        returning="date",
        tpp={"target_disease_matches": "SARS-2 CORONAVIRUS"},
        emis={"procedure_codes": asthma_codes},
        find_first_match_in_period=True,
        on_or_after="2020-12-01",
        date_format="YYYY-MM-DD",
    ),
    flu=patients.with_tpp_vaccination_record(
        target_disease_matches="INFLUENZA",
        between=[
            "first_day_of_nhs_financial_year(index_date)",
            "last_day_of_nhs_financial_year(index_date)",
        ],
        returning="binary_flag",
    ),
    elig_date=patients.categorised_as(
        {
            "2020-12-08": "risk",
            "2021-09-20": "NOT risk AND old",
            "2100-12-31": "DEFAULT",
        },
        risk=patients.with_these_clinical_events(
            diabetes_codes, on_or_before="index_date"
        ),
        old=patients.satisfying("a16 >= 12", a16=patients.age_as_of("2021-08-31")),
    ),
    late=patients.satisfying("dose_1 > elig_date OR NOT dose_1"),
    days_to=patients.with_these_clinical_events(
        covid_like,
        between=["elig_date", "elig_date + 28 days"],
        returning="number_of_matches_in_period",
    )
    if (covid_like := bp_codes)
    else None,
    group=patients.categorised_as({1: "risk", 0: "DEFAULT"}),
    level=patients.categorised_as({1: "late AND risk", 2: "late", 3: "DEFAULT"}),
    end_cat=patients.categorised_as({0.5: "late", 1.5: "DEFAULT"}),
    first_pos=patients.with_test_result_in_sgss(
        test_result="positive",
        on_or_before="index_date",
        find_first_match_in_period=True,
        returning="date",
        date_format="YYYY-MM-DD",
    ),
    sgtf=patients.with_test_result_in_sgss(
        pathogen="SARS-CoV-2",
        test_result="positive",
        find_first_match_in_period=True,
        returning="s_gene_target_failure",
    ),
)
