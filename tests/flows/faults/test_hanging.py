"""A period that takes for ever: interrupted, tried again, then failed with a reason;
the others are not held up.
"""

import json
import os
import shutil
import time
import urllib.request
from pathlib import Path

import pytest

from extractors.engine import Engine
from extractors.errors import InterruptedRun
from flows.running.cluster import ALONE, DIED
from flows.running.limits import limited
from flows.workspace.settings import Limit
from tests.flows.commands import Command
from tests.flows.faults.runs import FAILS, same
from tests.flows.shelves import Shelves
from tests.flows.story import BROKEN, PERIODS
from tests.flows.story import STUDY as WEEKLY
from tests.lib.places import CHECKOUT
from tests.lib.prefect_server import Server

ENDLESS = (
    "SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b, range(1000000) "
    "AS c WHERE a.range <> b.range"
)
# Python runs this file in every process: the step or period that the file `slow` beside
# it names does not end.
SLOWLY = f'''
import pathlib, sys
from extractors.engine import Engine
SLOW = pathlib.Path(__file__).with_name("slow")
def slowed(method):
    def slow(self, *arguments, **named):
        frame = sys._getframe()
        while frame and frame.f_code.co_name != "limited":
            frame = frame.f_back
        if frame and SLOW.exists() and frame.f_locals["what"] == SLOW.read_text():
            method(self, "{ENDLESS}")
        return method(self, *arguments, **named)
    return slow
Engine.execute, Engine.arrow = slowed(Engine.execute), slowed(Engine.arrow)
'''
# No rule understands it, so every period has a query of its own.
GENERAL = """
days_old = (INTERVAL.start_date - patients.date_of_birth).days
measures.define_measure("days_are_even", numerator=days_old // 2 * 2 == days_old)
"""


@pytest.fixture
def slowed(cohortflow: Command, tmp_path: Path) -> Command:
    """The command, in whose processes whatever `slow` names is slow."""
    (tmp_path / "sitecustomize.py").write_text(SLOWLY, encoding="utf-8")
    return Command(
        cohortflow.environment | {"PYTHONPATH": f"{tmp_path}{os.pathsep}{CHECKOUT}"}
    )


def test_a_query_is_interrupted():
    def endless() -> None:
        with Engine() as engine:
            engine.execute(ENDLESS)

    started = time.monotonic()
    with pytest.raises(
        InterruptedRun,
        match=r"^x took longer than 1 s \(COHORTFLOW_PERIOD_SECONDS\)\.$",
    ):
        limited(Limit(1, "COHORTFLOW_PERIOD_SECONDS"), "x", endless)
    assert time.monotonic() - started < 60


def test_what_ends_in_time_is_left_alone():
    assert limited(Limit(3600, "X"), "x", divmod, 7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        limited(Limit(3600, "X"), "x", divmod, 7, 0)


@pytest.mark.slow
def test_a_period_is_tried_again_then_failed(
    cohortflow: Command,
    slowed: Command,
    server: Server,
    studies: Path,
    records: Path,
    tmp_path: Path,
):
    """One week's query never ends; the other weeks are done, and when it ends again its
    rerun makes all good.
    """
    study, shelves, whole = (
        studies / "odd.py",
        Shelves(tmp_path / "w", "odd"),
        Shelves(tmp_path / "whole", "odd"),
    )
    study.write_text(
        (studies / "weekly.py").read_text(encoding="utf-8") + GENERAL, encoding="utf-8"
    )
    plan = (
        cohortflow(
            "plan", study, "--records", records, "--workspace", tmp_path / "w", "--json"
        )
        .well()
        .json
    )
    assert "general" in {series["kind"] for series in plan["series"].values()}
    cohortflow(
        "run", study, "--records", records, "--workspace", whole.workspace
    ).well()

    (tmp_path / "slow").write_text(BROKEN, encoding="utf-8")
    settings = {"COHORTFLOW_PERIOD_SECONDS": 6}
    result = slowed(
        "run", study, "--records", records, "--workspace", shelves.workspace, **settings
    )
    reason = f"{BROKEN} took longer than 6 s (COHORTFLOW_PERIOD_SECONDS)."
    assert result.code == 3 and f"Failed: {BROKEN}: {reason}" in " ".join(
        result.out.split()
    ), result
    assert "Traceback" not in result.err and ENDLESS not in result.out + result.err
    assert runs_of_the_last(server, f"extract {BROKEN}") == 3
    said = (
        cohortflow("status", study, "--workspace", shelves.workspace, "--json")
        .well()
        .json
    )
    assert [
        (each["state"], each["reason"])
        for each in said["periods"]
        if each["period"] == BROKEN
    ] == [("failed", reason)]
    assert [each["state"] for each in said["periods"]].count("done") == len(PERIODS) - 1
    assert (
        said["release"] is None and not shelves.unfinished() and not shelves.released()
    )

    (tmp_path / "slow").unlink()
    rerun = slowed(
        "rerun", study, "--failed", "--workspace", shelves.workspace, "--json"
    ).well()
    assert rerun.json["computed"] == [BROKEN]
    assert same(shelves, whole)


@pytest.mark.slow
def test_a_step_is_tried_again_then_failed(
    slowed: Command, server: Server, records: Path, whole_weeks: Shelves, tmp_path: Path
):
    (tmp_path / "slow").write_text("static", encoding="utf-8")
    shelves = Shelves(tmp_path / "w", "weekly")
    run = ("run", WEEKLY, "--records", records, "--workspace", shelves.workspace)
    result = slowed(*run, COHORTFLOW_STEP_SECONDS=2)
    assert (
        result.code == 1
        and "static took longer than 2 s (COHORTFLOW_STEP_SECONDS)." in result.err
    )
    assert "Traceback" not in result.err and not shelves.unfinished()
    assert runs_of_the_last(server, "static") == 3
    (tmp_path / "slow").unlink()
    slowed(*run, COHORTFLOW_STEP_SECONDS=600).well()
    assert same(shelves, whole_weeks)


def runs_of_the_last(server: Server, name: str) -> int:
    """How often Prefect says that the last task of this name was tried."""
    body = json.dumps(
        {
            "task_runs": {"name": {"any_": [name]}},
            "sort": "EXPECTED_START_TIME_DESC",
            "limit": 1,
        }
    )
    ask = urllib.request.Request(
        f"{server.url}/task_runs/filter",
        body.encode(),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(ask, timeout=30) as answer:
        (run,) = json.load(answer)
    return run["run_count"]


@pytest.mark.slow
def test_what_cannot_be_interrupted(
    cohortflow: Command, tmp_path: Path, whole_weeks: Shelves, records: Path
):
    """Files that are never given out, as on a network disk whose server is away:
    workers that wait are ended.
    """
    shutil.copytree(whole_weeks.workspace, tmp_path / "w")
    shelves = Shelves(tmp_path / "w", "weekly")
    run = ("run", WEEKLY, "--records", records, "--workspace", shelves.workspace)
    for shelf in ("cohorts", "counts"):
        shutil.rmtree(shelves.high / shelf)
    files = {
        path: path.read_bytes() for path in shelves.high.glob("timelines/*/*.arrow")
    }
    for path in files:
        path.unlink()
        os.mkfifo(path)
    result = cohortflow(*run, COHORTFLOW_PERIOD_SECONDS=2, COHORTFLOW_STEP_SECONDS=2)
    assert result.code in FAILS, result
    # the latter where nannies do not come round to replace them, on a busy machine
    assert (
        DIED in " ".join((result.out + result.err).split())
        or ALONE in result.out + result.err
    )
    assert shelves.released() == whole_weeks.released()
    for path, content in files.items():
        path.unlink()
        path.write_bytes(content)
    cohortflow(*run).well()
    assert same(shelves, whole_weeks)
