# mypy: ignore-errors
"""Rows that fall in a period, and series that are nothing without such rows."""

import pytest

from extractors import days, months, weeks
from extractors.model import nodes
from extractors.planner.ladders import ladders
from extractors.planner.rules import find_motions
from extractors.planner.windows import (
    Edge,
    Window,
    frames_in,
    is_bounded,
    is_nothing_without,
    overlap,
    window_on,
)
from tests.lib.rules import END, START
from tests.lib.tables import e, p

start, end = START.node, END.node
(WEEKS,) = ladders(weeks(9).starting_on("2020-01-06"))
during = e.where(e.d1.is_during((START, END)))
OWN_WEEK = Window(e.d1.node, Edge(end, passed=False), Edge(start, passed=True))


def uses(series):
    (found,) = frames_in(series.node).values()
    return found, find_motions([series.node])


def test_a_row_is_in_from_the_first_end_that_reaches_it_to_the_first_start_past_it():
    asked, known = uses(during.count_for_patient())
    assert is_bounded(asked, known)
    assert window_on(WEEKS, asked, known) == OWN_WEEK
    assert overlap(OWN_WEEK, WEEKS) == 1


@pytest.mark.parametrize(("before", "periods"), [(7, 2), (14, 3), (15, 4)])
def test_a_longer_window_holds_a_row_for_several_periods(before, periods):
    """A week and the days before its first: a row of its day is in so many weeks."""
    rows = e.where((e.d1 >= START - days(before)) & (e.d1 <= END))
    asked, known = uses(rows.count_for_patient())
    found = window_on(WEEKS, asked, known)
    earlier = nodes.Call("add_days", (start, nodes.Literal(-before, int)))
    window = Window(e.d1.node, Edge(end, passed=False), Edge(earlier, passed=True))
    assert overlap(window, WEEKS) == periods
    assert found == (window if periods <= 3 else None)


def test_of_two_windows_the_one_with_fewer_periods_counts():
    year = (e.d2 >= START - days(365)) & (e.d2 <= END)
    asked, known = uses(during.where(year).count_for_patient())
    assert window_on(WEEKS, asked, known) == OWN_WEEK


UNBOUNDED = {
    "an end alone": e.where(e.d1 <= END),
    "two different dates": e.where((e.d1 >= START) & (e.d2 <= END)),
    "a date that is the patient's": e.where((p.d1 >= START) & (p.d1 <= END)),
    "a condition on what moves": during.where(e.i1 == during.i1.maximum_for_patient()),
}


@pytest.mark.parametrize("name", UNBOUNDED)
def test_no_window(name):
    series = UNBOUNDED[name].count_for_patient()
    found = {
        each: known
        for each, known in frames_in(series.node).items()
        if each == series.node.rows
    }
    (asked,) = found.values()
    known = find_motions([series.node])
    assert not is_bounded(asked, known) and window_on(WEEKS, asked, known) is None


def test_a_moment_that_leaves_the_calendar_has_no_overlap():
    far = nodes.Call("add_days", (end, nodes.Literal(4_000_000, int)))
    assert (
        overlap(Window(e.d1.node, Edge(far, False), Edge(start, True)), WEEKS) is None
    )
    (year,) = ladders(months(12).starting_on("2020-01-01"))
    assert overlap(OWN_WEEK, year) == 1


def test_series_that_are_nothing_without_rows_of_the_period():
    frame, seen = during._node, during.exists_for_patient()
    nothing = (
        seen,
        during.count_for_patient(),
        seen & p.b1,
        during.i1.sum_for_patient() > 3,
    )
    for series in nothing:
        assert is_nothing_without(series.node, [frame])
    something = (~seen, seen | p.b1, during.count_for_patient() + 1, p.b1)
    for series in something:
        assert not is_nothing_without(series.node, [frame])


def test_conditions_and_values_are_asked_of_a_frame():
    asked, _ = uses(during.i1.sum_for_patient())
    assert asked.conditions == nodes.conditions(during._node)
    assert [at.name for at in asked.values] == ["i1"]
    picked, _ = uses(during.sort_by(e.i2).first_for_patient().s1)
    assert picked.values == [e.i2.node]
