"""Beside the counts an author learnt one person's code in several ways; none of them is
left.
"""

from pathlib import Path

import pytest

from tests.lib.side_scenarios import SIDE_SCENARIOS, SideScenario


@pytest.mark.parametrize("scenario", SIDE_SCENARIOS, ids=lambda scenario: scenario.name)
def test_two_worlds_look_alike(scenario: SideScenario, tmp_path: Path):
    assert len(scenario.learnt(scenario.before, tmp_path / "before")) == 2, (
        "the attack works where nothing is done"
    )
    assert len(scenario.learnt(scenario.now, tmp_path / "now")) == 1
