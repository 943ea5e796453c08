# ruff: noqa
# mypy: ignore-errors
from cohortextractor import patients, codelist
from codelists import *

admissions = {}
for n, (start, end) in enumerate(
    [
        ("index_date", "index_date + 6 days"),
        ("index_date + 7 days", "index_date + 13 days"),
    ],
    start=1,
):
    admissions[f"adm_{n}"] = patients.admitted_to_hospital(
        between=[start, end], returning="number_of_matches_in_period"
    )


def with_procedure(code):
    return {
        f"proc_{code}": patients.admitted_to_hospital(
            with_these_procedures=codelist([code], system="opcs4"),
            returning="binary_flag",
            on_or_before="index_date",
        )
    }


def loop_over_procedures(codes):
    variables = {}
    for code in codes:
        variables.update(with_procedure(code))
    return variables


matching = dict(
    stp=patients.registered_practice_as_of(
        "index_date",
        returning="stp_code",
        return_expectations={
            "rate": "universal",
            "category": {"ratios": {"STP1": 1.0}},
        },
    ),
    msoa=patients.address_as_of(
        "index_date",
        returning="msoa",
        return_expectations={
            "rate": "universal",
            "category": {"ratios": {"MSOA1": 0.5, "MSOA2": 0.5}},
        },
    ),
    rural=patients.address_as_of("index_date", returning="rural_urban_classification"),
    hh_size=patients.household_as_of("2020-02-01", returning="household_size"),
    hh_id=patients.household_as_of(
        "2020-02-01",
        returning="pseudo_id",
        return_expectations={
            "int": {"distribution": "normal", "mean": 1000, "stddev": 200},
            "incidence": 1,
        },
    ),
)
