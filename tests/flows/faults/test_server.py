"""Prefect's server goes away while a run works; and a run that goes away is not Running
for ever.
"""

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.commands import Command, kill_all, wait_until
from tests.flows.faults.runs import long_run, midway, same
from tests.flows.shelves import Shelves
from tests.lib.prefect_server import Restartable, environment, restartable_server

pytestmark = pytest.mark.slow
PATIENCE = 400  # seconds: Prefect tries for a minute to tell a server how a run ended


@pytest.fixture
def apart(tmp_path: Path) -> Iterator[Restartable]:
    """A server that no other test needs."""
    with restartable_server(tmp_path / "prefect") as server:
        yield server


@pytest.fixture
def command(apart: Restartable, tmp_path: Path) -> Command:
    return Command(environment(tmp_path / "home") | {"PREFECT_API_URL": apart.url})


@pytest.mark.parametrize("comes_back", [False, True])
def test_the_server_is_killed(
    command: Command,
    apart: Restartable,
    whole: Shelves,
    tmp_path: Path,
    comes_back: bool,
):
    shelves = Shelves(tmp_path / "workspace")
    with command.start(*long_run(shelves.workspace)) as process:
        assert wait_until(lambda: midway(shelves), process)
        apart.kill()
        assert not shelves.release.exists(), "it was killed too late"
        if comes_back:
            apart.start()
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, err
    assert len(json.loads(out)["headlines"]) and "Traceback" not in err
    assert same(shelves, whole)
    assert ("Prefect's server was lost" in err) != comes_back
    if comes_back:
        assert states(apart) == ["COMPLETED"]


def test_a_killed_run_is_marked_by_the_next(
    command: Command, apart: Restartable, whole: Shelves, tmp_path: Path
):
    shelves = Shelves(tmp_path / "workspace")
    with command.start(*long_run(shelves.workspace)) as process:
        assert wait_until(lambda: midway(shelves), process)
        kill_all(process)
    assert states(apart) == ["RUNNING"]
    command(*long_run(shelves.workspace)).well()
    assert states(apart) == ["CRASHED", "COMPLETED"]
    command(*long_run(shelves.workspace)).well()
    assert states(apart) == ["CRASHED", "COMPLETED", "COMPLETED"]
    assert same(shelves, whole)


def states(server: Restartable) -> list[Any]:
    """How all flow runs ended, the first one first."""
    body = json.dumps({"sort": "START_TIME_ASC"}).encode()
    request = urllib.request.Request(
        f"{server.url}/flow_runs/filter", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return [run["state_type"] for run in json.load(answer)]
