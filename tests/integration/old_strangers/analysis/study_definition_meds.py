# ruff: noqa
# mypy: ignore-errors
from cohortextractor import patients, StudyDefinition
from codelists import *

variables = {}
for year in [2019, 2020, 2021]:
    for name, codes in dict(ics=ics_codes).items():
        variables[f"{name}_{year}"] = patients.with_these_medications(
            codes,
            between=[f"{year}-01-01", f"{year}-12-31"],
            returning="number_of_matches_in_period",
            include_date_of_match=False,
            return_expectations={
                "int": {"distribution": "poisson", "mean": 3},
                "incidence": 0.2,
            },
        )
        variables[f"{name}_{year}_first"] = patients.with_these_medications(
            codes,
            between=[f"{year}-01-01", f"{year}-12-31"],
            return_first_date_in_period=True,
            include_month=True,
            include_day=True,
        )
        variables[f"{name}_{year}_last"] = patients.with_these_medications(
            codes,
            between=[f"{year}-01-01", f"{year}-12-31"],
            returning="date",
            find_last_match_in_period=True,
            date_format="YYYY-MM-DD",
        )
study = StudyDefinition(
    index_date="2019-01-01",
    default_expectations={
        "date": {"earliest": "2019-01-01", "latest": "today"},
        "rate": "exponential_increase",
        "incidence": 0.2,
    },
    population=patients.satisfying(
        "complete",
        complete=patients.with_complete_gp_consultation_history_between(
            "2018-01-01", "2019-01-01"
        ),
    ),
    **variables,
    first_ics=patients.minimum_of(
        *[f"ics_{year}_first" for year in [2019, 2020, 2021]]
    ),
    last_ics=patients.maximum_of("ics_2019_last", "ics_2020_last", "ics_2021_last"),
    most=patients.maximum_of("ics_2019", "ics_2020", "ics_2021"),
    any_ics=patients.maximum_of(
        "f19",
        "f20",
        f19=patients.satisfying("ics_2019 > 0"),
        f20=patients.satisfying("ics_2020 > 0"),
    ),
    code=patients.with_these_medications(
        ics_codes,
        returning="code",
        find_first_match_in_period=True,
        on_or_after="first_ics",
    ),
    mean_hba1c=patients.mean_recorded_value(
        hba1c_new,
        on_most_recent_day_of_measurement=False,
        between=["first_ics - 1 year", "first_ics"],
    ),
    lowest=patients.min_recorded_value(
        hba1c_new,
        on_most_recent_day_of_measurement=False,
        between=["2019-01-01", "2021-12-31"],
    ),
    highest=patients.max_recorded_value(
        hba1c_new, on_most_recent_day_of_measurement=True, on_or_before="today"
    ),
    fixed_flag=patients.fixed_value(True),
    fixed_n=patients.fixed_value(3),
    fixed_text=patients.fixed_value("main"),
    hb=patients.with_these_clinical_events(
        hba1c_new, returning="numeric_value", find_last_match_in_period=True
    ),
    upper=patients.reference_range_upper_bound_from("hb"),
    lower=patients.reference_range_lower_bound_from("hb"),
)
