"""What the alerts remember: a memory that cannot be read is put aside, and nothing old
is told again.
"""

import datetime
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.serving import alerts
from flows.serving.alerts import ASIDE, LATE, Watcher
from flows.serving.messages import Alert, Receiver
from flows.serving.runs import Seen
from flows.serving.setting import setting
from flows.workspace.kept import ALERTS

NOW = datetime.datetime(2026, 11, 30, 12, tzinfo=datetime.UTC)
MEMORY = "alerts.json"


def seen(name: str, **changes: str) -> Seen:
    told = {"state": "failed", "due": "", "begun": "", "ended": "", "message": ""}
    return Seen(
        id=name,
        study=name,
        name=name,
        state_id=f"state of {name}",
        deployed=True,
        **{**told, **changes},
    )


FAILED = seen("old", ended="2026-11-30T10:00:00+00:00")
WAITS = seen("waits", state="scheduled", due="2026-11-30T01:00:00+00:00")


class Server:
    """What Prefect's server answers; None: it does not."""

    def __init__(self) -> None:
        self.answers = True
        self.runs = [FAILED]
        self.waiting = [WAITS]
        self.at_work: list[Seen] = []

    def runs_of(self, _: object, chosen: dict, order: str) -> list[Seen] | None:
        if not self.answers:
            return None
        if "expected_start_time" in chosen:
            return self.waiting
        if "end_time" not in chosen:
            return self.at_work
        since = chosen["end_time"]["after_"]
        return [run for run in self.runs if run.ended > since]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    server = Server()
    monkeypatch.setattr(alerts, "runs_of", server.runs_of)
    for name in ("close_orphans", "take_again", "name_planned"):
        monkeypatch.setattr(alerts, name, lambda *_: None)
    return server


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Alert]:
    """All alerts that were delivered."""
    told: list[Alert] = []

    def deliver(_: Receiver, alert: Alert) -> bool:
        told.append(alert)
        return True

    monkeypatch.setattr(Receiver, "deliver", deliver)
    return told


@pytest.fixture
def watcher(tmp_path: Path) -> Watcher:
    where = setting(str(tmp_path / "w"))
    where.home.mkdir(parents=True)
    return Watcher(where, Receiver(), datetime.timedelta(minutes=30))


def cut(memory: Path) -> None:
    memory.write_bytes(memory.read_bytes()[:20])


def of_a_newer_version(memory: Path) -> None:
    memory.write_text(json.dumps({"format": 99, "known": []}), encoding="utf-8")


def without_a_time(memory: Path) -> None:
    ALERTS.write(memory, {"told": []})


def with_a_time_of_no_zone(memory: Path) -> None:
    ALERTS.write(memory, {"since": "2026-11-30T11:00:00", "told": []})


def emptied(memory: Path) -> None:
    memory.write_bytes(b"")


@pytest.mark.parametrize(
    "harm",
    [cut, of_a_newer_version, without_a_time, with_a_time_of_no_zone, emptied],
)
def test_a_memory_that_cannot_be_read_is_put_aside_and_begun_anew(
    watcher: Watcher,
    server: Server,
    told: list[Alert],
    harm: Callable[[Path], None],
    capsys: pytest.CaptureFixture[str],
):
    home = watcher.setting.home
    ALERTS.write(home / MEMORY, {"since": "2026-11-29T00:00:00+00:00", "told": []})
    watcher.look(NOW)
    assert {alert.study for alert in told} == {"old", "waits"}
    harm(home / MEMORY)
    harmed = (home / MEMORY).read_bytes()
    later = NOW + datetime.timedelta(minutes=1)
    server.at_work = [seen("busy", state="running")]
    assert watcher.look(later) == []
    said = capsys.readouterr().err
    assert said.startswith("cohortflow: alerts.json ") and "not sent again" in said
    assert said.rstrip().endswith(ASIDE), "the path comes last"
    assert (home / ASIDE).read_bytes() == harmed
    server.at_work = []
    assert watcher.look(later) == [] and len(told) == 2, "none of them again"
    server.runs.append(seen("meanwhile", ended="2026-11-30T12:00:30+00:00"))
    server.runs.append(seen("newer", ended="2026-11-30T12:05:00+00:00"))
    watcher.look(later + datetime.timedelta(minutes=9))
    assert [alert.study for alert in told[2:]] == ["newer"]
    assert capsys.readouterr().err == ""


def test_a_server_that_does_not_answer_leaves_it_to_the_next_look(
    watcher: Watcher, server: Server, told: list[Alert]
):
    memory = watcher.setting.home / MEMORY
    memory.write_bytes(b"{")
    server.answers = False
    assert watcher.look(NOW) == [] and memory.read_bytes() == b"{"
    server.answers = True
    assert watcher.look(NOW) == [] and told == []
    known = ALERTS.read(memory)
    assert known == {"since": NOW.isoformat(), "told": [f"{LATE} waits"]}
