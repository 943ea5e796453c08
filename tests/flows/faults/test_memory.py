"""Less memory than the work needs: told with what to do, and nothing half-made is left."""

import resource
from pathlib import Path

import psutil
import pytest

from extractors.engine import NO_MEMORY
from tests.flows.commands import Command, wait_until, workers
from tests.flows.faults.runs import PERIODS, counted, long_run, same
from tests.flows.shelves import Shelves

pytestmark = pytest.mark.slow
ROOM = 1 << 20  # bytes that a worker may still map


def test_duckdb_has_too_little(cohortflow: Command, whole: Shelves, tmp_path: Path):
    shelves = Shelves(tmp_path)
    result = cohortflow(*long_run(tmp_path), COHORTFLOW_MEMORY_MB=4)
    assert result.code == 1 and f"cohortflow: {NO_MEMORY}" in result.err
    assert "Traceback" not in result.err and not shelves.unfinished() and not shelves.release.exists()
    cohortflow(*long_run(tmp_path)).well()
    assert same(shelves, whole)


def test_workers_run_out_of_it(cohortflow: Command, whole: Shelves, tmp_path: Path):
    """Whatever asks for memory is refused it: DuckDB, Arrow, Python, and Dask itself, which says so in its way."""
    shelves = Shelves(tmp_path)
    with cohortflow.start(*long_run(tmp_path)) as process:
        assert wait_until(lambda: counted(shelves) >= 3, process)
        for worker in workers(process):
            bound(worker)
        assert counted(shelves) < PERIODS
        out, err = process.communicate(timeout=300)
    assert process.returncode == 3, err
    assert not shelves.release.exists()
    cohortflow(*long_run(tmp_path)).well()
    assert same(shelves, whole)


def bound(worker: psutil.Process) -> None:
    size = worker.memory_info().vms + ROOM
    worker.rlimit(resource.RLIMIT_AS, (size, size))
