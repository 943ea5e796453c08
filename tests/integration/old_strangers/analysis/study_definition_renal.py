# ruff: noqa
# mypy: ignore-errors
from cohortextractor import StudyDefinition, patients
from codelists import *

study = StudyDefinition(
    index_date="2021-01-01",
    default_expectations={"rate": "universal"},
    population=patients.satisfying(
        "ukrr OR therapy",
        ukrr=patients.with_record_in_ukrr(
            from_dataset="2020_prevalence", returning="binary_flag"
        ),
    ),
    therapy=patients.with_covid_therapeutics(
        with_these_therapeutics=["Sotrovimab", "Molnupiravir"],
        with_these_indications="non_hospitalised",
        on_or_after="index_date",
        find_first_match_in_period=True,
        returning="date",
        date_format="YYYY-MM-DD",
    ),
    risk=patients.with_covid_therapeutics(
        with_these_therapeutics="Sotrovimab",
        with_these_indications="non_hospitalised",
        on_or_after="index_date",
        find_first_match_in_period=True,
        returning="risk_group",
    ),
    modality=patients.with_record_in_ukrr(
        from_dataset="2020_prevalence", returning="treatment_modality_prevalence"
    ),
    start=patients.with_record_in_ukrr(
        from_dataset="2020_prevalence",
        returning="rrt_start_date",
        date_format="YYYY-MM-DD",
    ),
    creatinine=patients.with_record_in_ukrr(
        from_dataset="2020_ckd", returning="latest_creatinine"
    ),
    frailty=patients.with_these_decision_support_values(
        algorithm="electronic_frailty_index",
        on_or_before="2020-12-08",
        find_last_match_in_period=True,
        returning="numeric_value",
    ),
    hcw=patients.with_healthcare_worker_flag_on_covid_vaccine_record(
        returning="binary_flag"
    ),
    gp_death=patients.with_death_recorded_in_primary_care(
        returning="date_of_death", date_format="YYYY-MM-DD"
    ),
    place=patients.died_from_any_cause(
        returning="place_of_death", on_or_after="index_date"
    ),
    cause=patients.died_from_any_cause(
        returning="underlying_cause_of_death", on_or_after="index_date"
    ),
    sample=patients.random_sample(percent=20),
)
