"""Logs are put aside by size while their part goes on writing, and nothing of them is
read by others.
"""

import subprocess
import sys
from pathlib import Path

import pytest

from flows.serving.logs import EVERY, OLDER, Logs, put_aside


def test_a_part_goes_on_writing_to_the_emptied_log(tmp_path: Path):
    log = tmp_path / "part.log"
    script = (
        "import sys; print('one', flush=True); sys.stdin.readline(); print('two', "
        "flush=True)"
    )
    with log.open("ab") as out:
        part = subprocess.Popen(
            [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=out
        )
    while not log.stat().st_size:
        pass
    put_aside(log)
    part.communicate(b"\n")
    assert log.read_text(encoding="utf-8") == "two\n", (
        "at its beginning, without a hole"
    )
    assert (tmp_path / "part.log.1").read_text(encoding="utf-8") == "one\n"
    assert (tmp_path / "part.log.1").stat().st_mode & 0o777 == 0o600


def test_so_many_older_ones_are_kept(tmp_path: Path):
    log = tmp_path / "part.log"
    for number in range(OLDER + 3):
        log.write_text(str(number), encoding="utf-8")
        put_aside(log)
    kept = {
        path.name: path.read_text(encoding="utf-8")
        for path in tmp_path.glob("part.log.*")
    }
    assert kept == {
        "part.log.1": "6",
        "part.log.2": "5",
        "part.log.3": "4",
        "part.log.4": "3",
    }


def test_only_what_has_grown_is_put_aside_and_not_at_every_look(tmp_path: Path):
    small, large = tmp_path / "small.log", tmp_path / "large.log"
    small.write_bytes(b"x" * 10)
    large.write_bytes(b"x" * 11)
    watched = Logs(tmp_path, largest=10)
    watched.tick(100.0)
    assert (small.stat().st_size, large.stat().st_size) == (10, 0)
    large.write_bytes(b"x" * 11)
    watched.tick(100.0 + EVERY / 2)
    assert large.stat().st_size == 11
    watched.tick(100.0 + EVERY)
    assert large.stat().st_size == 0


def test_a_full_disk_leaves_the_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    log = tmp_path / "part.log"
    log.write_bytes(b"x" * 11)

    def full(_from: Path, to: Path) -> None:
        to.write_bytes(b"x")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("flows.serving.logs.shutil.copyfile", full)
    Logs(tmp_path, largest=10).tick(0.0)
    assert log.stat().st_size == 11 and not (tmp_path / "part.log.1").exists()
