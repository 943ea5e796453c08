"""Less memory than the work needs: told with what to do, and nothing half-made is
left.
"""

import resource
from pathlib import Path

import psutil
import pytest

from flows.preparing.estimate import LEAST
from tests.flows.commands import Command, wait_until, workers
from tests.flows.faults.runs import FAILS, PERIODS, counted, long_run, midway, same
from tests.flows.shelves import Shelves

pytestmark = pytest.mark.slow
ROOM = 1 << 20  # bytes that a worker may still map


def test_too_little_is_refused_before_a_run(cohortflow: Command, tmp_path: Path):
    """What DuckDB says when it runs out is in `flows/test_retrying.py`."""
    result = cohortflow(*long_run(tmp_path), COHORTFLOW_MEMORY_MB=4)
    assert (
        result.code == 2
        and "too little" in result.err
        and "Traceback" not in result.err
    )
    assert not list(tmp_path.rglob("*")), "nothing was begun"


def test_the_least_that_is_taken_is_enough(
    cohortflow: Command, whole: Shelves, tmp_path: Path
):
    cohortflow(*long_run(tmp_path, "--memory", 2 * LEAST // 1_000_000)).well()
    assert same(Shelves(tmp_path), whole)


def test_workers_run_out_of_it(cohortflow: Command, whole: Shelves, tmp_path: Path):
    """Whatever asks for memory is refused it: DuckDB, Arrow, Python, and Dask itself,
    which says so in its way.
    """
    shelves = Shelves(tmp_path)
    with cohortflow.start(*long_run(tmp_path)) as process:
        assert wait_until(lambda: midway(shelves), process)
        for worker in workers(process):
            bound(worker)
        assert counted(shelves) < PERIODS
        out, err = process.communicate(timeout=300)
    assert process.returncode in FAILS, err
    assert not shelves.release.exists()
    cohortflow(*long_run(tmp_path)).well()
    assert same(shelves, whole)


def bound(worker: psutil.Process) -> None:
    size = worker.memory_info().vms + ROOM
    worker.rlimit(resource.RLIMIT_AS, (size, size))
