"""What the audit does in processes of its own, when somebody kills them."""

from functools import partial

import pytest

from flows.running.processes import FEW, TRIES, in_processes
from tests.lib.deadly import dies


@pytest.mark.parametrize("times", [0, 1, TRIES])
def test_a_killed_process_costs_time_only(tmp_path, monkeypatch, times):
    monkeypatch.setenv("COHORTFLOW_WORKERS", "2")
    numbers = range(2 * FEW)
    assert in_processes(partial(dies, tmp_path, times), numbers) == [2 * number for number in numbers]
    assert len(list(tmp_path.iterdir())) == times
