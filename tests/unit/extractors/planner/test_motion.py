# mypy: ignore-errors
"""What is known of where a series may change, put together."""

from extractors import case, days, maximum_of, when
from extractors.model import nodes
from extractors.planner.motion import (
    MOST_TIPS,
    STILL,
    Motion,
    Tip,
    at_rows,
    at_table,
    dates_of,
    together,
    unmoved,
)
from extractors.planner.rules import find_motions
from tests.lib.rules import START
from tests.lib.tables import e, p

start = START.node
before = e.where(e.d1 <= START)
last = before.sort_by(e.d1).last_for_patient()


def listed(series):
    return dates_of(series.node, find_motions([series.node]))


def test_together_they_change_where_one_does():
    one, other = Tip(start, date=p.d1.node), Tip(start, date=p.d2.node)
    both = together(
        [Motion(frozenset({one})), STILL, Motion(frozenset({other}))], "both"
    )
    assert both == Motion(frozenset({one, other}), "both")


def test_the_first_reason_spoils_all():
    moment, unknown = Motion(moment=True), Motion(why_not="no rule takes it")
    assert together([STILL, moment, unknown], "all").why_not == (
        "the date of the period is used as a value"
    )
    assert together([unknown, moment], "all").why_not == "no rule takes it"


def test_dates_of_a_series():
    """Each with its rows; of a patient's date there are none."""
    assert listed(p.d1) == [(None, p.d1.node)]
    assert listed(last.d2) == [(e._node, e.d2.node)]
    assert listed(before.d2.minimum_for_patient()) == [(e._node, e.d2.node)]
    moved = maximum_of(p.d1, last.d1 + days(3))
    assert listed(moved) == [(None, p.d1.node), (e._node, (e.d1 + days(3)).node)]
    chosen = case(when(last.b1).then(p.d1), otherwise=last.d1)
    assert listed(chosen) == [(None, p.d1.node), (e._node, e.d1.node)]


def test_dates_that_cannot_be_listed():
    assert listed(START + days(1)) is None
    assert listed(maximum_of(p.d1, START)) is None
    assert listed(last.d1 + days(before.count_for_patient())) is None


def test_more_dates_than_a_series_may_change_at_are_not_listed():
    series = last.d1
    for count in range(MOST_TIPS):
        series = maximum_of(series, p.d1 + days(count))
    assert listed(series) is None


def test_rows_without_the_conditions_that_move():
    found = unmoved(e.where(e.i1 > 3).where(e.d1 <= START).where(e.i2 > 4)._node)
    assert nodes.conditions(found) == [(e.i2 > 4).node, (e.i1 > 3).node]


def test_tips_of_a_row_become_tips_of_the_rows_of_a_frame():
    of_row, of_patient = Tip(start, date=e.d1.node), Tip(start, date=p.d1.node)
    of_period, of_others = (
        Tip(START.year.node),
        Tip(start, date=e.d1.node, rows=e._node),
    )
    frame = e.where(e.i1 > 3)._node
    kept = {of_patient, of_period, of_others}
    assert at_rows({of_row, *kept}, frame) == {
        Tip(start, date=e.d1.node, rows=frame),
        *kept,
    }


def test_a_series_of_filtered_rows_is_read_from_the_table():
    assert at_table((before.i1 + p.i1).node) == (e.i1 + p.i1).node
