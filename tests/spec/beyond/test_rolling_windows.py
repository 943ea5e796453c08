"""Rolling windows (ours; in ehrQL starting_on and ending_on take plain dates only)"""

from datetime import date

import pytest

from extractors import INTERVAL, days, months, weeks, years
from tests.lib.tables import e, p

MARCH = (date(2020, 3, 1), date(2020, 3, 31))
RECORDS = {
    e: """
          | d1
        --+------------
        1 | 2020-03-24
        1 | 2020-03-25
        1 | 2020-03-31
        1 | 2020-04-01
        2 | 2020-02-29
        2 | 2020-03-01
        2 | 2020-03-02
        3 |
    """
}
LEAP = {
    p: """
          | d1
        --+------------
        1 | 2020-03-31
        2 | 2020-02-29
        3 |
    """
}


def count_during(window):
    return e.where(e.d1.is_during(window)).count_for_patient()


def test_ending_on(spec):
    """weeks(n).ending_on(INTERVAL.end_date) is the time of n weeks up to that day, both
    ends inclusive
    """
    spec(
        RECORDS,
        count_during(weeks(1).ending_on(INTERVAL.end_date)),
        {1: 2, 2: 0, 3: 0},
        interval=MARCH,
    )


def test_starting_on(spec):
    """days(n).starting_on(INTERVAL.start_date) is the time of n days from that day"""
    spec(
        RECORDS,
        count_during(days(2).starting_on(INTERVAL.start_date)),
        {1: 0, 2: 2, 3: 0},
        interval=MARCH,
    )


def test_one_day(spec):
    """A window of one day is that day"""
    spec(
        RECORDS,
        count_during(days(1).ending_on(INTERVAL.end_date)),
        {1: 1, 2: 0, 3: 0},
        interval=MARCH,
    )


def test_months_ending_at_the_end_of_a_month(spec):
    """A month back from 31 March would be 31 February, which rolls forward: the window
    begins after 1 March
    """
    spec(
        RECORDS,
        count_during(months(1).ending_on(INTERVAL.end_date)),
        {1: 3, 2: 1, 3: 0},
        interval=MARCH,
    )


def test_ends(spec):
    """It is a pair of dates, which may be of any date series; a window of NULL has no
    ends
    """
    start, end = years(1).starting_on(p.d1)
    spec(
        LEAP,
        {"start": start, "end": end},
        {
            1: {"start": date(2020, 3, 31), "end": date(2021, 3, 30)},
            2: {"start": date(2020, 2, 29), "end": date(2021, 2, 28)},
            3: {"start": None, "end": None},
        },
    )


def test_like_plain_dates(spec):
    """It reaches from the first to the last day of the intervals that the same plain
    date gives
    """
    start, end = months(3).ending_on(p.d1)
    plain = months(3).ending_on("2020-03-31")
    spec(
        LEAP,
        (start == plain[0][0]) & (end == plain[-1][1]),
        {1: True, 2: False, 3: None},
    )


def test_of_rows(spec):
    """With the date of a row, each row has a window of its own"""
    near = e.where(e.d1.is_during(weeks(1).ending_on(e.d1 + days(6))))
    spec(RECORDS, near.count_for_patient(), {1: 4, 2: 3, 3: 0})


def test_plain_dates_as_in_ehrql():
    """Of a plain date it still gives n intervals of one unit each"""
    assert len(weeks(52).ending_on("2020-03-31")) == 52


@pytest.mark.parametrize("number", [0, -1])
def test_at_least_one(number):
    """A window of no or negative length is refused"""
    with pytest.raises(ValueError, match="at least 1 of its weeks"):
        weeks(number).ending_on(INTERVAL.end_date)


def test_plain_number():
    """The length is a plain number"""
    with pytest.raises(TypeError, match="plain number of days"):
        days(p.i1).starting_on(INTERVAL.start_date)


def test_of_dates():
    """Only dates have windows"""
    with pytest.raises(TypeError, match="expected a date, got a series of int"):
        days(3).starting_on(p.i1)
