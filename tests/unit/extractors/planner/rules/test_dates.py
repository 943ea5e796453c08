# mypy: ignore-errors
"""A date compared with a date of the period tips over once."""

import pytest

from extractors import days, maximum_of, minimum_of
from extractors.planner.motion import Tip
from extractors.planner.rules.dates import dates
from tests.lib.rules import END, START, asked
from tests.lib.tables import e, p

start, born = START.node, p.d1.node
REACHED, PASSED = Tip(start, date=born), Tip(start, date=born, passed=True)
COMPARED = {
    "date <= start": (p.d1 <= START, {REACHED}),  # True from the start that is the date
    "date < start": (p.d1 < START, {PASSED}),  # True from the start after the date
    "date > start": (p.d1 > START, {REACHED}),
    "date >= start": (p.d1 >= START, {PASSED}),
    "start >= date": (p.d1 <= START, {REACHED}),
    "start > date": (p.d1 < START, {PASSED}),
    "date == start": (p.d1 == START, {REACHED, PASSED}),  # True on the very day
    "date != start": (p.d1 != START, {REACHED, PASSED}),
}
before = e.where(e.d1 <= START)
DECLINED = {
    "two dates of the period": END - days(7) > START,
    "two dates of a patient": p.d1 < p.d2,
    "a date that moves by the day": maximum_of(p.d1, START) < END,
    "no comparison": (p.d1 <= START) & (p.d2 <= START),
}


@pytest.mark.parametrize("name", COMPARED)
def test_the_one_place_of_a_comparison(name):
    series, tips = COMPARED[name]
    motion = asked(dates, series.node)
    assert motion.steps and motion.tips == tips
    assert motion.rule == "date compared with the period"


def test_it_tips_at_each_date_that_the_date_may_be():
    earlier = minimum_of(p.d1, before.d1.maximum_for_patient())
    motion = asked(dates, (earlier <= START).node)
    assert motion.tips == {REACHED, Tip(start, date=e.d1.node, rows=e._node)}


def test_a_choice_that_never_moves_is_one_date():
    earlier = minimum_of(p.d1, p.d2)
    motion = asked(dates, (earlier <= START).node)
    assert motion.tips == {Tip(start, date=earlier.node)}


def test_it_tips_at_each_row_of_which_the_date_is_one_and_where_the_rows_change():
    """The last date before the start, by the end: of all rows, as each may be the
    last.
    """
    motion = asked(dates, (before.d1.maximum_for_patient() < END).node)
    rows = e._node
    assert motion.tips == {
        Tip(start, date=e.d1.node, rows=rows),
        Tip(END.node, date=e.d1.node, rows=rows, passed=True),
    }


@pytest.mark.parametrize("name", DECLINED)
def test_it_declines(name):
    assert asked(dates, DECLINED[name].node) is None
