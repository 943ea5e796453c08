# mypy: ignore-errors
"""What is counted of rows or picked changes only with the rows."""

import pytest

from extractors.planner.motion import Tip
from extractors.planner.rules.rows import rows
from tests.lib.rules import START, asked
from tests.lib.tables import e, p

adults = e.where(e.i1 > 3)
before = adults.where(e.d1 <= START)
last = before.sort_by(e.d1).last_for_patient()
# of the rows that do not move
EACH_ROW = Tip(START.node, date=e.d1.node, rows=adults._node)
FOLLOWING = {
    "a count": before.count_for_patient().node,
    "a sum of rows": before.i1.sum_for_patient().node,
    "a picked row": last._node,
    "a column of a picked row": last.i1.node,
}
DECLINED = {
    "an operation": (before.count_for_patient() + 1).node,
    "a date of the period": START.node,
    "a comparison of a row": (e.d1 <= START).node,
}


@pytest.mark.parametrize("name", FOLLOWING)
def test_it_changes_where_a_row_comes_or_goes(name):
    motion = asked(rows, FOLLOWING[name])
    assert motion.steps and motion.tips == {EACH_ROW}
    assert motion.rule == "rows of the period"


def test_a_frame_by_itself_has_the_dates_of_its_conditions_of_no_rows_yet():
    assert asked(rows, before._node).tips == {Tip(START.node, date=e.d1.node)}


def test_a_patients_date_in_a_condition_stays_a_date_of_the_patient():
    motion = asked(rows, e.where(p.d1 <= START).count_for_patient().node)
    assert motion.tips == {Tip(START.node, date=p.d1.node)}


def test_rows_with_values_that_move_by_the_day_are_not_of_steps():
    motion = asked(rows, (START - before.d1).days.sum_for_patient().node)
    assert motion.why_not == "the date of the period is used as a value"
    assert not motion.steps


@pytest.mark.parametrize("name", DECLINED)
def test_it_declines(name):
    assert asked(rows, DECLINED[name]) is None
