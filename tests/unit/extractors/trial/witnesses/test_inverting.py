"""Months by hand: backwards from a day, and at the ends of the calendar."""

from datetime import date

import pytest

from extractors.trial.days import number
from extractors.trial.witnesses.inverting import _first_moved
from extractors.trial.witnesses.resolving import least_days, months_later, most_days
from tests.lib.reference_operations import add_months

DAYS = [
    date(2020, 1, 31),
    date(2020, 2, 29),
    date(2021, 3, 1),
    date(2021, 2, 28),
    date(2019, 12, 1),
]


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("months", [-13, -1, 0, 1, 12, 60])
def test_the_first_day_that_is_moved_far_enough(day, months):
    first = date.fromordinal(
        _first_moved(number(day), months) + date(1970, 1, 1).toordinal()
    )
    assert add_months(first, months) >= day
    assert add_months(date.fromordinal(first.toordinal() - 1), months) < day


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("months", [1, 2, 6, 11, 12, 25, 240])
def test_months_have_no_more_and_no_fewer_days_than_is_allowed_for(day, months):
    moved = months_later(number(day), months)
    assert moved == number(add_months(day, months))
    assert least_days(months) <= moved - number(day) <= most_days(months)


def test_outside_the_calendar_there_is_nothing():
    assert months_later(number(date(9999, 12, 1)), 1) is None
    assert months_later(number(date(1, 1, 1)), -1) is None
