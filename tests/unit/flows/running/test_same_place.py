"""Workers that do not see the workspace do nothing for a run."""

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from distributed import Client, LocalCluster

from extractors.errors import ArgumentsError
from flows.preparing.jobs import Bounds, PeriodJob
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.running import same_place, seeing, work
from flows.running.cluster import open_cluster
from flows.running.same_place import refuse_blind
from flows.workspace.settings import settings
from flows.workspace.store import umask

BLIND = "A Dask worker that joined does not see the workspace"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(same_place, "LATE", 0.1)
    monkeypatch.setattr(seeing, "HELD", 0.0)


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    """Workers in this process, whose umask a run changes."""
    quiet: dict[str, Any] = {
        "processes": False,
        "protocol": "tcp://",
        "dashboard_address": None,
    }
    with (
        umask(0o022),
        LocalCluster(n_workers=2, threads_per_worker=1, **quiet) as local,
    ):
        yield local


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "workspace" / "study" / "highly_sensitive" / "dask"


def test_workers_that_see_it_are_taken(cluster: LocalCluster, place: Path):
    with open_cluster(cluster.scheduler_address, settings(), place):
        assert not list(place.iterdir()), "nothing is left of the question"


@pytest.mark.parametrize("blind", [1, 2])
def test_a_worker_that_does_not_is_named(
    cluster: LocalCluster, place: Path, monkeypatch: pytest.MonkeyPatch, blind: int
):
    """Some have another disk under the same path: nothing in it, or what another run
    has left.
    """
    sees, turns = same_place.word_in, place.parents[2] / "turns"
    turns.mkdir(parents=True)

    def word(path: str) -> str:
        """Of the first that ask, another one."""
        for turn in range(blind):
            with suppress(FileExistsError):
                (turns / str(turn)).touch(exist_ok=False)
                return ["", "of another run"][turn]
        return sees(path)

    monkeypatch.setattr(same_place, "word_in", word)
    said = rf"{blind} of 2 Dask workers do not see the workspace .*/workspace: .*://.* file system that this machine"
    with pytest.raises(ArgumentsError, match=said) as caught, Client(cluster) as client:
        refuse_blind(client, place)
    assert caught.value.exit_code == 2


def test_a_file_that_comes_late_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """As on a file system of several machines."""
    monkeypatch.setattr(same_place, "LATE", 60)
    mark = tmp_path / "mark"
    monkeypatch.setattr(
        time, "sleep", lambda _seconds: mark.write_text("word", encoding="utf-8")
    )
    assert same_place.word_in(str(mark)) == "word"


@pytest.fixture
def job(tmp_path: Path) -> PeriodJob:
    prepared = prepare(
        Options("nhs_at_home", patients=10, workspace=str(tmp_path / "elsewhere"))
    )
    return next(iter(prepared.jobs.values()))


def test_a_worker_that_joins_later_leaves_nothing_on_its_own_disk(
    job: PeriodJob, tmp_path: Path
):
    """It says so, another one may do it, and no folder is made where nobody looks."""
    status = work.extract(job, force=True)
    assert status.transient and status.reason.startswith(BLIND)
    error = work.attempt("static", lambda *_: pytest.fail("it began"), job.bounds)
    assert error is not None and error.transient and error.message.startswith(BLIND)
    assert not (tmp_path / "elsewhere").exists()


def test_a_worker_that_sees_it_begins(tmp_path: Path):
    bounds = Bounds(1, 1_000, tmp_path / "high" / "spill")
    begun: list[Bounds] = []
    assert work.attempt("static", begun.append, bounds) is not None
    (tmp_path / "high").mkdir()
    assert work.attempt("static", begun.append, replace(bounds, threads=2)) is None
    assert [each.threads for each in begun] == [2]
