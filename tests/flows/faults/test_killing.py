"""kill -9 at any moment loses nothing: the same command again ends as if nothing had happened."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flows.commands import Command, kill_all, wait_until, workers
from tests.flows.conftest import PATIENTS, STUDY
from tests.flows.shelves import Shelves

pytestmark = pytest.mark.slow

LONG = ("--", "--weeks", 27)  # long enough to be killed in the middle
PERIODS = 30


def _run(workspace: Path) -> tuple:
    return ("run", STUDY, *PATIENTS, "--workspace", workspace, "--json", *LONG)


@pytest.fixture(scope="module")
def whole(cohortflow: Command, tmp_path_factory: pytest.TempPathFactory) -> Shelves:
    """What a run gives to which nothing happens."""
    workspace = tmp_path_factory.mktemp("whole")
    assert len(cohortflow(*_run(workspace)).well().json["computed"]) == PERIODS
    return Shelves(workspace)


def _counts(shelves: Shelves) -> int:
    return len(shelves.results("counts"))


MOMENTS: dict[str, Callable[[Shelves], bool]] = {
    "while records are made up": lambda shelves: any(shelves.high.glob("trial/.*.partial")),
    "while the snapshot is written": lambda shelves: any(shelves.high.glob("snapshots/*.unfinished*")),
    "after the snapshot": lambda shelves: any(shelves.high.glob("snapshots/*/snapshot.json")),
    "after some periods": lambda shelves: _counts(shelves) >= 6,
    "during the release": lambda shelves: (shelves.release.parent / ".moderately_sensitive.new").exists(),
}


def test_the_whole_run_is_killed_again_and_again(cohortflow: Command, whole: Shelves, tmp_path: Path):
    shelves, done = Shelves(tmp_path), dict[Path, tuple[int, int]]()
    for moment, happens in MOMENTS.items():
        with cohortflow.start(*_run(tmp_path)) as process:
            assert wait_until(lambda: happens(shelves), process), f"not killed {moment}"  # noqa: B023
            kill_all(process)
        assert _states(cohortflow, shelves).count("done") == _counts(shelves)
        now = shelves.stamps()
        assert done.items() <= now.items(), f"what was done was done again {moment}"
        done = now
        assert not shelves.release.exists() or shelves.released() == whole.released()
    assert len(shelves.results("counts")) == PERIODS, "the last one came when all was counted"
    assert cohortflow(*_run(tmp_path)).well().json["computed"] == []
    assert not shelves.unfinished()
    assert shelves.stamps() == done
    assert shelves.released() == whole.released()
    assert shelves.tables("cohorts") == whole.tables("cohorts")


def _states(cohortflow: Command, shelves: Shelves) -> list[str]:
    """What `status` says of the periods of the run that was killed."""
    said = cohortflow("status", STUDY, "--workspace", shelves.workspace, "--json").well().json
    states = [period["state"] for period in said["periods"]]
    assert len(states) == PERIODS and "failed" not in states
    return states


def test_a_worker_is_killed(cohortflow: Command, whole: Shelves, tmp_path: Path):
    shelves = Shelves(tmp_path)
    with cohortflow.start(*_run(tmp_path)) as process:
        assert wait_until(lambda: _counts(shelves) >= 3, process)
        workers(process)[0].kill()
        assert _counts(shelves) < PERIODS, "the worker was killed too late"
        _, err = process.communicate()
    assert process.returncode == 0, err
    assert shelves.released() == whole.released() and not shelves.unfinished()
