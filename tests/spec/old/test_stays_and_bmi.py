# ruff: noqa: E501 - drawn tables are as wide as they are
"""Stays in hospital, and the body-mass index, of old studies"""

from datetime import date

import pytest

from extractors.tables.tpp import apcs, clinical_events, patients
from measures.cohortextractor.offered import codelist

HEART = codelist(["I21", "E11"], system="icd10")
OPERATION = codelist(["A12"], system="opcs4")


def stay(patient, ident, admitted, discharged, **more):
    days = {"admission_date": admitted, "discharge_date": discharged}
    made = {name: day and date.fromisoformat(day) for name, day in days.items()}
    return {"patient_id": patient, "apcs_ident": ident, **made, **more}


STAYS = [
    stay(1, 5, "2020-01-01", "2020-01-04", primary_diagnosis="I210", all_diagnoses="||I210 ,E119", admission_method="21"),
    stay(1, 4, "2020-01-01", "2020-01-02", primary_diagnosis="J450", all_diagnoses="||J450 ,I21", admission_method="22"),
    stay(1, 6, "2020-03-01", None, primary_diagnosis="E119", all_procedures="||A123", days_in_critical_care=2),
    stay(1, 7, "2020-02-01", "2020-05-01", all_diagnoses="I21", days_in_critical_care=0, admission_method="21"),
    stay(2, 1, "2020-01-01", "2020-01-01", all_procedures="||B12 ,A1", patient_classification="1"),
]  # fmt: skip


def test_returned(old):
    """A flag, a number of stays, or days, each the earliest or latest on its own"""
    columns = """
        n=patients.admitted_to_hospital(returning="number_of_matches_in_period", on_or_before="2020-02-01"),
        first=patients.admitted_to_hospital(
            returning="date_admitted", find_first_match_in_period=True, date_format="YYYY-MM-DD"
        ),
        last=patients.admitted_to_hospital(returning="date_admitted", date_format="YYYY-MM-DD"),
        home=patients.admitted_to_hospital(returning="date_discharged", date_format="YYYY-MM-DD"),
        none=patients.admitted_to_hospital(
            returning="date_discharged", on_or_after="2020-03-01", date_format="YYYY-MM-DD"
        ),
    """
    expected = {
        1: {
            "n": 3,
            "first": "2020-01-01",
            "last": "2020-03-01",
            "home": "2020-05-01",
            "none": "",
        },
        2: {
            "n": 1,
            "first": "2020-01-01",
            "last": "2020-01-01",
            "home": "2020-01-01",
            "none": "",
        },
    }
    old({apcs: STAYS}, columns, expected, heart=HEART, operation=OPERATION)


def test_facts_of_a_stay(old):
    """Of the first stay or the last; of several on one day of the one with the smaller
    number
    """
    columns = """
        first=patients.admitted_to_hospital(
            returning="primary_diagnosis", find_first_match_in_period=True, on_or_after="2020-01-01"
        ),
        last=patients.admitted_to_hospital(returning="primary_diagnosis", on_or_before="2020-01-31"),
        how=patients.admitted_to_hospital(returning="admission_method", on_or_before="2020-01-31"),
        days=patients.admitted_to_hospital(returning="days_in_critical_care"),
        kind=patients.admitted_to_hospital(returning="patient_classification"),
    """
    expected = {
        1: {"first": "J450", "last": "J450", "how": "22", "days": "2", "kind": ""},
        2: {"first": "", "last": "", "how": "", "days": "", "kind": "1"},
    }
    old({apcs: STAYS}, columns, expected, heart=HEART, operation=OPERATION)


@pytest.mark.parametrize(
    ("condition", "count"),
    [
        ("with_these_primary_diagnoses=heart", 2),
        ("with_these_diagnoses=heart", 2),
        ("with_these_procedures=operation", 1),
        ('with_admission_method="21"', 2),
        ('with_admission_method=["21", "22"]', 3),
        ("with_at_least_one_day_in_critical_care=True", 1),
        ('with_patient_classification="1"', 0),
        ('with_discharge_destination=["19"]', 0),
    ],
)
def test_conditions(old, condition, count):
    """Codes are beginnings: of the primary diagnosis, or of any entry that follows a
    separator
    """
    of_other = int(condition == 'with_patient_classification="1"')
    columns = (
        f"patients.admitted_to_hospital({condition}, "
        'returning="number_of_matches_in_period")'
    )
    old(
        {apcs: STAYS},
        columns,
        {1: count, 2: of_other},
        heart=HEART,
        operation=OPERATION,
    )


def test_days(old):
    """Of each day of admission the longest stay, a night more than it has; a stay
    without an end adds none
    """
    columns = """
        beds=patients.admitted_to_hospital(returning="total_bed_days_in_period", on_or_before="2020-01-31"),
        all=patients.admitted_to_hospital(returning="total_bed_days_in_period"),
        critical=patients.admitted_to_hospital(returning="total_critical_care_days_in_period"),
    """
    old(
        {apcs: STAYS},
        columns,
        {
            1: {"beds": 4, "all": 95, "critical": 2},
            2: {"beds": 1, "all": 1, "critical": 0},
        },
        heart=HEART,
        operation=OPERATION,
    )


BODIES = {
    patients: """
          | date_of_birth
        --+--------------
        1 | 1950-01-01
        2 | 1950-01-01
        3 | 1950-01-01
        4 | 2004-12-01
        5 | 2005-01-01
        6 | 1950-01-01
    """,
    clinical_events: """
          | date       | ctv3_code | numeric_value
        --+------------+-----------+--------------
        1 | 2020-01-01 | X76C7     | 80
        1 | 2020-02-01 | 22A..     | 90
        1 | 2005-01-01 | 229..     | 1.8
        1 | 2020-03-01 | 22K..     | 40
        2 | 2020-03-01 | 22K..     | 31.26
        3 | 2020-01-01 | 22A..     | 50
        3 | 2020-01-01 | XM01E     | 0
        3 | 2019-01-01 | 22K..     | 22
        4 | 2020-06-01 | 22K..     | 20
        5 | 2020-06-01 | 22K..     | 20
        6 | 2020-01-01 | X76C7     | 70
    """,
}


def test_bmi(old):
    """Weight by height squared if both are there, else as recorded; who turns 16 in the
    year is old enough
    """
    columns = """
        bmi=patients.most_recent_bmi(
            on_or_after="2010-01-01", minimum_age_at_measurement=16,
            include_measurement_date=True, date_format="YYYY-MM-DD",
        )
    """
    expected = {
        1: {"bmi": 27.8, "bmi_date_measured": "2020-02-01"},
        2: {"bmi": 31.3, "bmi_date_measured": "2020-03-01"},
        # of a height of 0 only the day counts
        3: {"bmi": 22.0, "bmi_date_measured": "2020-01-01"},
        4: {"bmi": 20.0, "bmi_date_measured": "2020-06-01"},
        5: {"bmi": 0.0, "bmi_date_measured": ""},
        6: {"bmi": 0.0, "bmi_date_measured": ""},
    }
    old(BODIES, columns, expected)
