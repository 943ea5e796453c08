# mypy: ignore-errors
"""Dates of INTERVAL alone, and the parts of such dates."""

import pytest

from extractors.planner.motion import Motion, Tip
from extractors.planner.rules.moments import moments
from tests.lib.rules import END, START, asked, call
from tests.lib.tables import p

start = START.node
MOMENTS = {
    "the first day": start,
    "the last day": END.node,
    "first of the month": call("first_of_month", start),
    "first of the year": call("first_of_year", start),
    "a week later": call("add_days", start, 7),
    "a month before": call("add_months", start, -1),
    "moved twice": call("add_months", call("first_of_month", start), 3),
}
DECLINED = {
    "a patient's date": p.d1.node,
    "a patient's date, moved": call("add_days", p.d1.node, 7),
    "moved by a patient's number": call("add_days", start, p.i1.node),
    "the day of the month, which falls": call("day", start),
    "the year of a patient's date": call("year", p.d1.node),
    "compared": call("lt", start, p.d1.node),
}


@pytest.mark.parametrize("name", MOMENTS)
def test_a_date_of_the_interval_is_a_moment(name):
    motion = asked(moments, MOMENTS[name])
    assert motion == Motion(rule="date of the period", moment=True)
    assert not motion.steps


@pytest.mark.parametrize("part", ["year", "month"])
def test_a_part_of_it_changes_where_it_has_another_value(part):
    node = call(part, call("add_days", start, 7))
    assert asked(moments, node) == Motion(
        frozenset({Tip(node)}), "part of a period's date"
    )


@pytest.mark.parametrize("name", DECLINED)
def test_it_declines(name):
    assert asked(moments, DECLINED[name]) is None
