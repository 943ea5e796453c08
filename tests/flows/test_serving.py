"""The whole server as one command: closed, complete, alive after a part died, gone when
stopped.
"""

import datetime
import json
import os
import re
import socket
import ssl
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import psutil
import pytest

from extractors.errors import ArgumentsError
from flows.prefect_server.asking import authorization
from flows.preparing.options import NothingComplete, Options
from flows.preparing.prepare import prepare
from flows.serving import command, deployed, parts
from flows.serving.keeper import Keeper
from flows.serving.setting import setting
from tests.flows.conftest import STUDY
from tests.flows.shelves import Shelves, days
from tests.lib.prefect_server import free_port
from tests.lib.proxy import Listener, listener
from tests.lib.served import Served, served

# Found by hand in the calendar: weeks from Monday 3 May 2021, May and June, and the
# time of both.
BY_MAY_24 = [
    "2021-05-03..2021-05-09",
    "2021-05-10..2021-05-16",
    "2021-05-17..2021-05-23",
]
MONDAY = "2021-05-24T05:00:00+00:00"  # six o'clock in London


@pytest.fixture(scope="module")
def proxy() -> Iterator[Listener]:
    with listener() as heard:
        yield heard


@pytest.fixture(scope="module")
def server_(
    tmp_path_factory: pytest.TempPathFactory, proxy: Listener
) -> Iterator[Served]:
    """On a machine whose environment names a proxy."""
    settings = {
        "COHORTFLOW_STUDIES": STUDY,
        "COHORTFLOW_PATIENTS": 300,
        "COHORTFLOW_POLICY": "none",
    }
    with served(
        tmp_path_factory.mktemp("served"), **settings, **proxy.environment("socks5")
    ) as server:
        yield server


def test_everything_listens_on_this_machine_alone(server_: Served):
    listening = [
        connection.laddr
        for process in server_.family()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert {server_.port, server_.dask_port} <= {address.port for address in listening}
    assert {address.ip for address in listening} == {"127.0.0.1"}


def test_nobody_gets_in_without_the_word(server_: Served):
    with pytest.raises(urllib.error.HTTPError, match="401") as refused:
        urllib.request.urlopen(f"{server_.page}/api/flow_runs/count", b"{}", timeout=30)
    refused.value.close()
    assert server_.prefect.ask("flow_runs/count", {}) >= 0


def test_nobody_computes_without_the_key(server_: Served):
    stranger = ssl.create_default_context(cafile=server_.home / "dask.pem")
    stranger.check_hostname = False
    with (
        socket.create_connection(
            ("127.0.0.1", server_.dask_port), timeout=30
        ) as connection,
        pytest.raises(ssl.SSLError, match="CERTIFICATE_REQUIRED|certificate required"),
        stranger.wrap_socket(connection) as spoken,
    ):
        spoken.recv(1)


def test_pages_may_speak_to_their_server_alone(server_: Served):
    for path in ("/", "/v2/", "/api/health"):
        with urllib.request.urlopen(server_.page + path, timeout=30) as answer:
            assert "connect-src 'self';" in answer.headers["Content-Security-Policy"]


def test_health_is_open_and_numbers_need_the_word(server_: Served):
    with urllib.request.urlopen(f"{server_.page}/health", timeout=30) as answer:
        assert json.load(answer) == {
            "healthy": True,
            "parts": {"database": True, "runner": True, "scheduler": True},
        }
    for path in ("metrics", "cohortflow"):
        with pytest.raises(urllib.error.HTTPError, match="401") as refused:
            urllib.request.urlopen(f"{server_.page}/{path}", timeout=30)
        refused.value.close()
        request = urllib.request.Request(
            f"{server_.page}/{path}",
            headers={"Authorization": authorization(server_.auth)},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            assert "cohortflow" in answer.read().decode()


def test_secrets_are_their_owners(server_: Served):
    for name in ("", "auth", "dask.pem", "environment", "prefect", "logs"):
        assert (server_.home / name).stat().st_mode & 0o077 == 0, name
    password = server_.auth.partition(":")[2]
    assert len(password) >= 24
    commands = [" ".join(process.cmdline()) for process in server_.family()]
    assert commands and not any(password in command for command in commands)
    assert password not in server_.said.read_text(encoding="utf-8")


def test_nothing_is_sent_and_nothing_is_advertised(server_: Served):
    settings = server_.prefect.ask("admin/settings")
    assert settings["server"]["analytics_enabled"] is False
    assert settings["server"]["ui"]["show_promotional_content"] is False
    assert settings["results"]["persist_by_default"] is False
    assert settings["logging"]["log_prints"] is False


def test_deployments(server_: Served):
    found = {
        each["name"]: each for each in server_.prefect.ask("deployments/filter", {})
    }
    assert found.keys() == {"weekly", "ad-hoc", "rerun-failed", "clean"}
    (nightly,) = found["clean"]["schedules"]
    assert nightly["schedule"]["cron"] == "15 3 * * *" and nightly["active"]
    assert found["clean"]["parameters"] == {"keep": 3, "older_than": 30}
    (schedule,) = found["weekly"]["schedules"]
    assert schedule["schedule"] == {
        "cron": "0 6 * * 1",
        "timezone": "Europe/London",
        "day_or": True,
    }
    assert not found["ad-hoc"]["schedules"] and not found["rerun-failed"]["schedules"]
    for each in found.values():
        assert each["global_concurrency_limit"]["limit"] == 1
        assert each["concurrency_options"]["collision_strategy"] == "ENQUEUE"
    form = found["ad-hoc"]["parameter_openapi_schema"]["properties"]
    asked = {
        "study",
        "from_date",
        "to_date",
        "periods",
        "records",
        "policy",
        "force",
        "patients",
        "name",
        "moved",
    }
    asked |= {"only_these", "revise"}
    assert form.keys() == asked
    assert {"format": "date", "type": "string"} in form["from_date"]["anyOf"]
    assert form["force"]["type"] == "boolean" and "controlled" in form["policy"]["enum"]
    assert all(field["description"] for field in form.values())


def test_weekly_runs_stand_in_the_calendar(server_: Served):
    chosen = {
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
        "deployments": {"name": {"any_": ["weekly"]}},
    }
    runs = [
        run
        for run in server_.prefect.ask("flow_runs/filter", chosen)
        if run["auto_scheduled"]
    ]
    times = [
        datetime.datetime.fromisoformat(run["expected_start_time"]) for run in runs
    ]
    london = [time.astimezone(ZoneInfo("Europe/London")) for time in times]
    assert len(runs) >= 2 and {
        (time.weekday(), time.hour, time.minute) for time in london
    } == {(0, 6, 0)}


def test_a_weekly_run_takes_up_what_had_ended_by_its_date(server_: Served):
    run = server_.prefect.ended(server_.prefect.start("weekly", {}, at=MONDAY))
    assert (run["state_type"], run["state"]["message"]) == (
        "COMPLETED",
        "3 of 3 periods done",
    )
    assert run["name"] == "pressure 2021-05-03..2021-05-17"
    tasks = server_.prefect.tasks(run)
    assert {
        name.removeprefix("extract ") for name in tasks if "extract" in name
    } == set(BY_MAY_24)
    shelves = Shelves(server_.workspace)
    assert list(shelves.results("counts")) == BY_MAY_24
    assert max(row["interval_end"] for row in shelves.rows()) == "2021-05-23"


def test_a_proxy_hears_nothing_of_all_that(server_: Served, proxy: Listener):
    assert server_.command("status", STUDY, "--workspace", server_.workspace).well()
    assert not proxy.heard


def test_no_page_of_another_server_reads_the_answers(server_: Served):
    headers = {
        "Origin": "http://elsewhere.example",
        "Access-Control-Request-Method": "POST",
    }
    for method in ("GET", "OPTIONS"):
        asked = urllib.request.Request(
            f"{server_.page}/api/health", headers=headers, method=method
        )
        with urllib.request.urlopen(asked, timeout=30) as answer:
            assert not [
                name
                for name in answer.headers
                if name.lower().startswith("access-control")
            ]


def test_parts_that_die_come_back_and_all_go_together(server_: Served):
    family = server_.family()
    for words, name in (
        ("dask_scheduler", "scheduler"),
        ("flows.serving.alerts", "alerts"),
    ):
        server_.part(words).kill()
        server_.wait_for(f"{name} ended (signal SIGKILL); it starts again in 1 s")
    end = datetime.datetime.now() + datetime.timedelta(seconds=60)
    while not _connects(server_.dask_port):
        assert datetime.datetime.now() < end, "the scheduler never came back"
    family += server_.family()
    second = server_.command("serve")
    assert (
        second.code == 2 and "is served already; stop that server first" in second.err
    )
    assert server_.stop() == 0
    gone, alive = psutil.wait_procs(family, timeout=30)
    assert gone and not alive
    assert "stopped" in server_.said.read_text(encoding="utf-8")


def _connects(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.mark.slow
def test_the_runner_of_before_is_not_taken_for_this_one(tmp_path: Path):
    """Prefect calls a worker online for a minute and a half after its end; up is only
    one that has spoken since.
    """
    with served(tmp_path):
        pass
    started = datetime.datetime.now(datetime.UTC)
    with served(tmp_path) as again:
        (runner,) = again.prefect.ask("work_pools/cohortflow/workers/filter", {})
        assert datetime.datetime.fromisoformat(runner["last_heartbeat_time"]) > started


# Without a server ---------------------------------------------------------------------


def complete_by(day: str) -> list[str]:
    return list(prepare(Options(str(STUDY), complete_by=day, workspace="nowhere")).jobs)


def test_complete_is_what_had_ended_before_the_day():
    assert complete_by("2021-05-24") == BY_MAY_24
    assert complete_by("2021-05-23") == BY_MAY_24[:2]
    assert "2021-05-01..2021-05-31" in complete_by("2021-06-01")
    assert "2021-05-01..2021-05-31" not in complete_by("2021-05-31")
    assert len(complete_by("2021-07-01")) == 8
    assert all(
        days(period)[1] < datetime.date(2021, 6, 8)
        for period in complete_by("2021-06-08")
    )
    with pytest.raises(
        NothingComplete, match=re.escape("the first one ends on 2021-05-09")
    ):
        complete_by("2021-05-09")


@pytest.mark.parametrize(
    ("scheduled", "day"),
    [
        ("2026-03-29T23:30:00+00:00", "2026-03-30"),  # summer time began that morning
        ("2026-10-25T23:30:00+00:00", "2026-10-25"),  # and ended
        ("2026-06-01T05:00:00+00:00", "2026-06-01"),
    ],
)
def test_the_day_is_londons(monkeypatch, scheduled: str, day: str):
    class Run:
        scheduled_start_time = datetime.datetime.fromisoformat(scheduled)

    monkeypatch.setattr(deployed, "flow_run", Run)
    assert str(deployed.scheduled_day()) == day


def test_deployed_flows_belong_to_a_server(monkeypatch):
    monkeypatch.delenv("COHORTFLOW_WORKSPACE", raising=False)
    with pytest.raises(ArgumentsError, match="cohortflow serve"):
        deployed.rerun_failed.fn(str(STUDY))


def test_what_is_not_complete_yet_waits(monkeypatch, tmp_path: Path):
    class Run:
        scheduled_start_time = datetime.datetime.fromisoformat(
            "2021-05-03T05:00:00+00:00"
        )

    monkeypatch.setattr(deployed, "flow_run", Run)
    monkeypatch.setenv("COHORTFLOW_WORKSPACE", str(tmp_path))
    state = deployed.weekly.fn(str(STUDY))
    assert state.is_completed() and str(state.message).startswith(
        "No period of the study had ended before 2021-05-03"
    )


@pytest.mark.parametrize(("age", "up"), [(5, False), (60, True)])
def test_a_runner_is_up_once_it_has_spoken(
    monkeypatch, tmp_path: Path, age: float, up: bool
):
    beat = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=30)
    runner = {
        "name": parts.worker_name(),
        "status": "ONLINE",
        "last_heartbeat_time": beat.isoformat(),
    }
    monkeypatch.setattr(parts, "ask", lambda *_: [runner])
    assert parts.runner_is_online(setting(str(tmp_path)), age) is up
    runner["status"] = "OFFLINE"
    assert not parts.runner_is_online(setting(str(tmp_path)), age)


@pytest.fixture
def stranger() -> Iterator[int]:
    """The port of another program, which keeps what it hears and answers something of
    its own.
    """
    with listener() as other:
        yield other.port
        assert not any(b"uthorization" in said for said in other.heard), (
            "it is not shown the word"
        )


def test_a_port_that_another_program_has(
    stranger: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name, part in (
        ("COHORTFLOW_PORT", "server"),
        ("COHORTFLOW_DASK_PORT", "scheduler"),
    ):
        monkeypatch.setenv(name, str(stranger))
        message = (
            f"Nothing can listen at port {stranger} of 127.0.0.1 .* set {name} to a "
            "free port"
        )
        with pytest.raises(ArgumentsError, match=message):
            command.run(str(tmp_path / "w"), part)
        with pytest.raises(ArgumentsError, match=message):
            command.run(str(tmp_path / "w"), "")
        monkeypatch.setenv(name, str(free_port()))


def test_a_port_that_another_program_takes_meanwhile(
    stranger: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Between the look at it and the start: the server says so instead of pointing to a
    log.
    """
    monkeypatch.setenv("COHORTFLOW_PORT", str(stranger))
    (server,) = [
        part for part in parts.parts(setting(str(tmp_path))) if part.name == "server"
    ]
    assert server.is_well(1.0) is False, "what answers there is no Prefect server"
    said: list[str] = []
    keeper = Keeper(
        replace(server, command=(sys.executable, "-c", "raise SystemExit(1)")),
        os.environ,
        tmp_path,
        said.append,
    )
    keeper.tick(0.0, frozenset())
    assert keeper._process is not None
    keeper._process.wait(60)
    keeper.tick(1.0, frozenset())
    assert f"it starts again in 1 s; Nothing can listen at port {stranger}" in said[0]
    assert "set COHORTFLOW_PORT to a free port" in said[0]


def test_an_auth_file_that_others_may_read_is_refused(tmp_path: Path, monkeypatch):
    word = tmp_path / "word"
    word.write_text("me:secret\n", encoding="utf-8")
    word.chmod(0o644)
    monkeypatch.setenv("COHORTFLOW_AUTH_FILE", str(word))
    with pytest.raises(ArgumentsError, match=f"chmod 600 {word}"):
        command.run(str(tmp_path / "w"), "server")
    with pytest.raises(ArgumentsError, match="no part 'web'"):
        command.run(str(tmp_path / "w"), "web")
