"""Alerts of failed, crashed and late runs reach a webhook and a command, once, and hold
names and counts alone.
"""

import datetime
import http.server
import json
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError
from flows.serving.alerts import Watcher
from flows.serving.messages import COMMAND, WEBHOOK, Alert, Receiver, receiver
from flows.serving.runs import RAISED
from flows.serving.setting import Setting, setting
from flows.telling.mark import LABEL, mark
from tests.flows.commands import Result
from tests.flows.conftest import Undisturbed
from tests.flows.story import Story
from tests.lib.noted_studies import PERIODS, noted_study
from tests.lib.prefect_api import Prefect
from tests.lib.prefect_server import Server

# not one of those that no test may find in the server that all share
SECRET = "314159265"
LATE = datetime.timedelta(minutes=30)


class Hook:
    """A web server on this machine that keeps what it is sent; `answer` is its status
    code.
    """

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
def watcher(place: Setting, hook: Hook) -> Watcher:
    """It has watched for long."""
    watcher = Watcher(place, Receiver(hook.url), LATE)
    place.home.mkdir(parents=True)
    (place.home / "alerts.json").write_text(
        json.dumps({"since": "2020-01-01T00:00:00+00:00", "told": []}), encoding="utf-8"
    )
    return watcher


@dataclass(frozen=True)
class Deployment:
    """Runs of one deployment, whose studies nobody else has."""

    prefect: Prefect
    id: str

    def run(
        self, study: str, due: datetime.datetime | None = None, **state: object
    ) -> str:
        """A run of a study, which is to begin at a time; its id. `state`: what it is in
        then.
        """
        scheduled = {
            "type": "SCHEDULED",
            "state_details": {"scheduled_time": (due or now()).isoformat()},
        }
        wish = {"parameters": {"study": f"studies/{study}.py"}, "state": scheduled}
        run = self.prefect.ask(f"deployments/{self.id}/create_flow_run", wish)["id"]
        if state:
            self.ends(run, **state)
        return run

    def ends(self, run: str, **state: object) -> None:
        self.prefect.ask(f"flow_runs/{run}/set_state", {"state": state, "force": True})


@pytest.fixture
def deployment(server: Server) -> Iterator[Deployment]:
    prefect = Prefect(server.url)
    flow = prefect.ask("flows/", {"name": "cohortflow"})["id"]
    id = prefect.ask("deployments/", {"name": "of the alerts", "flow_id": flow})["id"]
    yield Deployment(prefect, id)
    # and with it what would be late for other tests
    prefect.ask(f"deployments/{id}", method="DELETE")


def now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def of(hook: Hook, study: str) -> list[dict]:
    return [alert for alert in hook.got if alert["study"] == study]


def test_a_failed_run_is_told_once_with_the_numbers_of_the_page(
    watcher: Watcher, hook: Hook, deployment: Deployment, place: Setting
):
    noted_study(place.workspace, "grim")
    run = deployment.run(
        "grim", type="FAILED", message=f"1 of 4 periods failed: {PERIODS[1]}"
    )
    watcher.look(now())
    (alert,) = of(hook, "grim")
    assert alert == {
        "text": "cohortflow: grim failed; 1 of 4 periods failed; now 1 of 4 periods are "
        f"done, 1 failed: {PERIODS[1]}.",
        "event": "failed",
        "study": "grim",
        "run": deployment.prefect.ask(f"flow_runs/{run}")["name"],
        "reason": "1 of 4 periods failed",
        "failed": 1,
        "done": 1,
        "of": 4,
        "periods": [PERIODS[1]],
    }
    assert watcher.look(now()) == []


def test_why_a_run_stopped_is_told(
    watcher: Watcher, hook: Hook, deployment: Deployment
):
    lost = (
        "There is no key at the place of keys, but a key has sealed a ledger of this "
        "workspace."
    )
    deployment.run(
        "keyless", type="FAILED", message=f"{RAISED}DisclosureRefused: {lost}"
    )
    deployment.run(
        "odd",
        type="FAILED",
        message=f"{RAISED}ValueError: could not convert {SECRET}",
    )
    watcher.look(now())
    assert [alert["text"] for alert in of(hook, "keyless")] == [
        f"cohortflow: keyless failed; {lost}"
    ]
    assert [alert["reason"] for alert in of(hook, "odd")] == [
        "The run ended with an unexpected ValueError."
    ]
    assert SECRET not in str(hook.got), "only our own errors are safe to show"


def test_what_people_try_at_a_terminal_is_told_to_nobody(
    watcher: Watcher, hook: Hook, dirty: Result, story: Story, server: Server
):
    failed = Prefect(server.url).runs(
        "weekly 2020-03-02..2020-03-23", story.shelves.workspace
    )
    assert "FAILED" in {run["state_type"] for run in failed}
    watcher.look(now())
    assert of(hook, "weekly") == []


def test_what_was_not_taken_is_told_again(
    watcher: Watcher, hook: Hook, deployment: Deployment, capsys
):
    deployment.run("untaken", type="CRASHED", message="its process died")
    hook.answer = 503
    assert watcher.look(now()) == []
    assert "the webhook answered 503" in capsys.readouterr().out
    hook.answer = 204
    watcher.look(now())
    assert [alert["reason"] for alert in of(hook, "untaken")] == ["its process died"]


def test_a_look_without_an_answer_forgets_nothing(
    watcher: Watcher,
    hook: Hook,
    deployment: Deployment,
    monkeypatch: pytest.MonkeyPatch,
):
    deployment.run("remembered", type="FAILED", message="no room")
    watcher.look(now())
    memory = watcher._memory.read_bytes()
    with monkeypatch.context() as gone:
        gone.setattr("flows.serving.runs.ask", lambda *_: None)
        assert watcher.look(now()) == []
    assert watcher._memory.read_bytes() == memory
    assert watcher.look(now()) == []
    assert len(of(hook, "remembered")) == 1


def test_nobody_is_told_of_what_was_before(
    place: Setting, hook: Hook, deployment: Deployment
):
    deployment.run("before", type="FAILED", message="no room")
    place.home.mkdir(parents=True)
    assert Watcher(place, Receiver(hook.url), LATE).look(now()) == []
    assert hook.got == []


def at(minutes: int) -> datetime.datetime:
    return now() + datetime.timedelta(minutes=minutes)


def late(hook: Hook, study: str) -> list[str]:
    return [alert["text"] for alert in of(hook, study) if alert["event"] == "late"]


def test_a_late_run(watcher: Watcher, hook: Hook, deployment: Deployment):
    """Nothing else is at work or was within the half hour before."""
    due = at(600)
    run = deployment.run("some_study", due)
    watcher.look(at(629))
    assert late(hook, "some_study") == [], "it is not late yet"
    watcher.look(at(631))
    said = f"cohortflow: some_study is late; it was due at {due:%Y-%m-%d %H:%M} UTC."
    assert late(hook, "some_study") == [said]
    watcher.look(at(632))
    assert late(hook, "some_study") == [said], "once"
    deployment.ends(run, type="CRASHED", message="its process died")
    watcher.look(now())
    (alert,) = [
        alert for alert in of(hook, "some_study") if alert["event"] == "crashed"
    ]
    assert alert["run"] == f"some_study, due {due:%Y-%m-%d}"


def test_a_run_that_waits_its_turn_is_not_late(
    watcher: Watcher, hook: Hook, deployment: Deployment
):
    deployment.run("patient", at(-600))
    before = deployment.run("slow", type="RUNNING")
    watcher.look(at(0))
    assert late(hook, "patient") == [], "another is at work"
    deployment.ends(before, type="COMPLETED")
    watcher.look(at(20))
    assert late(hook, "patient") == [], "its turn has just come"
    watcher.look(at(40))
    assert len(late(hook, "patient")) == 1


def test_runs_to_come_carry_the_name_of_their_study(
    watcher: Watcher, deployment: Deployment
):
    due = at(3_000)
    run = deployment.run("awaited", due)
    given = deployment.prefect.ask(f"flow_runs/{run}")["name"]
    watcher.look(now())
    named = deployment.prefect.ask(f"flow_runs/{run}")["name"]
    assert given != named == f"awaited, due {due:%Y-%m-%d}"


def test_a_command_gets_it_on_its_standard_input(
    watcher: Watcher, deployment: Deployment, tmp_path: Path, capsys
):
    deployment.run("by command", type="FAILED", message="no room")
    file = tmp_path / "told"
    script = f"import sys; open({str(file)!r}, 'a').write(sys.stdin.read() + '\\n')"
    by_command = replace(
        watcher, receiver=Receiver(command=(sys.executable, "-c", script))
    )
    sent = by_command.look(now())
    told = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert sent and told == [alert.as_json() for alert in sent]
    failing = replace(
        watcher,
        receiver=Receiver(command=(sys.executable, "-c", "raise SystemExit(3)")),
    )
    assert not failing.receiver.deliver(sent[0])
    assert "exit code 3" in capsys.readouterr().out
    assert not Receiver(command=("/no/such/command",)).deliver(sent[0])


def test_a_reason_that_asks_ends_as_a_question():
    alert = Alert("failed", "grim", "run", "no answer; is it running?")
    assert alert.text == "cohortflow: grim failed; no answer; is it running?"
    named = replace(alert, periods=4, done=1)
    assert named.text.endswith("is it running?; now 1 of 4 periods are done.")


def test_the_text_names_so_many_and_no_more():
    alert = Alert(
        "failed",
        "s",
        "r",
        failed=tuple(f"p{number}" for number in range(25)),
        done=5,
        periods=40,
    )
    assert (
        "now 5 of 40 periods are done, 25 failed: p0, p1" in alert.text
        and alert.text.endswith("p19 and 5 more.")
    )
    assert len(alert.as_json()["periods"]) == 25


def test_receivers_are_set_in_the_environment(monkeypatch):
    monkeypatch.setenv(WEBHOOK, "http://127.0.0.1/x")
    monkeypatch.setenv(COMMAND, "mail -s 'a run' somebody")
    assert receiver() == Receiver(
        "http://127.0.0.1/x", ("mail", "-s", "a run", "somebody")
    )
    monkeypatch.setenv(COMMAND, "mail 'a")
    with pytest.raises(ArgumentsError, match=COMMAND):
        receiver()
    monkeypatch.setenv(WEBHOOK, "file:///x")
    with pytest.raises(ArgumentsError, match="begins with http"):
        receiver()


# Runs whose process is gone -----------------------------------------------------------


def _at_work(server: Server, name: str, label: str) -> dict:
    """A flow run that says of itself that it is at work in this process."""
    prefect = Prefect(server.url)
    flow = prefect.ask("flows/", {"name": "cohortflow"})["id"]
    wish = {
        "flow_id": flow,
        "name": name,
        "labels": {LABEL: label},
        "state": {"type": "RUNNING"},
    }
    return prefect.ask("flow_runs/", wish)


def test_a_run_whose_process_is_gone_has_crashed(
    watcher: Watcher, server: Server, monkeypatch: pytest.MonkeyPatch
):
    """And no other, though somebody sets the clock meanwhile."""
    ours = mark()[LABEL]
    host, pid, born = ours.split()
    runs = {
        "at work": (_at_work(server, "at work", ours), "RUNNING"),
        # its number was given to another since
        "gone": (_at_work(server, "gone", f"{host} {pid} 1.00"), "CRASHED"),
        "elsewhere": (
            _at_work(server, "elsewhere", f"other-{host} {pid} {born}"),
            "RUNNING",
        ),
    }
    monkeypatch.setattr("psutil._pslinux.boot_time", lambda: 1.0)
    watcher.look(now())
    for name, (run, state) in runs.items():
        assert (
            Prefect(server.url).ask(f"flow_runs/{run['id']}")["state_type"] == state
        ), name


@pytest.mark.slow
def test_a_run_says_which_process_it_is(undisturbed: Undisturbed, server: Server):
    run = Prefect(server.url).runs(
        "pressure 2021-05-01..2021-06-01", undisturbed.shelves.workspace
    )[0]
    assert run["labels"][LABEL].split()[0] == mark()[LABEL].split()[0]
