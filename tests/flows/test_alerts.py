"""Alerts of failed, crashed and late runs reach a webhook and a command, once, and hold names and counts alone."""

import datetime
import http.server
import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError
from flows.serving.alerts import Watcher
from flows.serving.messages import COMMAND, WEBHOOK, Alert, Receiver, receiver
from flows.serving.setting import Setting, setting
from flows.telling.mark import LABEL, mark
from tests.flows.commands import Result
from tests.flows.conftest import Undisturbed
from tests.flows.story import BROKEN, Story
from tests.lib.prefect_api import Prefect
from tests.lib.prefect_server import Server

LATE = datetime.timedelta(minutes=30)


class Hook:
    """A web server on this machine that keeps what it is sent; `answer` is its status code."""

    def __init__(self) -> None:
        self.got: list[dict] = []
        self.answer = 204
        hook = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if hook.answer == 204:
                    hook.got.append(json.loads(body))
                self.send_response(hook.answer)
                self.end_headers()

            def log_message(self, *_words: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/secret-place"


@pytest.fixture
def hook() -> Iterator[Hook]:
    hook = Hook()
    thread = threading.Thread(target=hook.server.serve_forever)
    thread.start()
    yield hook
    hook.server.shutdown()
    thread.join()
    hook.server.server_close()


@pytest.fixture
def place(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    monkeypatch.setenv("PREFECT_API_URL", server.url)
    return setting(str(tmp_path / "w"))


@pytest.fixture
def watcher(place: Setting, hook: Hook, story: Story) -> Watcher:
    """It has watched since before the story's runs."""
    watcher = Watcher(place, Receiver(hook.url), LATE)
    place.home.mkdir(parents=True)
    (place.home / "alerts.json").write_text(
        json.dumps({"since": "2020-01-01T00:00:00+00:00", "told": []}), encoding="utf-8"
    )
    return watcher


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def of_the_story(hook: Hook) -> list[dict]:
    return [alert for alert in hook.got if alert["run"] == "weekly 2020-03-02..2020-03-23" and alert["failed"]]


def test_a_failed_run_is_told_once(watcher: Watcher, hook: Hook, undisturbed: Undisturbed):
    watcher.look(now())
    (alert,) = of_the_story(hook)
    assert alert == {
        "text": f"cohortflow: weekly 2020-03-02..2020-03-23 failed; 1 of 3 periods failed: {BROKEN}.",
        "event": "failed",
        "run": "weekly 2020-03-02..2020-03-23",
        "failed": 1,
        "done": 2,
        "periods": [BROKEN],
    }
    assert not any(alert["run"].startswith("pressure 2021-05-01") for alert in hook.got), "that one went well"
    assert watcher.look(now()) == []


def test_a_run_that_ended_before_its_periods(watcher: Watcher, hook: Hook, dirty: Result):
    watcher.look(now())
    said = {alert["text"] for alert in hook.got if not alert["failed"]}
    assert "cohortflow: weekly 2020-03-02..2020-03-23 failed; 0 periods were done, none had failed." in said
    assert "spreadsheet" not in str(hook.got) and "clinical_events" not in str(hook.got)


def test_what_was_not_taken_is_told_again(watcher: Watcher, hook: Hook, capsys):
    hook.answer = 503
    assert watcher.look(now()) == []
    assert "the webhook answered 503" in capsys.readouterr().out
    hook.answer = 204
    watcher.look(now())
    assert len(of_the_story(hook)) == 1


def test_nobody_is_told_of_what_was_before(place: Setting, hook: Hook, story: Story):
    place.home.mkdir(parents=True)
    assert Watcher(place, Receiver(hook.url), LATE).look(now()) == []
    assert hook.got == []


def test_a_late_run(watcher: Watcher, hook: Hook, server: Server):
    prefect, due = Prefect(server.url), now() - datetime.timedelta(minutes=29)
    flow = prefect.ask("flows/", {"name": "cohortflow"})["id"]
    wish = {"flow_id": flow, "name": "brave-otter", "parameters": {"study": "studies/some_study.py"}}
    state = {"type": "SCHEDULED", "state_details": {"scheduled_time": due.isoformat()}}
    run = prefect.ask("flow_runs/", {**wish, "state": state})
    watcher.look(now())
    assert not [alert for alert in hook.got if alert["event"] == "late"], "it is not late yet"
    watcher.look(now() + datetime.timedelta(minutes=2))
    (alert,) = [alert for alert in hook.got if alert["event"] == "late"]
    assert alert["text"] == f"cohortflow: some_study (scheduled) is late; it was due at {due:%Y-%m-%d %H:%M} UTC."
    state = {"type": "CRASHED", "message": "its process died"}
    prefect.ask(f"flow_runs/{run['id']}/set_state", {"state": state, "force": True})
    watcher.look(now())
    (alert,) = [alert for alert in hook.got if alert["event"] == "crashed"]
    assert alert["run"] == "brave-otter"


def test_a_command_gets_it_on_its_standard_input(watcher: Watcher, tmp_path: Path, capsys):
    file = tmp_path / "told"
    script = f"import sys; open({str(file)!r}, 'a').write(sys.stdin.read() + '\\n')"
    by_command = replace(watcher, receiver=Receiver(command=(sys.executable, "-c", script)))
    sent = by_command.look(now())
    assert [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] == [
        alert.as_json() for alert in sent
    ]
    failing = replace(watcher, receiver=Receiver(command=(sys.executable, "-c", "raise SystemExit(3)")))
    assert not failing.receiver.deliver(sent[0])
    assert "exit code 3" in capsys.readouterr().out
    assert not Receiver(command=("/no/such/command",)).deliver(sent[0])


def test_the_text_names_so_many_and_no_more():
    alert = Alert("failed", "r", tuple(f"p{number}" for number in range(25)), done=5)
    assert "25 of 30 periods failed" in alert.text and alert.text.endswith("p19 and 5 more.")
    assert len(alert.as_json()["periods"]) == 25


def test_receivers_are_set_in_the_environment(monkeypatch):
    monkeypatch.setenv(WEBHOOK, "http://127.0.0.1/x")
    monkeypatch.setenv(COMMAND, "mail -s 'a run' somebody")
    assert receiver() == Receiver("http://127.0.0.1/x", ("mail", "-s", "a run", "somebody"))
    monkeypatch.setenv(COMMAND, "mail 'a")
    with pytest.raises(ArgumentsError, match=COMMAND):
        receiver()
    monkeypatch.setenv(WEBHOOK, "file:///x")
    with pytest.raises(ArgumentsError, match="begins with http"):
        receiver()


# Runs whose process is gone ----------------------------------------------------------------------


def _at_work(server: Server, name: str, label: str) -> dict:
    """A flow run that says of itself that it is at work in this process."""
    prefect = Prefect(server.url)
    flow = prefect.ask("flows/", {"name": "cohortflow"})["id"]
    wish = {"flow_id": flow, "name": name, "labels": {LABEL: label}, "state": {"type": "RUNNING"}}
    return prefect.ask("flow_runs/", wish)


def test_a_run_whose_process_is_gone_has_crashed(
    watcher: Watcher, hook: Hook, server: Server, monkeypatch: pytest.MonkeyPatch
):
    """And no other, though somebody sets the clock meanwhile."""
    ours = mark()[LABEL]
    host, pid, born = ours.split()
    runs = {
        "at work": (_at_work(server, "at work", ours), "RUNNING"),
        "gone": (_at_work(server, "gone", f"{host} {pid} 1.00"), "CRASHED"),  # its number was given to another since
        "elsewhere": (_at_work(server, "elsewhere", f"other-{host} {pid} {born}"), "RUNNING"),
    }
    monkeypatch.setattr("psutil._pslinux.boot_time", lambda: 1.0)
    watcher.look(now())
    for name, (run, state) in runs.items():
        assert Prefect(server.url).ask(f"flow_runs/{run['id']}")["state_type"] == state, name
    assert [alert["run"] for alert in hook.got if alert["event"] == "crashed" and alert["run"] in runs] == ["gone"]


def test_a_run_says_which_process_it_is(undisturbed: Undisturbed, server: Server):
    run = Prefect(server.url).runs("pressure 2021-05-01..2021-06-01", undisturbed.shelves.workspace)[0]
    assert run["labels"][LABEL].split()[0] == mark()[LABEL].split()[0]
