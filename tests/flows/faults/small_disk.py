"""A small disk that can be full, for as long as a block lasts."""

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.flows.commands import LONGEST, Command, Result
from tests.flows.faults.staged import Stage

ROOMY = 256 << 20


class Disk:
    """A file system in memory whose size can be changed."""

    def __init__(self, place: Path):
        self.place = place

    def mount(self, size: int) -> None:
        words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(self.place)]
        done = subprocess.run(
            words, check=False, capture_output=True, text=True, encoding="utf-8"
        )
        if done.returncode != 0:
            pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")

    def resize(self, size: int) -> None:
        subprocess.run(
            ["mount", "-o", f"remount,size={size}", str(self.place)], check=True
        )

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


@contextmanager
def small_disk(place: Path) -> Iterator[Disk]:
    """An empty one at a new folder; the test that asks for it is skipped where there
    can be none.
    """
    if os.getuid() != 0:
        pytest.skip("only root may mount a small disk")
    place.mkdir()
    disk = Disk(place)
    disk.mount(ROOMY)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def full_at(place: str, command: Command, disk: Disk, *arguments: object) -> Result:
    """What a command says whose disk is full from a place in its code on."""
    beside = mkdtemp(dir=disk.place.parent)  # one command after another may end so
    stage = Stage(Path(beside) / "stage", place)
    # read meanwhile: a process that talks stops when nobody listens
    with (
        stage.command(command).start(*arguments) as process,
        ThreadPoolExecutor(1) as listener,
    ):
        heard = listener.submit(process.communicate, timeout=LONGEST)
        reached = stage.reached(process)
        disk.fill()
        stage.go_on()
        out, err = heard.result()
    assert reached, f"it never came to {place}: {err}"
    return Result(process.returncode, out, err)
