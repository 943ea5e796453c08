"""A run for which all is there already: it says what it said, starts nothing, and makes
nothing again.
"""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.flows.commands import Command
from tests.flows.conftest import PATIENTS, STUDY, Undisturbed
from tests.flows.shelves import Shelves, contents
from tests.flows.test_quickness import HEAVY, loaded_by
from tests.lib.prefect_api import Prefect
from tests.lib.prefect_server import Server


@pytest.fixture
def workspace(undisturbed: Undisturbed, tmp_path: Path) -> Path:
    return shutil.copytree(undisturbed.shelves.workspace, tmp_path / "w")


@pytest.fixture
def alone(cohortflow: Command) -> Command:
    """The command where no server is named."""
    named = {
        name: value
        for name, value in cohortflow.environment.items()
        if name != "PREFECT_API_URL"
    }
    return Command(named)


def words(said: str) -> str:
    """What was said, without how long it took."""
    return re.sub(r"\d+ s|[\d-]:[\d-]{2}:[\d-]{2}", "TIME", said)


def test_it_says_what_a_run_says(
    cohortflow: Command, alone: Command, workspace: Path, server: Server
):
    where = ("run", STUDY, *PATIENTS, "--workspace", workspace)
    before, stamps = (
        contents(workspace / "pressure" / "moderately_sensitive"),
        stamps_of(workspace),
    )
    (workspace / "pressure" / "highly_sensitive" / "released.json").unlink()
    made = cohortflow(*where).well()
    assert stamps_of(workspace) != stamps, (
        "without a note nobody knows what the release was made of"
    )
    stamps = stamps_of(workspace)
    noted, left = cohortflow(*where).well(), alone(*where).well()
    assert words(made.out) == words(noted.out) == words(left.out)
    assert words(made.err) == words(noted.err) == words(left.err)
    assert stamps_of(workspace) == stamps
    assert contents(workspace / "pressure" / "moderately_sensitive") == before
    runs = Prefect(server.url).ask("flow_runs/filter", {"sort": "START_TIME_DESC"})
    first, second = (run for run in runs if workspace_of(run) == str(workspace))
    assert first["state_type"] == second["state_type"] == "COMPLETED"


def test_it_tells_programs_the_same(
    alone: Command, undisturbed: Undisturbed, workspace: Path
):
    said = (
        alone("run", STUDY, *PATIENTS, "--workspace", workspace, "--json").well().json
    )
    then = undisturbed.result.json
    same = {"seconds": said["seconds"], "computed": [], "options": said["options"]}
    assert said == then | same
    failed = (
        alone("rerun", STUDY, "--failed", "--workspace", workspace, "--json")
        .well()
        .json
    )
    assert failed == said | {"seconds": failed["seconds"]}


def test_it_starts_nothing(workspace: Path, tmp_path: Path):
    where = ("run", STUDY, *PATIENTS, "--workspace", workspace)
    assert not loaded_by(tmp_path, *where, named={}) & HEAVY
    assert not (tmp_path / "temporary").exists(), "a server has its folder there"


def workspace_of(run: dict[str, Any]) -> str:
    """Where a flow run works; other flows on the server have no workspace."""
    return str(run["parameters"].get("options", {}).get("workspace", ""))


def stamps_of(workspace: Path) -> dict[str, int]:
    """The inode of each file of the release: another one if it was written again."""
    release = Shelves(workspace).release
    return {path.name: path.stat().st_ino for path in release.rglob("*")}
