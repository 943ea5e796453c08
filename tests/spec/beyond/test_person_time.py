"""Person-time (ours; ehrQL has no days under observation)"""

from datetime import date

import pytest

from extractors import INTERVAL, days, minimum_of, weeks
from extractors.tables import core, tpp
from measures import create_measures
from tests.lib.tables import e, e2, p

JANUARY = (date(2020, 1, 1), date(2020, 1, 31))
SPELLS = {
    e: """
          | d1         | d2         | b1
        --+------------+------------+----
        1 | 2020-01-10 | 2020-01-12 | T
        1 | 2020-01-20 | 2020-01-20 | T
        2 | 2019-06-01 | 2020-01-05 | T
        2 | 2020-01-30 | 2021-01-01 | F
        3 | 2020-01-10 | 2020-01-20 | T
        3 | 2020-01-12 | 2020-01-13 | F
        3 | 2020-01-20 | 2020-01-22 | T
        4 | 2020-01-30 |            | T
        4 |            | 2020-01-05 | T
        5 | 2020-01-20 | 2020-01-10 | T
        5 | 2020-02-01 | 2020-01-10 | T
        5 | 2019-01-01 | 2019-12-31 | T
        5 | 2020-02-01 |            | T
        6 |            |            | T
    """,
    p: """
          | d1
        --+------------
        1 | 2020-01-11
        4 | 2020-01-30
        7 |
    """,
}


def test_days_covered(spec):
    """Days of INTERVAL in any of the spells from one date to another: each day once,
    NULL ends are open, 0 if none
    """
    covered = e.d1.days_covered_for_patient(e.d2, INTERVAL)
    spec(SPELLS, covered, {1: 4, 2: 7, 3: 13, 4: 2, 5: 0, 6: 0, 7: 0}, interval=JANUARY)


def test_plain_dates(spec):
    """The interval may be any pair of dates"""
    covered = e.d1.days_covered_for_patient(e.d2, ("2020-01-12", "2020-01-20"))
    spec(SPELLS, covered, {1: 2, 2: 0, 3: 9, 4: 0, 5: 0, 6: 0, 7: 0})


def test_until_an_event(spec):
    """It ends early for some if its end is an expression: the last day counts;
    minimum_of disregards NULL
    """
    interval = INTERVAL.start_date, minimum_of(INTERVAL.end_date, p.d1)
    covered = e.d1.days_covered_for_patient(e.d2, interval)
    spec(SPELLS, covered, {1: 2, 2: 7, 3: 13, 4: 1, 5: 0, 6: 0, 7: 0}, interval=JANUARY)


def test_no_interval(spec):
    """In an interval with a NULL end, or that ends before it starts, there are no
    days
    """
    null, reversed_ = (
        (INTERVAL.start_date, p.d1),
        (INTERVAL.end_date, INTERVAL.start_date),
    )
    series = {
        "null": e.d1.days_covered_for_patient(e.d2, null),
        "reversed": e.d1.days_covered_for_patient(e.d2, reversed_),
    }
    expected = {
        patient: {"null": {1: 2, 4: 1}.get(patient, 0), "reversed": 0}
        for patient in range(1, 8)
    }
    spec(SPELLS, series, expected, interval=JANUARY)


def test_filtered(spec):
    """Only the rows of the frame count"""
    chosen = e.where(e.b1)
    covered = chosen.d1.days_covered_for_patient(chosen.d2, INTERVAL)
    spec(SPELLS, covered, {1: 4, 2: 5, 3: 13, 4: 2, 5: 0, 6: 0, 7: 0}, interval=JANUARY)


def test_expression(spec):
    """Both ends of a spell may be expressions, such as the days that a prescription
    lasts
    """
    covered = e.d1.days_covered_for_patient(e.d1 + days(6), INTERVAL)
    spec(
        SPELLS, covered, {1: 14, 2: 2, 3: 16, 4: 2, 5: 7, 6: 0, 7: 0}, interval=JANUARY
    )


@pytest.mark.parametrize(
    "table", [core.practice_registrations, tpp.practice_registrations]
)
def test_days_registered(spec, table):
    """practice_registrations counts them: a change of practice with an overlap counts
    no day twice
    """
    registrations = """
          | start_date | end_date
        --+------------+------------
        1 | 2015-01-01 | 2020-01-15
        1 | 2020-01-14 |
        2 | 2015-01-01 | 2020-01-15
        3 | 2020-02-01 |
    """
    spec(
        {table: registrations},
        table.days_registered_during(INTERVAL),
        {1: 31, 2: 15, 3: 0},
        interval=JANUARY,
    )


def test_as_a_denominator(counted):
    """As a denominator it is the person-days of those who have any; the ratio is a rate
    per person-day
    """
    measures = create_measures()
    during = e2.where(e2.d1.is_during(INTERVAL))
    covered = e.d1.days_covered_for_patient(e.d2, INTERVAL)
    measures.define_measure(
        "rate", during.count_for_patient(), covered, intervals=[JANUARY]
    )
    events = """
          | d1
        --+------------
        2 | 2020-01-05
        2 | 2020-01-06
        5 | 2020-01-07
    """
    counted(
        {**SPELLS, e2: events},
        measures,
        """
        measure | numerator | denominator | numerator_patients | denominator_patients
        --------+-----------+-------------+--------------------+---------------------
        rate    | 2         | 26          | 1                  | 4
        """,
    )


def test_different_frames():
    """Both ends of a spell are in one row"""
    with pytest.raises(TypeError, match="different tables"):
        e.d1.days_covered_for_patient(e2.d1, INTERVAL)


@pytest.mark.parametrize(
    "interval",
    [
        (e.i1, e.i1),
        ("2020-01-01", None),
        "2020-01-01",
        weeks(2).starting_on(JANUARY[0]),
    ],
)
def test_dates(interval):
    """The interval is one pair of dates"""
    with pytest.raises(TypeError):
        e.d1.days_covered_for_patient(e.d2, interval)
