"""The workspace's disk is full: told with what to do, and when there is room the run goes on."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.engine import NO_ROOM
from tests.flows.commands import Command, wait_until
from tests.flows.faults.runs import PERIODS, counted, long_run, same
from tests.flows.shelves import Shelves

pytestmark = pytest.mark.slow
ROOMY = 256 << 20


class Disk:
    """A file system in memory whose size can be changed."""

    def __init__(self, place: Path):
        self.place = place

    def mount(self, size: int) -> None:
        words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(self.place)]
        done = subprocess.run(words, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")

    def resize(self, size: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(self.place)], check=True)

    def fill(self) -> None:
        """Leave no room at all."""
        with (self.place / "filler").open("wb", buffering=0) as file:
            for block in (1 << 16, 1):
                try:
                    while file.write(b"\0" * block) == block:
                        pass
                except OSError:
                    continue

    def make_room(self) -> None:
        (self.place / "filler").unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if os.getuid() != 0:
        pytest.skip("only root may mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    disk = Disk(place)
    disk.mount(ROOMY)
    yield disk
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_no_room_for_the_snapshot(cohortflow: Command, disk: Disk, whole: Shelves):
    shelves = Shelves(disk.place / "workspace")
    disk.resize(200 << 10)
    result = cohortflow(*long_run(shelves.workspace))
    assert result.code == 1 and f"cohortflow: {NO_ROOM}" in result.err
    assert "Traceback" not in result.err and not shelves.unfinished()
    disk.resize(ROOMY)
    cohortflow(*long_run(shelves.workspace)).well()
    assert same(shelves, whole)


def test_it_fills_up_between_periods(cohortflow: Command, disk: Disk, whole: Shelves):
    shelves = Shelves(disk.place / "workspace")
    with cohortflow.start(*long_run(shelves.workspace)) as process:
        assert wait_until(lambda: counted(shelves) >= 3, process)
        disk.fill()
        out, err = process.communicate(timeout=300)
    done = counted(shelves)
    assert 3 <= done < PERIODS
    assert "Traceback" not in err and NO_ROOM in out + err
    assert process.returncode == 1 and not out, "there was no room either for how the run ended"
    assert not shelves.unfinished() and not shelves.release.exists()
    disk.make_room()
    again = cohortflow(*long_run(shelves.workspace)).well()
    assert len(again.json["computed"]) == PERIODS - done
    assert same(shelves, whole)
