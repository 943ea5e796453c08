"""The note of what became of periods: it is bounded, tells killed runs from ended ones,
and names its format.
"""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from extractors.errors import CohortflowError
from flows.state import history
from flows.state.history import (
    COMPLETED,
    KILLED,
    Ran,
    history_file,
    note_begun,
    note_ended,
    read_history,
)
from flows.workspace.store import Workspace

WEEK = "2020-03-02..2020-03-08"


def job(workspace: Workspace, period: str = WEEK) -> Any:
    return SimpleNamespace(
        period=period,
        counts=workspace.counts("k", period),
        cohort=workspace.cohort("k", period),
        error=workspace.error("k", period),
        rows=None,
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    found = Workspace(tmp_path, "weekly")
    found.prepare()
    return found


def test_a_run_that_told_no_end_was_killed(workspace: Workspace):
    note_begun(workspace, [job(workspace)], "one")
    note_begun(workspace, [job(workspace)], "two")
    note_ended(workspace, Ran(begun="", state=COMPLETED, made={WEEK: 1.5}))
    first, second = read_history(workspace).runs
    assert (first.run, first.state, first.ended) == ("one", KILLED, "")
    assert (second.run, second.state, second.made) == ("two", COMPLETED, {WEEK: 1.5})
    assert second.begun <= second.ended


def test_periods_are_known_by_where_their_results_lie(workspace: Workspace):
    note_begun(workspace, [job(workspace)], "")
    place = read_history(workspace).periods[WEEK]
    counts = f"weekly/highly_sensitive/counts/k/period={WEEK}.parquet"
    assert place.results == (counts, counts.replace("/counts/", "/cohorts/"))
    assert place.error == f"weekly/highly_sensitive/errors/k/period={WEEK}.json"


def test_the_note_does_not_grow_for_ever(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(history, "MOST_RUNS", 5)
    monkeypatch.setattr(history, "MOST_PERIODS", 7)
    for number in range(12):
        note_begun(workspace, [job(workspace)], str(number))
        failed = {f"p{each}": "x" * 2_000 for each in range(3)}
        note_ended(workspace, Ran(begun="", state="failed", failed=failed))
    runs = read_history(workspace).runs
    assert [run.run for run in runs] == ["10", "11"], (
        "three periods each: a third run is too many"
    )
    assert {len(reason) for run in runs for reason in run.failed.values()} == {
        history.LONGEST_REASON
    }


def test_a_newer_note_is_refused_and_left(workspace: Workspace):
    path = history_file(workspace)
    newer = json.dumps({"format": 7, "periods": {}, "runs": []})
    path.write_text(newer, encoding="utf-8")
    with pytest.raises(
        CohortflowError,
        match="has the format 7, and this cohortflow reads the format 1",
    ):
        note_begun(workspace, [], "")
    assert path.read_text(encoding="utf-8") == newer


def test_a_damaged_note_begins_anew(workspace: Workspace):
    history_file(workspace).write_text('{"format": 1, "per', encoding="utf-8")
    assert read_history(workspace).runs == ()
    note_begun(workspace, [job(workspace)], "one")
    assert [run.run for run in read_history(workspace).runs] == ["one"]
    assert history_file(workspace).stat().st_mode & 0o777 == 0o600
