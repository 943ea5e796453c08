"""What one system taught is believed of another only if it is true there."""

import numpy as np
import pytest

from measures.disclosure.audit.solving import experience as learnt
from measures.disclosure.audit.solving.experience import Experience
from measures.disclosure.audit.solving.ranges import Goal, ranges_of
from tests.unit.measures.disclosure.audit.solving.test_ranges import drawn, tried

FULL = Goal(threshold=2, width=3, strict=True, exhaustive=True)
WIDE = Goal(threshold=2, width=3, strict=True)


def shifted(seed: int, by: int):
    """The system of a seed with every count so much larger."""
    system, rows = drawn(seed)
    sums = np.bincount(system.entries[0], system.entries[2], len(system.least)) * by
    bounds = {
        "lows": system.lows + by,
        "highs": system.highs + by,
        "least": system.least + sums,
    }
    return system.__class__(
        **{**vars(system), **bounds, "most": system.most + sums}
    ), rows


@pytest.mark.parametrize("seed", range(30))
def test_the_same_with_other_numbers_needs_no_programme(seed):
    experience = Experience()
    first = ranges_of(shifted(seed, 0)[0], FULL, experience)
    again = ranges_of(shifted(seed, 100)[0], WIDE, experience)
    assert first.programmes and (again.lows[:4] - 100 >= first.lows[:4]).all()
    wide = again.highs - again.lows + 1 >= WIDE.width
    assert (wide | again.exact).all()
    assert again.programmes < first.programmes


@pytest.mark.parametrize("seed", range(30))
def test_what_was_possible_elsewhere_is_not_believed(seed):
    """One experience for systems that differ in everything but their structure, as far
    as chance has it.
    """
    experience = Experience()
    for other in (seed + 1, seed + 2, seed):
        found = ranges_of(drawn(other)[0], FULL, experience)
    assert (found.lows.tolist(), found.highs.tolist()) == tried(drawn(seed)[1])


def test_a_bound_of_now_forbids_a_truth_of_before():
    experience = Experience()
    wide, _ = shifted(3, 0)
    ranges_of(wide, FULL, experience)
    highs = wide.highs.copy()
    highs[:] = 2
    narrow = wide.__class__(**{**vars(wide), "highs": highs})
    alone, taught = ranges_of(narrow, FULL), ranges_of(narrow, FULL, experience)
    assert (
        alone.lows.tolist() == taught.lows.tolist()
        and alone.highs.tolist() == taught.highs.tolist()
    )


def test_a_few_structures_are_kept(monkeypatch):
    monkeypatch.setattr(learnt, "MOST_STRUCTURES", 2)
    experience = Experience()
    systems = [drawn(seed)[0] for seed in range(6)]
    for system in systems:
        ranges_of(system, WIDE, experience)
    assert len(experience._known) == 2
