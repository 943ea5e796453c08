"""Every study of a workspace is shown as its notes and files say, whatever is wrong
with one of them.
"""

import datetime
from pathlib import Path

import pytest

from flows.state import grid as module
from flows.state.decided import Decided
from flows.state.grid import changes, grid
from flows.state.history import History, history_file, read_history
from flows.workspace.kept import HISTORY
from tests.lib.noted_studies import PERIODS, RUNS, noted_study

NOW = datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.UTC)


def test_states_are_those_of_the_files(tmp_path: Path):
    workspace = noted_study(tmp_path, "weekly", RUNS)
    (row,) = grid(tmp_path)
    assert [cell.state for cell in row.cells] == [
        "done",
        "failed",
        "missing",
        "to come",
    ]
    assert (row.cells[1].attempts, row.cells[1].reason) == (2, "no room at all")
    assert (row.cells[0].seconds, row.cells[0].attempts) == (2.5, 1)
    assert row.summary == "4 periods: 1 done, 1 failed, 1 missing, 1 to come"
    workspace.cohort("k", PERIODS[0]).unlink()
    assert grid(tmp_path)[0].cells[0].state == "missing", "what is gone is not done"


def test_a_period_has_a_history(tmp_path: Path):
    noted_study(tmp_path, "weekly", RUNS)
    (row,) = grid(tmp_path)
    last, first = row.cells[0].past
    assert (last.state, last.reason, last.begun[:10]) == (
        "failed",
        "a worker died",
        "2026-11-30",
    )
    assert (first.state, first.seconds, first.begun[:10]) == ("done", 2.5, "2026-11-16")


def test_what_changed_in_a_week(tmp_path: Path):
    noted_study(tmp_path, "weekly", RUNS)
    (row,) = grid(tmp_path)
    found = changes(row, NOW - datetime.timedelta(days=7))
    assert found is not None
    assert (found.runs, found.made, found.failing, found.mended) == (
        1,
        (),
        (PERIODS[1],),
        (PERIODS[0],),
    )
    assert found.words() == "1 run: 1 failing, 1 failed and mended since"
    assert changes(row, NOW) is None


def test_a_study_of_a_version_without_history(tmp_path: Path):
    workspace = noted_study(tmp_path, "weekly")
    history_file(workspace).unlink()
    (row,) = grid(tmp_path)
    assert [cell.state for cell in row.cells] == [
        "done",
        "failed",
        "missing",
        "to come",
    ]
    assert row.cells[1].reason == "no room" and read_history(workspace) == History()


def test_one_that_cannot_be_read_leaves_the_others(tmp_path: Path):
    newer = noted_study(tmp_path, "a newer one")
    HISTORY.write(history_file(newer), {"format": 9})
    noted_study(tmp_path, "weekly")
    (tmp_path / ".server").mkdir()
    (tmp_path / "a file").touch()
    broken, well = grid(tmp_path)
    assert (
        "has the format 9, and this cohortflow reads the format 1" in broken.trouble
        and broken.cells == ()
    )
    assert (well.study, well.trouble) == ("weekly", "")


def test_a_new_release_is_a_change(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    noted_study(tmp_path, "weekly", RUNS)
    monkeypatch.setattr(module, "decided", lambda _folder: Decided(4, "waiting"))
    (row,) = grid(tmp_path)
    found = changes(row, NOW - datetime.timedelta(days=7))
    assert found is not None and found.words().endswith("; release 4 is new")
    assert row.runs[0].made == RUNS[0]["made"]
