# mypy: ignore-errors
"""What never mentions INTERVAL is the same in every period."""

from extractors.planner.motion import STILL
from extractors.planner.rules.static import static
from tests.lib.rules import START, asked
from tests.lib.tables import e, p


def test_what_never_mentions_the_interval_never_changes():
    seen = e.where(e.d1 > "2020-01-01").count_for_patient()
    for series in (p.d1, p.i1 + 1, seen):
        assert asked(static, series.node) == STILL
    assert STILL.steps and not STILL.tips


def test_it_declines_what_mentions_the_interval_however_deep():
    for series in (START, p.d1 < START, e.where(e.d1 < START).count_for_patient() + 1):
        assert asked(static, series.node) is None
