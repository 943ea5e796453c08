"""Made-up records hold what a definition looks for, and what it tells from it."""

import datetime
from typing import Any

import pytest

from extractors.language.dataset import patient_node
from extractors.language.frames import EventFrame, Series, table
from extractors.planner.needs import table_needs
from extractors.tables import tpp
from extractors.trial import write_trial
from extractors.trial.definition import wishes_of
from measures.standin.ehrql import case, when
from tests.lib.trial_wishes import read

FIRST, LAST = datetime.date(2019, 4, 1), datetime.date(2022, 6, 5)
PATIENTS = 2000
apcs: Any = tpp.apcs
households: Any = tpp.household_memberships_2020
opa: Any = tpp.opa
vaccinations: Any = tpp.vaccinations
waits: Any = tpp.wl_clockstops
BEGAN, ENDED = (
    f"referral_to_treatment_period_{part}_date" for part in ("start", "end")
)


@table
class hotel_stays(EventFrame):
    nights = Series(int)


stays: Any = hotel_stays


def made_up(folder, *series):
    """The rows of the one table that these series read, without those that have a
    NULL.
    """
    roots = [patient_node(each, "a series") for each in series]
    wishes = wishes_of(table_needs(roots), roots, FIRST, LAST)
    write_trial(folder, wishes, patients=PATIENTS)
    return read(folder, wishes.tables[0].name).dropna()


def days(rows, began, ended):
    return (rows[ended] - rows[began]).dt.days


@pytest.mark.parametrize(
    ("asked", "has"),
    [
        (lambda: apcs.where(apcs.all_diagnoses.contains("J45")), lambda rows: rows.all_diagnoses.str.contains("J45")),
        (
            lambda: apcs.where(apcs.all_procedures.contains_any_of(["W40", "X4"])),
            lambda rows: rows.all_procedures.str.contains("X4"),
        ),
        (
            lambda: vaccinations.where(vaccinations.product_name.contains("Pfizer")),
            lambda rows: rows.product_name.str.contains("Pfizer"),
        ),
        (lambda: apcs.where(apcs.discharge_method != "4"), lambda rows: rows.discharge_method != "4"),
        (lambda: stays.where(stays.nights == 0), lambda rows: rows.nights == 0),
        (lambda: stays.where(stays.nights != 1).where(stays.nights <= 4), lambda rows: rows.nights == 1),
        (lambda: stays.where(stays.nights.is_in([12, 13])), lambda rows: rows.nights.isin([12, 13])),
        (
            lambda: apcs.where((apcs.discharge_date - apcs.admission_date).days >= 28),
            lambda rows: days(rows, "admission_date", "discharge_date") >= 28,
        ),
        (
            lambda: waits.where((getattr(waits, ENDED) - getattr(waits, BEGAN)).weeks > 18),
            lambda rows: days(rows, BEGAN, ENDED) > 18 * 7,
        ),
    ],
    ids=[
        "a diagnosis among several", "the beginning of a procedure", "a part of a name", "another one", "0",
        "a number beside a threshold", "one of some numbers", "a long stay", "a long wait",
    ],
)  # fmt: skip
def test_some_rows_have_what_is_looked_for_and_some_do_not(tmp_path, asked, has):
    rows = made_up(tmp_path / "records", asked().exists_for_patient())
    assert 0.01 < has(rows).mean() < 0.95


def test_patients_with_a_number_of_their_own_and_without(tmp_path):
    size = households.household_size
    band = case(
        when(size == 1).then("alone"), when(size > 6).then("many"), otherwise="some"
    )
    found = made_up(tmp_path / "records", band).household_size
    assert (
        min((found == 1).mean(), (found > 6).mean(), found.between(2, 6).mean()) > 0.1
    )


def test_a_wait_ends_after_it_began(tmp_path):
    wait = (getattr(waits, ENDED) - getattr(waits, BEGAN)).days.minimum_for_patient()
    assert (days(made_up(tmp_path / "records", wait), BEGAN, ENDED) >= 0).all()


def test_a_part_that_is_no_whole_value_keeps_what_the_column_promises(tmp_path):
    found = made_up(
        tmp_path / "records", opa.where(opa.hrg_code.contains("W")).exists_for_patient()
    ).hrg_code
    assert (
        found.str.fullmatch("[a-zA-Z]{2}[0-9]{2}[a-zA-Z]").all()
        and found.str.contains("W").any()
    )
