# mypy: ignore-errors
"""Whole numbers that grow or fall with time, compared with numbers of the
definition.
"""

import pytest

from extractors.planner.motion import Tip
from extractors.planner.rules.numbers import LARGEST, numbers
from tests.lib.rules import START, asked, call
from tests.lib.tables import e, p

start, born = START.node, p.d1.node
old = (START - p.d1).days  # days since a date
age = (START - p.d1).years
ahead = (p.d1 - START).days  # days until a date


def after(days):
    return Tip(start, date=call("add_days", born, days))


def birthday(years):
    return Tip(start, date=call("add_months", born, 12 * years))


TAKEN = {
    "days >= 40": (old >= 40, {after(40)}),
    "days < 40": (old < 40, {after(40)}),
    "days > 40": (old > 40, {after(41)}),
    "days <= 40": (old <= 40, {after(41)}),
    "days == 40": (old == 40, {after(40), after(41)}),
    "days != 40": (old != 40, {after(40), after(41)}),
    "days in a list": (old.is_in([3, 9]), {after(3), after(4), after(9), after(10)}),
    "age >= 18": (age >= 18, {birthday(18)}),
    "age <= 17": (age <= 17, {birthday(18)}),
    "the number first": (age >= 18, {birthday(18)}),
    "of ten years": (age // 10 >= 4, {birthday(40)}),
    "days + 5 >= 40": (old + 5 >= 40, {after(35)}),
    "5 + days >= 40": (5 + old >= 40, {after(35)}),
    "days - 5 >= 40": (old - 5 >= 40, {after(45)}),
    "100 - days >= 60, so days <= 40": (100 - old >= 60, {after(41)}),
    "-days > -40, so days < 40": (-old > -40, {after(40)}),
    # until the start, ten days later, has passed the date
    "days until it": (
        ahead >= 10,
        {Tip(call("add_days", start, 10), date=born, passed=True)},
    ),
}
DECLINED = {
    "a number that no date makes": p.i1 >= 3,
    "a count": e.where(e.d1 < START).count_for_patient() >= 3,
    "twice the days": old * 2 >= 40,
    "divided by a negative number": old // -7 >= 40,
    "a number of a patient": old >= p.i1,
    "a sum, not a comparison": old + 40,
    "a date far out of the calendar": old >= LARGEST + 1,
}


@pytest.mark.parametrize("name", TAKEN)
def test_it_tips_at_dates_worked_out_of_the_numbers(name):
    series, tips = TAKEN[name]
    motion = asked(numbers, series.node)
    assert motion.steps and motion.tips == tips
    assert motion.rule == "number compared with another"


@pytest.mark.parametrize("name", DECLINED)
def test_it_declines(name):
    assert asked(numbers, DECLINED[name].node) is None
