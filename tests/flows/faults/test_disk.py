"""The workspace's disk is full: told with what to do, and when there is room the run
goes on.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.engine import NO_ROOM, NO_ROOM_TO_SPILL, Engine
from extractors.errors import DiskFull
from tests.flows.commands import Command
from tests.flows.conftest import STUDY
from tests.flows.faults.runs import PERIODS, counted, long_run, same
from tests.flows.faults.small_disk import Disk, full_at, small_disk
from tests.flows.shelves import Shelves
from tests.flows.story import STUDY as WEEKLY
from tests.flows.test_retrying import SORTED

pytestmark = pytest.mark.slow


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with small_disk(tmp_path / "disk") as disk:
        yield disk


@pytest.fixture
def shelves(disk: Disk) -> Shelves:
    return Shelves(disk.place / "workspace")


def test_what_cannot_fit_is_refused_before_a_run(
    cohortflow: Command, disk: Disk, shelves: Shelves
):
    disk.resize(200 << 10)
    result = cohortflow(*long_run(shelves.workspace))
    assert result.code == 2 and re.search(
        r"The run needs 0\.\d MB on disk, and 0\.2 MB are free;", result.err
    )
    assert "Traceback" not in result.err and not shelves.workspace.exists()


# A step before the periods, and the two parts of the release: to note what is released,
# and to write it.
STEPS = (
    "flows.running.work:make_snapshot",
    "flows.running.work:make_timelines",
    "flows.running.protect:protect",
    "measures.release.bundle:write_release",
)


@pytest.mark.parametrize("step", STEPS)
def test_no_room_for_a_step(
    cohortflow: Command, disk: Disk, shelves: Shelves, whole: Shelves, step: str
):
    result = full_at(step, cohortflow, disk, *long_run(shelves.workspace))
    assert (result.code, result.out) == (
        1,
        "",
    ) and f"cohortflow: {NO_ROOM}" in result.err, result
    assert "Traceback" not in result.err
    assert not shelves.unfinished() and not shelves.release.exists()
    disk.make_room()
    cohortflow(*long_run(shelves.workspace)).well()
    assert same(shelves, whole)


def test_no_room_for_periods(
    cohortflow: Command, disk: Disk, shelves: Shelves, whole: Shelves
):
    """Not even for a note of why they failed, or of how the run ended: it says so
    itself, and ends as always.
    """

    def noted() -> dict[str, str]:
        status = (
            cohortflow("status", STUDY, "--workspace", shelves.workspace, "--json")
            .well()
            .json
        )
        return {
            each["period"]: each["reason"]
            for each in status["periods"]
            if each["state"] == "failed"
        }

    result = full_at(
        "flows.running.work:extract", cohortflow, disk, *long_run(shelves.workspace)
    )
    assert result.code == 3 and "Traceback" not in result.err, result
    failed, done = result.json["failed"], counted(shelves)
    assert len(failed) == PERIODS - done > 0 and set(failed.values()) == {NO_ROOM}
    assert not shelves.unfinished() and not shelves.release.exists()
    assert noted() == failed
    disk.make_room()
    assert noted() == failed
    again = cohortflow(
        "rerun", STUDY, "--failed", "--workspace", shelves.workspace, "--json"
    ).well()
    assert set(again.json["computed"]) == set(failed)
    assert same(shelves, whole)


def test_no_room_to_note_that_all_went_well(
    cohortflow: Command, disk: Disk, shelves: Shelves, whole: Shelves
):
    result = full_at(
        "measures.release.headlines:headlines",
        cohortflow,
        disk,
        *long_run(shelves.workspace),
    )
    assert (
        len(result.well().json["computed"]) == PERIODS and "Traceback" not in result.err
    )
    disk.make_room()
    rerun = cohortflow(
        "rerun", STUDY, "--failed", "--workspace", shelves.workspace, "--json"
    ).well()
    assert rerun.json["computed"] == []
    assert same(shelves, whole)


def test_no_room_to_spill(disk: Disk):
    spill = disk.place / "spill"
    spill.mkdir()
    disk.resize(20 << 20)
    with (
        Engine(memory=60_000_000, spill=spill) as engine,
        pytest.raises(DiskFull) as raised,
    ):
        engine.execute(SORTED)
    assert raised.value.message == NO_ROOM_TO_SPILL
    assert not list(spill.iterdir())


def test_no_room_to_look_at_records(cohortflow: Command, disk: Disk, records: Path):
    """Before a run begins: their hash is noted. `plan` does that, too."""
    disk.fill()
    for command in ("run", "plan"):
        result = cohortflow(
            command, WEEKLY, "--records", records, "--workspace", disk.place / "w"
        )
        assert (result.code, result.out, result.err) == (
            1,
            "",
            f"cohortflow: {NO_ROOM}\n",
        )


def test_no_room_for_prefect(
    cohortflow: Command, disk: Disk, whole: Shelves, tmp_path: Path
):
    """A run brings a server of its own, whose disk fills up; the workspace is on
    another.
    """
    alone = {
        name: value
        for name, value in cohortflow.environment.items()
        if name != "PREFECT_API_URL"
    }
    command = Command(alone | {"PREFECT_HOME": str(disk.place / "prefect")})
    shelves = Shelves(tmp_path / "workspace")
    disk.fill()
    refused = command(*long_run(shelves.workspace))
    assert (
        refused.code == 2
        and "Prefect's temporary server needs 20.0 MB on disk" in refused.err
    )
    assert "Traceback" not in refused.err
    disk.make_room()
    result = full_at(
        "flows.running.work:extract", command, disk, *long_run(shelves.workspace)
    ).well()
    assert "Traceback" not in result.err
    assert same(shelves, whole)
