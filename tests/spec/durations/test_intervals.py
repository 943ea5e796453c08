"""Intervals from durations"""

from datetime import date

import pytest

from extractors import days, months, weeks, years


def iso(intervals):
    return [f"{start}..{end}" for start, end in intervals]


def test_weeks_starting_on():
    """weeks(n).starting_on() gives n weeks, both ends inclusive"""
    assert iso(weeks(2).starting_on("2019-04-01")) == ["2019-04-01..2019-04-07", "2019-04-08..2019-04-14"]


def test_days_ending_on():
    """days(n).ending_on() counts both ends"""
    assert iso(days(2).ending_on(date(2020, 3, 1))) == ["2020-02-29..2020-02-29", "2020-03-01..2020-03-01"]


def test_months_ending_at_the_end_of_a_month():
    """Boundaries are counted from the base, so months from the 31st are uneven"""
    assert iso(months(3).ending_on("2020-03-31")) == [
        "2020-01-01..2020-01-31", "2020-02-01..2020-03-01", "2020-03-02..2020-03-31"
    ]  # fmt: skip


def test_months_starting_at_the_end_of_a_month():
    """The first day of each is counted from the base as well"""
    assert iso(months(3).starting_on("2021-01-31")) == [
        "2021-01-31..2021-02-28", "2021-03-01..2021-03-30", "2021-03-31..2021-04-30"
    ]  # fmt: skip


def test_years_from_a_leap_day():
    """29 February rolls forward to 1 March"""
    assert iso(years(2).starting_on("2020-02-29")) == ["2020-02-29..2021-02-28", "2021-03-01..2022-02-28"]


def test_none():
    """No units, no intervals"""
    assert weeks(0).starting_on("2020-01-01") == []


def test_negative():
    """A negative number is refused"""
    with pytest.raises(ValueError, match="must not be negative"):
        weeks(-1).starting_on("2020-01-01")


def test_same_unit():
    """Durations of the same unit add up"""
    assert (days(3) + days(4) == days(7)) is True


def test_different_units():
    """Days and weeks are never equal and never add up"""
    assert (days(7) == weeks(1)) is False
    with pytest.raises(TypeError):
        days(3) + weeks(1)
