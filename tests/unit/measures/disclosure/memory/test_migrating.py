"""Writing a ledger anew is killed, or the disk is full: nothing of it is lost."""

import errno
import json
import os
import shutil
from pathlib import Path

import pytest

from measures.disclosure.memory.entries import FORMAT
from measures.disclosure.memory.ledger import Ledger
from tests.lib.releases import KEY

OLDER = Path(__file__).parent / "older"
STEPS = 12  # more than there are: where fsync, replace and unlink are called


@pytest.fixture
def path(tmp_path):
    place = tmp_path / "ledger" / "ledger.jsonl"
    place.parent.mkdir()
    shutil.copy(OLDER / "series.jsonl", place)
    shutil.copy(OLDER / "series.jsonl.head", place.with_name("ledger.jsonl.head"))
    return place


class Killed(BaseException):
    """Nothing that any code of ours answers."""


def break_at(monkeypatch, step, error):
    """The step of this number, of all that reach the disk, fails."""
    done = []

    def breaking(does):
        def called(*given, **named):
            done.append(does)
            if len(done) == step:
                raise error
            return does(*given, **named)

        return called

    monkeypatch.setattr(os, "fsync", breaking(os.fsync))
    monkeypatch.setattr(os, "replace", breaking(os.replace))
    return done


@pytest.mark.parametrize(
    "error", [Killed(), OSError(errno.ENOSPC, "No space left on device")]
)
@pytest.mark.parametrize("step", range(1, STEPS))
def test_whatever_a_crash_leaves_is_done_again(path, monkeypatch, step, error):
    expected = Ledger(
        shutil.copytree(path.parent, path.parent.with_name("whole")) / path.name, KEY
    )
    with monkeypatch.context() as broken:
        done = break_at(broken, step, error)
        try:
            Ledger(path, KEY)
        except (Killed, OSError):
            assert len(done) == step
    found = Ledger(path, KEY)
    assert (
        found.memory == expected.memory
        and path.read_bytes() == expected.path.read_bytes()
    )
    assert json.loads(found._head.read_text(encoding="utf-8"))["format"] == FORMAT
    left = {each.name for each in path.parent.iterdir()} - {
        "ledger.jsonl",
        "ledger.jsonl.head",
    }
    assert not {each for each in left if not each.endswith(".new")}


def test_the_old_file_is_there_until_the_head_counts_the_new_one(path, monkeypatch):
    old, seen = path.read_bytes(), []
    write = Ledger._write_head

    def look(ledger):
        seen.append(path.with_name("ledger.jsonl.older").read_bytes())
        write(ledger)

    monkeypatch.setattr(Ledger, "_write_head", look)
    Ledger(path, KEY)
    assert seen == [old] and not path.with_name("ledger.jsonl.older").exists()


def test_nothing_is_written_for_others_to_read(path):
    Ledger(path, KEY)
    assert path.stat().st_mode & 0o077 == 0
