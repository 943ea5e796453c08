"""Intervals from durations"""

from datetime import date

import pytest

from extractors import days, months, weeks, years


def periods(*names: str) -> list[tuple[date, date]]:
    return [
        (date.fromisoformat(name[:10]), date.fromisoformat(name[12:])) for name in names
    ]


def test_weeks_starting_on():
    """weeks(n).starting_on() gives n weeks, both ends inclusive"""
    assert weeks(2).starting_on("2019-04-01") == periods(
        "2019-04-01..2019-04-07", "2019-04-08..2019-04-14"
    )


def test_days_ending_on():
    """`days(n).ending_on()` ends with that day, both ends inclusive"""
    assert days(2).ending_on(date(2020, 3, 1)) == periods(
        "2020-02-29..2020-02-29", "2020-03-01..2020-03-01"
    )


def test_months_ending_at_the_end_of_a_month():
    """Boundaries are counted from the given date, so months that end on the 31st are
    uneven
    """
    assert months(3).ending_on("2020-03-31") == periods(
        "2020-01-01..2020-01-31", "2020-02-01..2020-03-01", "2020-03-02..2020-03-31"
    )  # fmt: skip


def test_months_starting_at_the_end_of_a_month():
    """Months that start on the 31st are uneven as well"""
    assert months(3).starting_on("2021-01-31") == periods(
        "2021-01-31..2021-02-28", "2021-03-01..2021-03-30", "2021-03-31..2021-04-30"
    )  # fmt: skip


def test_years_from_a_leap_day():
    """29 February rolls forward to 1 March"""
    assert years(2).starting_on("2020-02-29") == periods(
        "2020-02-29..2021-02-28", "2021-03-01..2022-02-28"
    )


def test_none():
    """No units make no intervals"""
    assert weeks(0).starting_on("2020-01-01") == []


def test_negative():
    """A negative number is refused"""
    with pytest.raises(
        ValueError, match="the number of weeks must not be negative, got -1"
    ):
        weeks(-1).starting_on("2020-01-01")


def test_same_unit():
    """Durations of the same unit add up"""
    assert (days(3) + days(4) == days(7)) is True


def test_equality_of_different_units():
    """Different units are never equal"""
    assert (days(7) == weeks(1)) is False


def test_sum_of_different_units():
    """Different units do not add up"""
    with pytest.raises(TypeError, match="days and weeks cannot be added; use one unit"):
        days(3) + weeks(1)
