"""A Dask that somebody else runs, and what may become of it."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.running.cluster import ALONE, GONE
from tests.flows.commands import Command, Result, kill_all, wait_until
from tests.flows.faults.dask_elsewhere import Cluster, dask_elsewhere, kill_family
from tests.flows.faults.runs import FAILS, PERIODS, counted, long_run, midway, same
from tests.flows.shelves import Shelves
from tests.lib.places import CHECKOUT
from tests.lib.prefect_server import environment

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
    process = cohortflow.start(
        *long_run(shelves.workspace, "--cluster", cluster.address)
    )
    assert wait_until(lambda: midway(shelves), process)
    assert counted(shelves) < PERIODS
    return process


def ended(process: subprocess.Popen) -> Result:
    with process:
        out, err = process.communicate(timeout=300)
    return Result(process.returncode, out, err)


def test_it_gives_the_same(
    cohortflow: Command, cluster: Cluster, shelves: Shelves, whole: Shelves
):
    cohortflow(*long_run(shelves.workspace, "--cluster", cluster.address)).well()
    assert same(shelves, whole)
    files = [path for path in shelves.high.rglob("*") if path.is_file()]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}, (
        "workers elsewhere have a umask of their own"
    )


def test_the_scheduler_is_killed(
    cohortflow: Command, cluster: Cluster, shelves: Shelves, whole: Shelves
):
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
    assert (
        result.code == 2
        and "There is no Dask scheduler at tcp://127.0.0.1:1; start it" in result.err
    )
    assert (
        "Traceback" not in result.err
        and not shelves.unfinished()
        and not counted(shelves)
    )
    cohortflow(*long_run(shelves.workspace)).well()
    assert same(shelves, whole)


def folder_in(above: Path, name: str) -> Path:
    """A folder of its own for a worker, as on another machine."""
    made = above / name
    made.mkdir()
    return made


def test_workers_in_other_folders_join_and_leave(
    cohortflow: Command, shelves: Shelves, whole: Shelves, tmp_path: Path
):
    """The run names its workspace as its own folder has it; of its first worker nothing
    is left at the end.
    """
    here = Command(cohortflow.environment, folder=tmp_path)
    with dask_elsewhere(folder_in(tmp_path, "scheduler")) as cluster:
        cluster.work(workers=1, place=folder_in(tmp_path, "first"))
        relative = shelves.workspace.relative_to(tmp_path)
        with here.start(*long_run(relative, "--cluster", cluster.address)) as process:
            assert wait_until(lambda: midway(shelves), process)
            cluster.work(workers=2, place=folder_in(tmp_path, "second"))
            kill_family(cluster.workers[0])
            assert process.poll() is None, "they came too late"
            out, err = process.communicate(timeout=300)
    Result(process.returncode, out, err).well()
    assert same(shelves, whole)


BLIND = ("unshare", "--mount", "bash", "-c", 'mount -t tmpfs none "$0" && exec "$@"')


@pytest.fixture
def blinded(shelves: Shelves) -> tuple[str, ...]:
    """What starts a process for which an empty disk lies over the workspace."""
    shelves.workspace.mkdir()
    by = (*BLIND, str(shelves.workspace))
    if subprocess.run([*by, "true"], check=False, capture_output=True).returncode:
        pytest.skip("this user may not mount a disk of a process's own")
    return by


def test_a_worker_does_not_see_the_workspace(
    cohortflow: Command,
    cluster: Cluster,
    shelves: Shelves,
    blinded: tuple[str, ...],
    tmp_path: Path,
):
    cluster.work(workers=1, by=blinded)
    result = cohortflow(*long_run(shelves.workspace, "--cluster", cluster.address))
    assert result.code == 2
    assert (
        f"1 of 3 Dask workers do not see the workspace {shelves.workspace}: "
        "tcp://127.0.0.1:"
    ) in result.err
    assert "Traceback" not in result.err and not counted(shelves)


def test_a_worker_that_joins_does_not_see_the_workspace(
    cohortflow: Command,
    cluster: Cluster,
    shelves: Shelves,
    whole: Shelves,
    blinded: tuple[str, ...],
):
    """What it gets, others do; where they were not asked in time, the run says so, and
    the next one ends well.
    """
    process = begun(cohortflow, cluster, shelves)
    cluster.work(workers=1, by=blinded)
    result = ended(process)
    assert result.code in (0, *FAILS) and "Traceback" not in result.err
    if result.code:
        assert (
            "A Dask worker that joined does not see the workspace"
            in result.out + result.err
        )
        kill_family(cluster.workers[-1])
        cohortflow(*long_run(shelves.workspace, "--cluster", cluster.address)).well()
    assert same(shelves, whole)


def other_checkout(folder: Path) -> Path:
    """The same code, but for a line."""
    for room in ("extractors", "measures", "flows"):
        shutil.copytree(
            CHECKOUT / room, folder / room, ignore=shutil.ignore_patterns("__pycache__")
        )
    with (folder / "flows" / "running" / "work.py").open("a", encoding="utf-8") as file:
        file.write("# another state of the code\n")
    return folder


def test_workers_of_another_checkout_are_refused(
    cohortflow: Command,
    cluster: Cluster,
    shelves: Shelves,
    whole: Shelves,
    tmp_path: Path,
):
    """Before anything is computed; one that joins while a run is at work gets nothing
    to do.
    """
    process, other = (
        begun(cohortflow, cluster, shelves),
        other_checkout(tmp_path / "other"),
    )
    cluster.work(workers=1, place=other)
    result = ended(process)
    assert result.code in (0, *FAILS) and "Traceback" not in result.err
    done = shelves.stamps()
    refused = cohortflow(
        *long_run(shelves.workspace, "--cluster", cluster.address, "--force")
    )
    assert refused.code == 2, refused
    assert (
        "Dask workers have other code than this run" in refused.err
        and "cohortflow's files" in refused.err
    )
    assert shelves.stamps() == done
    kill_family(cluster.workers[-1])
    cohortflow(*long_run(shelves.workspace, "--cluster", cluster.address)).well()
    assert same(shelves, whole)


JOBS = """
import sys, time
from dask_jobqueue.local import LocalCluster
if __name__ == "__main__":
    options = {"dashboard_address": None, "host": "127.0.0.1"}
    extra = ["--memory-limit", "0"]
    with LocalCluster(cores=1, memory="1GB", scheduler_options=options, worker_extra_args=extra) as cluster:
        cluster.adapt(minimum_jobs=1, maximum_jobs=2)
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


def test_workers_are_jobs_of_a_queue(
    cohortflow: Command, shelves: Shelves, whole: Shelves, tmp_path: Path
):
    """As dask-jobqueue asks SLURM for them; here each job is a process of this
    machine.
    """
    pytest.importorskip(
        "dask_jobqueue",
        reason="dask-jobqueue is not installed; infra/setup --test does it",
    )
    started = subprocess.Popen(
        [sys.executable, "-c", JOBS],
        cwd=folder_in(tmp_path, "queue"),
        env=environment(tmp_path) | {"PYTHONPATH": str(CHECKOUT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    with started as queue:
        assert queue.stdin and queue.stdout
        try:
            address = queue.stdout.readline().strip()
            cohortflow(*long_run(shelves.workspace, "--cluster", address)).well()
            queue.stdin.close()
            assert queue.wait(60) == 0
        finally:
            kill_family(queue)
    assert same(shelves, whole)
