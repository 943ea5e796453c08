"""A week of an operator: runs by deployment on a whole server, a period that fails, its
rerun, and the pages.

Prefect's own database is PostgreSQL here where there is one to start, as on a server
with several users.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.flows.conftest import STUDIES
from tests.flows.shelves import Shelves, days
from tests.flows.story import BROKEN, PERIODS
from tests.lib.browser import Browser, browser, missing
from tests.lib.postgres_server import postgres_server, programs
from tests.lib.served import LONGEST, Served, served

pytestmark = pytest.mark.slow
STUDY = STUDIES / "weekly.py"
REASON = "A place cannot be used: Is a directory;"
ALERT = "import os, sys; open(os.environ['TOLD'], 'a').write(sys.stdin.read() + '\\n')"


@dataclass(frozen=True)
class Week:
    """`failed` is the run in which a period did, `rerun` the one that made it after
    all.
    """

    server: Served
    first: dict[str, Any]
    failed: dict[str, Any]
    rerun: dict[str, Any]
    alerts: Path


@pytest.fixture(scope="module")
def database() -> Iterator[dict[str, str]]:
    """Where Prefect's server keeps what it knows."""
    if programs() is None:
        yield {}
        return
    with postgres_server() as postgres:
        password = quote(postgres.password, safe="")
        url = (
            f"postgresql+asyncpg://tester:{password}@127.0.0.1:{postgres.port}/records"
        )
        yield {"PREFECT_SERVER_DATABASE_CONNECTION_URL": url}


@pytest.fixture(scope="module")
def week(
    database: dict[str, str], records: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Week]:
    folder = tmp_path_factory.mktemp("operated")
    told = folder / "told"
    command = f"{sys.executable} -c {json.dumps(ALERT)}"
    settings = {
        "COHORTFLOW_STUDIES": STUDY,
        "COHORTFLOW_RECORDS": records,
        "COHORTFLOW_ALERT_COMMAND": command,
    }
    with served(folder, **settings, **database, TOLD=told) as server:
        first = _run(server, "ad-hoc", from_date=days(PERIODS[3])[0])
        obstacle = (
            Shelves(server.workspace, "weekly")
            .results("cohorts")[PERIODS[3]]
            .with_name(f"period={BROKEN}.parquet")
        )
        obstacle.mkdir()  # where the result of a period belongs
        failed = _run(server, "ad-hoc")
        obstacle.rmdir()
        rerun = _run(server, "rerun-failed")
        yield Week(server, first, failed, rerun, told)


def _run(server: Served, deployment: str, **parameters: object) -> dict[str, Any]:
    """A run as `prefect deployment run` starts it, once it has ended."""
    params = [
        word
        for name, value in parameters.items()
        for word in ("--param", f"{name}={value}")
    ]
    words = [
        sys.executable,
        "-m",
        "prefect",
        "deployment",
        "run",
        f"cohortflow/{deployment}",
        *params,
    ]
    before = {run["id"] for run in _runs(server)}
    subprocess.run(
        words,
        env=server.command.environment,
        check=True,
        capture_output=True,
        timeout=LONGEST,
    )
    (run,) = [run for run in _runs(server) if run["id"] not in before]
    return server.prefect.ended(run)


def _runs(server: Served) -> list[dict[str, Any]]:
    runs = server.prefect.ask("flow_runs/filter", {"sort": "START_TIME_DESC"})
    return [run for run in runs if not run["auto_scheduled"]]


def test_runs_by_deployment(week: Week):
    assert (week.first["name"], week.first["state_type"]) == (
        "weekly 2020-03-23..2020-03-23",
        "COMPLETED",
    )
    assert week.failed["state"]["message"] == f"1 of 4 periods failed: {BROKEN}"
    assert (week.rerun["state_type"], week.rerun["state"]["message"]) == (
        "COMPLETED",
        "4 of 4 periods done",
    )
    assert f"extract {BROKEN}" in week.server.prefect.tasks(week.rerun)
    assert (
        len(
            [
                name
                for name in week.server.prefect.tasks(week.rerun)
                if "extract" in name
            ]
        )
        == 1
    )


def test_the_result_is_that_of_an_undisturbed_run(
    week: Week, records: Path, tmp_path: Path
):
    week.server.command(
        "run", STUDY, "--records", records, "--workspace", tmp_path
    ).well()
    ours, theirs = (
        Shelves(week.server.workspace, "weekly").numbers(),
        Shelves(tmp_path, "weekly").numbers(),
    )
    assert ours == theirs and "measures.csv" in ours


def test_the_operator_was_told_of_the_failure(week: Week):
    end = time.monotonic() + 60
    while not week.alerts.exists():
        assert time.monotonic() < end, "nobody was told"
        time.sleep(0.2)
    (alert,) = [
        json.loads(line)
        for line in week.alerts.read_text(encoding="utf-8").splitlines()
    ]
    assert (alert["event"], alert["study"], alert["of"]) == ("failed", "weekly", 4)
    assert alert["reason"] == "1 of 4 periods failed"
    # the numbers are those of the page: by then the rerun may have made the period
    assert alert["periods"] == ([BROKEN] if alert["failed"] else [])


def test_a_command_is_seen_in_the_same_pages(week: Week):
    again = week.server.command(
        "rerun", STUDY, "--periods", PERIODS[0], "--workspace", week.server.workspace
    )
    assert again.well().code == 0
    (run,) = [run for run in _runs(week.server) if run["parameters"].get("only")]
    assert (run["name"], run["state_type"]) == (
        "weekly 2020-03-02..2020-03-23",
        "COMPLETED",
    )


def test_what_somebody_switched_off_stays_off(week: Week):
    prefect, environment = week.server.prefect, week.server.command.environment
    (schedule,) = prefect.ask("deployments/name/cohortflow/weekly")["schedules"]
    place = f"deployments/{schedule['deployment_id']}"
    prefect.ask(f"{place}/schedules/{schedule['id']}", {"active": False}, "PATCH")
    prefect.ask(f"{place}/pause_deployment", {})
    studies = f"{STUDY},nhs_at_home"
    for given, active in (
        (studies, {"study-weekly": False, "study-nhs-at-home": True}),
        (str(STUDY), {"study-weekly": False}),
    ):
        command = [sys.executable, "-m", "flows.serving.register"]
        subprocess.run(
            command,
            env=environment | {"COHORTFLOW_STUDIES": given},
            check=True,
            timeout=LONGEST,
        )
        now = prefect.ask("deployments/name/cohortflow/weekly")
        assert {each["slug"]: each["active"] for each in now["schedules"]} == active
        assert now["paused"]
    prefect.ask(f"{place}/resume_deployment", {})
    prefect.ask(
        f"{place}/schedules/{now['schedules'][0]['id']}", {"active": True}, "PATCH"
    )


def test_prefects_database_is_where_it_was_said(week: Week, database: dict[str, str]):
    sqlite = week.server.home / "prefect" / "prefect.db"
    assert sqlite.exists() != bool(database)


def test_a_run_that_went_down_with_the_server_gives_its_place_to_the_next(
    tmp_path: Path,
):
    settings = {
        "COHORTFLOW_STUDIES": STUDIES / "pressure.py",
        "COHORTFLOW_PATIENTS": 300,
    }
    with served(tmp_path, **settings) as server:
        run = server.prefect.start("ad-hoc", {})
        end = time.monotonic() + LONGEST
        while server.prefect.ask(f"flow_runs/{run['id']}")["state_type"] != "RUNNING":
            assert time.monotonic() < end, "the run does not begin"
            time.sleep(0.1)
        assert server.stop() == 0
    with served(tmp_path, **settings) as server:
        assert server.prefect.ended(run)["state_type"] == "CRASHED"
        again = server.prefect.ended(server.prefect.start("ad-hoc", {}))
        assert (again["state_type"], again["state"]["message"]) == (
            "COMPLETED",
            "8 of 8 periods done",
        )


# In a browser -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pages(week: Week, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser of somebody who has logged in."""
    if missing():
        pytest.skip(f"no {missing()} is installed; infra/chromium-for-tests does it")
    with browser(tmp_path_factory.mktemp("profile"), (1400, 1600)) as pages:
        pages.open(f"{week.server.page}/v2/dashboard")
        pages.fill(week.server.auth, "input[type=password]")
        pages.click("Login")
        pages.wait_for("Active Work Pools", "cohortflow")
        yield pages


def _open(week: Week, pages: Browser, path: str) -> None:
    pages.open(f"{week.server.page}/v2/{path}")


def _keep(pages: Browser, name: str) -> None:
    """A picture for somebody to look at, if a folder for them is named."""
    if folder := os.environ.get("COHORTFLOW_PICTURES"):
        pages.picture(Path(folder) / f"{name}.png")


def _artifact(week: Week, run: dict[str, Any], key: str) -> str:
    return f"artifacts/artifact/{week.server.prefect.artifacts(run)[key]['id']}"


def test_the_page_of_a_run(week: Week, pages: Browser):
    _open(week, pages, f"runs/flow-run/{week.failed['id']}?tab=TaskRuns")
    text = pages.wait_for(
        "weekly 2020-03-02..2020-03-23",
        "Failed",
        *(f"extract {period}" for period in PERIODS[:3]),
    )
    assert "ad-hoc" in text
    _keep(pages, "run")
    _open(week, pages, f"runs/flow-run/{week.failed['id']}?tab=Artifacts")
    pages.wait_for(
        "weekly-progress",
        "weekly-periods",
        "weekly-release",
        "4 periods: 3 done, 1 failed",
    )
    _keep(pages, "artifacts")


def test_the_table_of_periods(week: Week, pages: Browser):
    _open(week, pages, _artifact(week, week.failed, "weekly-periods"))
    text = pages.wait_for("last run (UTC)", *PERIODS)
    assert text.index(BROKEN) < text.index(PERIODS[0]), "what failed comes first"
    assert "✗ failed" in text and REASON in text
    _keep(pages, "periods")


def test_the_page_of_a_release(week: Week, pages: Browser):
    _open(week, pages, _artifact(week, week.rerun, "weekly-release"))
    pages.wait_for("Released numbers", "The release below is new.", "taken")
    loaded = (
        "return [...document.images].filter(each => each.alt.endsWith('per "
        "1,000')).map(each => each.naturalWidth)"
    )
    pages.wait_until(lambda: pages.run(loaded) == [680], "its chart")
    _keep(pages, "release")


def test_how_to_run_again_what_failed(week: Week, pages: Browser):
    _open(week, pages, _artifact(week, week.failed, "weekly-release"))
    pages.wait_for(
        "What failed",
        BROKEN,
        f"cohortflow rerun {STUDY} --failed",
        "Nothing was released.",
    )
    _keep(pages, "failed")


def test_the_deployments_and_their_schedule(week: Week, pages: Browser):
    _open(week, pages, "deployments")
    pages.wait_for("weekly", "ad-hoc", "rerun-failed", "Ready")
    _keep(pages, "deployments")
    id = week.server.prefect.ask("deployments/name/cohortflow/weekly")["id"]
    _open(week, pages, f"deployments/deployment/{id}")
    pages.wait_for("At 06:00 AM, only on Monday", "Next Run")
    _keep(pages, "weekly")


def test_a_run_is_started_from_the_form(week: Week, pages: Browser):
    before = {run["id"] for run in _runs(week.server)}
    id = week.server.prefect.ask("deployments/name/cohortflow/ad-hoc")["id"]
    _open(week, pages, f"deployments/deployment/{id}/run")
    pages.wait_for(
        "study",
        "from_date",
        "periods that begin on or after this day",
        "compute also what is done",
    )
    _keep(pages, "form")
    pages.click("Submit")
    pages.wait_until(
        lambda: {run["id"] for run in _runs(week.server)} - before, "a new run"
    )
    (run,) = [run for run in _runs(week.server) if run["id"] not in before]
    assert week.server.prefect.ended(run)["state"]["message"] == "4 of 4 periods done"


def test_the_page_of_all_studies(week: Week, pages: Browser):
    word = week.server.auth
    pages.open(f"{week.server.page.replace('//', f'//{word}@')}/cohortflow")
    pages.wait_for("weekly", "Weeks", "4 periods: 4 done", "release")
    find = f"document.querySelector('[aria-label=\"{BROKEN}: done\"]')"
    pages.run(f"{find}.focus()")
    pages.run(f"{find}.click()")
    text = pages.wait_for(BROKEN, "attempts", "run (UTC)", REASON)
    assert text.index("done") < text.index(REASON), "its history has the failure"
    assert pages.strangers() == []
    assert [said for said in pages.complaints() if "/cohortflow" in said] == []
    _keep(pages, "grid")
    pages.run(
        f"{find}.dispatchEvent(new KeyboardEvent('keydown', {{key: 'ArrowRight', "
        "bubbles: true}))"
    )
    focused = "return document.activeElement.getAttribute('aria-label')"
    assert pages.run(focused) == f"{PERIODS[2]}: done", (
        "arrow keys lead from period to period"
    )
    pages.seen_as(390)
    assert pages.run("return document.documentElement.scrollWidth") == 390
    _keep(pages, "grid-narrow")
    pages.seen_as(1400)


def test_the_log_of_a_run_holds_its_safe_lines(week: Week):
    chosen = {"logs": {"flow_run_id": {"any_": [week.failed["id"]]}}}
    lines = [each["message"] for each in week.server.prefect.ask("logs/filter", chosen)]
    assert (
        lines[0] == "weekly begins: 4 periods: 1 done, 3 missing"
        and "step: periods" in lines
    )
    assert any(line.startswith(f"{BROKEN} failed: {REASON}") for line in lines)
    assert lines[-1] == (
        "ended: 4 periods: 3 done, 1 failed; 2 made by this run; nothing was released"
    )


def test_the_pages_ask_nobody_else(week: Week, pages: Browser):
    for path in ("dashboard", "runs", "deployments", "settings"):
        _open(week, pages, path)
        pages.wait_for("Dashboard")
        time.sleep(2)  # what a page asks for by itself
        assert pages.strangers() == [], path
