"""Intervals in each other and over each other, by hand."""

from datetime import date

import pytest

from measures.disclosure.tables.nesting import covers, is_within, nearest_within

JULY = (date(2019, 7, 1), date(2019, 7, 31))
WEEKS = [(date(2019, 7, day), date(2019, 7, day + 6)) for day in (1, 8, 15, 22)]
LAST = (date(2019, 7, 29), date(2019, 8, 4))
YEAR = (date(2019, 1, 1), date(2019, 12, 31))


def test_the_smallest_around_each():
    among = (*WEEKS, LAST, JULY, YEAR)
    weeks = {(week, JULY) for week in WEEKS}
    assert set(nearest_within(among)) == {*weeks, (LAST, YEAR), (JULY, YEAR)}


def test_weeks_cover_their_month_and_may_stick_out():
    assert covers((*WEEKS, LAST, JULY, YEAR)) == [(JULY, (*WEEKS, LAST))]


@pytest.mark.parametrize("missing", range(4))
def test_a_gap_covers_nothing(missing):
    weeks = [week for number, week in enumerate(WEEKS) if number != missing]
    assert covers((*weeks, LAST, JULY)) == []


def test_months_are_of_one_rhythm_however_long():
    quarter = (date(2019, 1, 1), date(2019, 3, 31))
    months = [
        (date(2019, 1, 1), date(2019, 1, 31)),
        (date(2019, 2, 1), date(2019, 2, 28)),
        (date(2019, 3, 1), date(2019, 3, 31)),
    ]
    assert covers((*months, quarter)) == [(quarter, tuple(months))]


def test_rolling_windows_cover_each_other_with_as_few_as_possible():
    """Windows of 14 days each week: the second is covered by the first and the
    third.
    """
    rolling = [(date(2019, 7, day), date(2019, 7, day + 13)) for day in (1, 8, 15)]
    assert covers(tuple(rolling)) == [(rolling[1], (rolling[0], rolling[2]))]


def test_no_interval_is_within_itself():
    assert is_within(WEEKS[0], JULY)
    assert not is_within(JULY, JULY) and not is_within(LAST, JULY)
