"""Which runs go from Prefect's database: old ones that ended, and never the newest of a
study.
"""

import datetime
from pathlib import Path
from typing import Any

import pytest

from flows.serving import pruning
from flows.serving.pruning import prune
from flows.serving.setting import Setting, setting

NOW = datetime.datetime.now(datetime.UTC)


class FakeServer:
    """What is asked of a server; runs are kept as it gives them, the newest first."""

    def __init__(self, runs: list[dict[str, Any]]):
        self.runs = runs
        self.artifacts = {f"of {run['id']}" for run in runs}

    def ask(self, _: Setting, path: str, question: dict[str, Any]) -> Any:
        if path == "flow_runs/filter":
            assert question["flows"]["name"]["any_"] == ["cohortflow"]
            return self.runs[question["offset"] :][: question["limit"]]
        if path == "artifacts/filter":
            wanted = question["artifacts"]["flow_run_id"]["any_"]
            return [
                {"id": f"of {run}"} for run in wanted if f"of {run}" in self.artifacts
            ][: question["limit"]]
        assert path == "flow_runs/bulk_delete" and question["limit"] == 50
        gone = question["flow_runs"]["id"]["any_"]
        assert len(gone) <= 50
        self.runs = [run for run in self.runs if run["id"] not in gone]
        return {"deleted": gone}

    def removed(self, _: Setting, path: str) -> bool:
        self.artifacts.discard(path.removeprefix("artifacts/"))
        return True


def runs(study: str, *days: int, by_command: bool = False) -> list[dict[str, Any]]:
    """Runs of a study that ended so many days ago."""
    given: dict[str, Any] = {"study": f"{study}.py", "name": study}
    parameters = {"options": given} if by_command else given
    found = []
    for ago in days:
        end = NOW - datetime.timedelta(days=ago)
        found.append(
            {
                "id": f"{study} {ago}",
                "end_time": end.isoformat(),
                "parameters": parameters,
            }
        )
    return found


@pytest.fixture
def where(tmp_path: Path) -> Setting:
    return setting(str(tmp_path))


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch):
    def serve(*found: list[dict[str, Any]]) -> FakeServer:
        server = FakeServer(
            sorted(sum(found, []), key=lambda run: run["end_time"], reverse=True)
        )
        monkeypatch.setattr(pruning, "ask", server.ask)
        monkeypatch.setattr(pruning, "_removed", server.removed)
        return server

    return serve


def left(server: FakeServer) -> set[str]:
    return {run["id"] for run in server.runs}


def test_old_runs_go_with_their_artifacts(served, where: Setting):
    server = served(runs("a", 1, 10, 40, 50), runs("b", 5, 45, by_command=True))
    assert prune(where, 30, keep=1) == 3
    assert left(server) == {"a 1", "a 10", "b 5"}
    assert server.artifacts == {f"of {run}" for run in left(server)}


def test_the_newest_of_each_study_stay(served, where: Setting):
    server = served(runs("a", 100, 200, 300), runs("b", 400, by_command=True))
    assert prune(where, 30, keep=2) == 1
    assert left(server) == {"a 100", "a 200", "b 400"}


def test_more_runs_than_the_server_gives_at_a_time(served, where: Setting):
    server = served(runs("a", *range(1, 431)))
    assert prune(where, 30, keep=1) == 401
    assert len(server.runs) == 29


def test_a_dry_run_only_counts(served, where: Setting):
    server = served(runs("a", 1, 50))
    assert prune(where, 30, keep=1, dry_run=True) == 1
    assert len(server.runs) == 2 and len(server.artifacts) == 2


def test_a_server_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, where: Setting):
    monkeypatch.setattr(pruning, "ask", lambda *_: None)
    assert prune(where, 30) is None
