"""Runs that were taken up and did not begin wait again, told with a server's answers as
they are.
"""

import datetime
from pathlib import Path
from typing import Any

import pytest

from flows.serving import orphans
from flows.serving.orphans import take_again
from flows.serving.setting import POOL, setting

NOW = datetime.datetime(2021, 5, 3, 6, 0, tzinfo=datetime.UTC)


def pending(name: str, minutes: int, pool: str | None = POOL) -> dict[str, Any]:
    """A run that has been Pending for so long."""
    since = (NOW - datetime.timedelta(minutes=minutes)).isoformat()
    return {
        "id": f"id-{name}",
        "name": name,
        "work_pool_name": pool,
        "state": {"timestamp": since},
    }


class Server:
    """What Prefect's server is asked, and what it answers; `takes`: whether it takes a
    new state.
    """

    def __init__(self, *runs: dict[str, Any], takes: bool = True):
        self.runs, self.takes = runs, takes
        self.told: dict[str, dict[str, Any]] = {}

    def ask(self, _setting: object, path: str, question: dict[str, Any]) -> Any:
        if path == "flow_runs/filter":
            assert question["flow_runs"]["state"]["type"]["any_"] == ["PENDING"]
            return list(self.runs)
        assert question["force"] is True
        self.told[path] = question["state"]
        return {} if self.takes else None


def asked(
    server: Server, monkeypatch: pytest.MonkeyPatch, **how: bool
) -> list[str] | None:
    monkeypatch.setattr(orphans, "ask", server.ask)
    return take_again(setting(str(Path("nowhere"))), NOW, **how)


def test_a_run_that_did_not_begin_waits_again(monkeypatch: pytest.MonkeyPatch):
    """After ten minutes; one that was taken up just now is about to begin, and another
    pool is not ours.
    """
    server = Server(
        pending("stuck", 11),
        pending("beginning", 1),
        pending("theirs", 60, pool="other"),
    )
    assert asked(server, monkeypatch) == ["stuck"]
    (state,) = server.told.values()
    assert list(server.told) == ["flow_runs/id-stuck/set_state"]
    assert (state["type"], state["state_details"]) == (
        "SCHEDULED",
        {"scheduled_time": NOW.isoformat()},
    )


def test_a_new_runner_takes_up_what_the_last_one_left(monkeypatch: pytest.MonkeyPatch):
    server = Server(pending("left", 0), pending("theirs", 60, pool=None))
    assert asked(server, monkeypatch, new_runner=True) == ["left"]


def test_a_server_that_does_not_take_it_is_asked_again(monkeypatch: pytest.MonkeyPatch):
    assert asked(Server(pending("stuck", 11), takes=False), monkeypatch) is None
