# ruff: noqa
# mypy: ignore-errors
from cohortextractor import StudyDefinition, Measure, patients, codelist_from_csv

bp = codelist_from_csv("codelists/user-bp.csv", system="snomed", column="code")
from codelists import asthma_codes
import pathlib, csv


def make_variable(code):
    return {
        f"code_{code}": patients.with_these_clinical_events(
            bp_one(code),
            between=["index_date", "index_date + 6 days"],
            returning="number_of_matches_in_period",
            return_expectations={
                "incidence": 0.3,
                "int": {"distribution": "normal", "mean": 3, "stddev": 0.5},
            },
        )
    }


def bp_one(code):
    from cohortextractor import codelist

    return codelist([code], system="snomed")


def loop_over_codes(code_list):
    variables = {}
    for code in code_list:
        variables.update(make_variable(code))
    return variables


study = StudyDefinition(
    index_date="2020-03-02",
    default_expectations={
        "date": {"earliest": "index_date", "latest": "index_date + 6 days"},
        "rate": "uniform",
        "incidence": 1,
    },
    population=patients.satisfying(
        "event AND age > 0 AND age <= 120 AND region AND NOT deceased",
        event=patients.with_these_clinical_events(
            bp, between=["index_date", "index_date + 6 days"]
        ),
        deceased=patients.with_death_recorded_in_primary_care(
            on_or_before="index_date - 1 day"
        ),
    ),
    age=patients.age_as_of("index_date"),
    region=patients.registered_practice_as_of(
        "2020-02-01",
        returning="nuts1_region_name",
        return_expectations={"rate": "universal"},
    ),
    stp=patients.registered_practice_as_of("index_date", returning="stp_code"),
    had_asthma=patients.with_these_clinical_events(
        asthma_codes, on_or_before="index_date", find_first_match_in_period=True
    ),
    gp=patients.with_gp_consultations(
        between=["index_date", "index_date + 6 days"],
        returning="number_of_matches_in_period",
    ),
    **loop_over_codes(bp),
)
measures = [
    Measure(
        id=f"rate_{code}",
        numerator=f"code_{code}",
        denominator="population",
        group_by=["region"],
    )
    for code in bp
]
measures += [
    Measure(
        id="asthma_rate",
        numerator="had_asthma",
        denominator="population",
        group_by=None,
    ),
    Measure(
        id="gp_rate",
        numerator="gp",
        denominator="population",
        group_by=["stp", "had_asthma"],
        small_number_suppression=True,
    ),
]
