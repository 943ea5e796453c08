"""kill -9 at any moment loses nothing: the same command again ends as if nothing had
happened.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.flows.commands import Command, kill_all, wait_until, workers
from tests.flows.conftest import STUDY
from tests.flows.faults.runs import PERIODS, counted, long_run, midway, same
from tests.flows.faults.staged import Stage
from tests.flows.shelves import Shelves

pytestmark = pytest.mark.slow

# a look may miss it, as it takes a tenth of a second: there the run waits for its end
RELEASE = "during the release"
MOMENTS: dict[str, Callable[[Shelves], bool]] = {
    "while records are made up": lambda shelves: any(
        shelves.high.glob("trial/.*.partial")
    ),
    "while the snapshot is written": lambda shelves: any(
        shelves.high.glob("snapshots/*.unfinished*")
    ),
    "after the snapshot": lambda shelves: any(
        shelves.high.glob("snapshots/*/snapshot.json")
    ),
    "after some periods": lambda shelves: counted(shelves) >= 6,
    RELEASE: lambda shelves: (
        shelves.release.parent / ".moderately_sensitive.new"
    ).exists(),
}


def test_the_whole_run_is_killed_again_and_again(
    cohortflow: Command, whole: Shelves, tmp_path: Path
):
    shelves, done = Shelves(tmp_path / "w"), dict[Path, tuple[int, int]]()
    waiting = Stage(
        tmp_path / "stage", "measures.release.bundle:_write_manifest"
    ).command(cohortflow)
    for moment, happens in MOMENTS.items():
        command = waiting if moment == RELEASE else cohortflow
        with command.start(*long_run(shelves.workspace)) as process:
            assert wait_until(lambda: happens(shelves), process), f"not killed {moment}"  # noqa: B023
            kill_all(process)
        assert _states(cohortflow, shelves).count("done") == counted(shelves)
        now = shelves.stamps()
        assert done.items() <= now.items(), f"what was done was done again {moment}"
        done = now
        assert not shelves.release.exists()
    assert len(shelves.results("counts")) == PERIODS, (
        "the last one came when all was counted"
    )
    # what a killed DuckDB leaves
    (shelves.high / "spill" / "duckdb_temp_1_0_storage_DEFAULT-0.tmp").touch()
    assert cohortflow(*long_run(shelves.workspace)).well().json["computed"] == []
    assert shelves.stamps() == done
    assert same(shelves, whole)


def _states(cohortflow: Command, shelves: Shelves) -> list[str]:
    """What `status` says of the periods of the run that was killed."""
    said = (
        cohortflow("status", STUDY, "--workspace", shelves.workspace, "--json")
        .well()
        .json
    )
    states = [period["state"] for period in said["periods"]]
    assert len(states) == PERIODS and "failed" not in states
    return states


@pytest.mark.parametrize("all_of_them", [False, True])
def test_workers_are_killed(
    cohortflow: Command, whole: Shelves, tmp_path: Path, all_of_them: bool
):
    shelves = Shelves(tmp_path)
    with cohortflow.start(*long_run(tmp_path)) as process:
        assert wait_until(lambda: midway(shelves), process)
        victims = workers(process)
        assert len(victims) == 2
        for worker in victims if all_of_them else victims[:1]:
            worker.kill()
        assert counted(shelves) < PERIODS, "they were killed too late"
        _, err = process.communicate()
    assert process.returncode == 0, err
    assert same(shelves, whole)
