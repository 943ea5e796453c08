"""Conditions that exclude each other are noted at the author's line; those that may
hold are not.
"""

import datetime
from typing import Any

import pytest

from extractors import INTERVAL, case, days, months, when
from extractors.language.contradictions import (
    EXAMPLES,
    IMPOSSIBLE,
    contradiction,
    together,
)
from extractors.language.reading import reading
from extractors.tables import tpp

events: Any = tpp.clinical_events
patients: Any = tpp.patients
AGE = patients.age_on("2020-01-01")


def noted(make) -> list[str]:
    with reading() as asked:
        make()
    assert all(note.kind == IMPOSSIBLE for note in asked.notes)
    return [note.message for note in asked.notes]


IMPOSSIBLE_ONES = {
    "dates swapped": lambda: events.date.is_on_or_between("2021-06-30", "2021-01-01"),
    "ends of INTERVAL swapped": lambda: events.date.is_on_or_between(
        INTERVAL.end_date, INTERVAL.start_date
    ),
    "ends swapped, but not on": lambda: events.date.is_between_but_not_on(
        INTERVAL.end_date, INTERVAL.start_date
    ),
    "in two filters": lambda: events.where(events.date > "2021-01-01").where(
        events.date < "2020-01-01"
    ),
    "moved by days": lambda: events.date.is_during(
        (INTERVAL.start_date, INTERVAL.start_date - days(1))
    ),
    "moved by months": lambda: events.date.is_during(
        (INTERVAL.end_date, INTERVAL.end_date - months(6))
    ),
    "no day between": lambda: events.date.is_between_but_not_on(
        "2021-01-01", "2021-01-02"
    ),
    "no number between": lambda: (AGE > 17) & (AGE < 18),
    "the sides the other way": lambda: (
        (events.numeric_value >= 7.0) & (events.numeric_value < 7.0)
    ),
    "two values": lambda: (patients.sex == "male") & (patients.sex == "female"),
    "two lists": lambda: (
        patients.sex.is_in(["male", "female"]) & patients.sex.is_in(["unknown"])
    ),
    "a value beyond a bound": lambda: (AGE == 30) & (AGE > 40),
    "NULL and a value": lambda: events.where(events.date.is_null()).where(
        events.date > "2020-01-01"
    ),
    "yes and no": lambda: events.exists_for_patient() & ~events.exists_for_patient(),
    "deep": lambda: (AGE > 70) & (patients.sex == "male") & (AGE < 7),
    "a year": lambda: (AGE >= 18) & ((AGE <= 15) & (patients.sex == "male")),
    "empty list": lambda: events.where(events.snomedct_code.is_in([])),
}
POSSIBLE = {
    "a day": lambda: events.date.is_on_or_between("2021-01-01", "2021-01-01"),
    "INTERVAL": lambda: events.date.is_during(INTERVAL),
    "a year before": lambda: events.date.is_during(
        (INTERVAL.start_date - months(12), INTERVAL.start_date - days(1))
    ),
    "a date and INTERVAL": lambda: (
        (events.date > "2021-01-01") & (events.date < INTERVAL.start_date)
    ),
    "two columns": lambda: (
        (events.date > "2021-01-01") & (patients.date_of_birth < "2020-01-01")
    ),
    "either": lambda: (patients.sex == "male") | (patients.sex == "female"),
    "bounds that touch": lambda: (AGE >= 18) & (AGE <= 18),
    "a float between": lambda: (
        (events.numeric_value > 7.0) & (events.numeric_value < 8.0)
    ),
    "other rows": lambda: (
        events.where(events.date > "2021-01-01").exists_for_patient()
        & events.where(events.date < "2020-01-01").exists_for_patient()
    ),
    "the same twice": lambda: events.where(events.date > "2021-01-01").where(
        events.date > "2021-01-01"
    ),
    "NULL alone": lambda: events.where(events.date.is_null()),
    "cases": lambda: case(
        when(AGE < 18).then("young"), when(AGE > 65).then("old"), otherwise="between"
    ),
    "lists that share one": lambda: (
        patients.sex.is_in(["male", "female"]) & patients.sex.is_in(["female"])
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE_ONES)
def test_what_never_holds_is_noted_once(name):
    assert len(noted(IMPOSSIBLE_ONES[name])) == 1


@pytest.mark.parametrize("name", POSSIBLE)
def test_what_may_hold_is_not(name):
    assert noted(POSSIBLE[name]) == []


def test_the_words():
    (said,) = noted(IMPOSSIBLE_ONES["ends of INTERVAL swapped"])
    assert said == (
        "clinical_events.date is asked to be on or after INTERVAL.end_date and on or "
        "before INTERVAL.start_date, which never holds; the two ends look swapped"
    )
    (said,) = noted(IMPOSSIBLE_ONES["moved by months"])
    assert "INTERVAL.end_date - 6 months" in said
    (said,) = noted(IMPOSSIBLE_ONES["no number between"])
    assert said == "one value is asked to be above 17 and below 18, which never holds"


def test_a_date_against_an_interval_that_is_known():
    wanted = events.where(
        (events.date <= "2018-12-31") & (events.date >= INTERVAL.start_date)
    )
    found = [contradiction(each, EXAMPLES) for each in together([wanted._node])]
    assert all("on or before 2018-12-31" in each for each in found)
    earlier = [*EXAMPLES, (datetime.date(2018, 12, 1), datetime.date(2018, 12, 31))]
    assert not any(contradiction(each, earlier) for each in together([wanted._node]))


def test_a_bound_beyond_the_calendar_says_nothing():
    assert (
        noted(
            lambda: events.date.is_during(
                (INTERVAL.start_date + months(120_000), INTERVAL.end_date)
            )
        )
        == []
    )


def test_outside_of_a_reading_nothing_is_looked_at():
    IMPOSSIBLE_ONES["two values"]()
