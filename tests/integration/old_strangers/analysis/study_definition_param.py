# ruff: noqa
# mypy: ignore-errors
from cohortextractor import StudyDefinition, patients, params, codelist
from codelists import *

cohort = params["cohort"]
n = int(params.get("n", "2"))
FILE = f"output/input_{cohort}.csv"
study = StudyDefinition(
    index_date="2021-06-01",
    default_expectations={
        "date": {"earliest": "1900-01-01", "latest": "today"},
        "rate": "uniform",
    },
    population=patients.which_exist_in_file(f_path=FILE),
    case_index=patients.with_value_from_file(
        f_path=FILE,
        returning="case_date",
        returning_type="date",
        date_format="YYYY-MM-DD",
    ),
    set_id=patients.with_value_from_file(
        f_path=FILE, returning="set_id", returning_type="int"
    ),
    label=patients.with_value_from_file(
        f_path=FILE, returning="label", returning_type="str"
    ),
    dereg=patients.date_deregistered_from_all_supported_practices(
        on_or_after="case_index", date_format="YYYY-MM-DD"
    ),
    death=patients.died_from_any_cause(
        on_or_after="case_index", returning="date_of_death", date_format="YYYY-MM-DD"
    ),
    end=patients.minimum_of("dereg", "death", "2021-12-31"),
    consultations=patients.with_gp_consultations(
        between=["case_index - 1 year", "case_index - 1 day"],
        returning="number_of_matches_in_period",
    ),
    **{
        f"test_{i}": patients.with_test_result_in_sgss(
            pathogen="SARS-CoV-2",
            test_result="positive",
            returning="date",
            date_format="YYYY-MM-DD",
            find_first_match_in_period=True,
            restrict_to_earliest_specimen_date=False,
            on_or_after="case_index" if i == 1 else f"test_{i - 1} + 90 days",
        )
        for i in range(1, n + 1)
    },
    symptomatic=patients.with_test_result_in_sgss(
        pathogen="SARS-CoV-2",
        test_result="any",
        returning="symptomatic",
        find_first_match_in_period=True,
        restrict_to_earliest_specimen_date=False,
        on_or_after="case_index",
    ),
)
