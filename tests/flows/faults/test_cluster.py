"""A Dask that somebody else runs, and what may become of it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.running.cluster import ALONE, GONE
from tests.flows.commands import Command, Result, kill_all, wait_until
from tests.flows.faults.dask_elsewhere import Cluster, dask_elsewhere
from tests.flows.faults.runs import FAILS, PERIODS, counted, long_run, midway, same
from tests.flows.shelves import Shelves

pytestmark = pytest.mark.slow


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "dask"
    folder.mkdir()
    with dask_elsewhere(folder) as cluster:
        cluster.work()
        yield cluster


@pytest.fixture
def shelves(tmp_path: Path) -> Shelves:
    return Shelves(tmp_path / "workspace")


def begun(cohortflow: Command, cluster: Cluster, shelves: Shelves) -> subprocess.Popen:
    """A run that has made some of its periods."""
    process = cohortflow.start(*long_run(shelves.workspace, "--cluster", cluster.address))
    assert wait_until(lambda: midway(shelves), process)
    assert counted(shelves) < PERIODS
    return process


def ended(process: subprocess.Popen) -> Result:
    with process:
        out, err = process.communicate(timeout=300)
    return Result(process.returncode, out, err)


def test_it_gives_the_same(cohortflow: Command, cluster: Cluster, shelves: Shelves, whole: Shelves):
    cohortflow(*long_run(shelves.workspace, "--cluster", cluster.address)).well()
    assert same(shelves, whole)
    files = [path for path in shelves.high.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}, "workers elsewhere have a umask of their own"


def test_the_scheduler_is_killed(cohortflow: Command, cluster: Cluster, shelves: Shelves, whole: Shelves):
    process = begun(cohortflow, cluster, shelves)
    cluster.lose_scheduler()
    result = ended(process)
    assert result.code in FAILS, result.err
    assert GONE in result.out + result.err
    assert not shelves.release.exists() and "Traceback" not in result.err
    cluster.start()
    cluster.work()
    cohortflow(*long_run(shelves.workspace, "--cluster", cluster.address)).well()
    assert same(shelves, whole)


def test_the_scheduler_comes_back_without_workers(
    cohortflow: Command, cluster: Cluster, shelves: Shelves, whole: Shelves
):
    process = begun(cohortflow, cluster, shelves)
    cluster.lose_scheduler()
    cluster.start()
    result = ended(process)
    assert result.code in FAILS, result.err
    assert ALONE in result.out + result.err and "Traceback" not in result.err
    cohortflow(*long_run(shelves.workspace)).well()
    assert same(shelves, whole)


def test_the_run_is_killed_and_its_cluster_stays(
    cohortflow: Command, cluster: Cluster, shelves: Shelves, whole: Shelves
):
    process = begun(cohortflow, cluster, shelves)
    kill_all(process)
    cohortflow(*long_run(shelves.workspace, "--cluster", cluster.address)).well()
    assert same(shelves, whole)


def test_there_is_no_scheduler(cohortflow: Command, shelves: Shelves, whole: Shelves):
    result = cohortflow(*long_run(shelves.workspace, "--cluster", "tcp://127.0.0.1:1"))
    assert result.code == 2 and "There is no Dask scheduler at tcp://127.0.0.1:1; start it" in result.err
    assert "Traceback" not in result.err and not shelves.unfinished() and not counted(shelves)
    cohortflow(*long_run(shelves.workspace)).well()
    assert same(shelves, whole)
