# mypy: ignore-errors
"""Whole months or years since a date change on every such anniversary."""

import pytest

from extractors import minimum_of
from extractors.planner.motion import Tip
from extractors.planner.rules.growing import growing
from tests.lib.rules import END, START, asked
from tests.lib.tables import e, p

since = START - p.d1
DECLINED = {
    "days, which change daily": since.days,
    "months until a date": (p.d1 - START).months,
    "months between dates of a patient": (p.d2 - p.d1).months,
    "months between dates of the period": (END - START).months,
    "a part of months by a negative number": since.months // -12,
    "steps of more than a hundred years": since.months // 1_201,
    "more months": since.months + 1,
}


@pytest.mark.parametrize(
    ("series", "every"),
    [(since.months, 1), (since.years, 12), (since.months // 1_200, 1_200)],
)
def test_one_date_and_every_so_many_months_later(series, every):
    motion = asked(growing, series.node)
    assert motion.steps and motion.tips == {
        Tip(START.node, date=p.d1.node, every=every)
    }


def test_each_date_that_the_date_may_be():
    """And where the rows change of which it may be one."""
    last = e.where(e.d1 <= START).d1.maximum_for_patient()
    motion = asked(growing, (START - minimum_of(p.d1, last)).months.node)
    assert motion.tips == {
        Tip(START.node, date=p.d1.node, every=1),
        Tip(START.node, date=e.d1.node, rows=e._node, every=1),
        Tip(START.node, date=e.d1.node, rows=e._node),
    }


@pytest.mark.parametrize("name", DECLINED)
def test_it_declines(name):
    assert asked(growing, DECLINED[name].node) is None
