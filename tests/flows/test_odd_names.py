"""A run in places whose names mean more than a name to some reader, with others beside
them.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from measures.counts.columns import FINGERPRINTS
from tests.flows.commands import Command
from tests.flows.conftest import STUDIES
from tests.flows.shelves import Shelves
from tests.lib.odd_names import ODDEST
from tests.lib.places import CHECKOUT
from tests.lib.prefect_server import Server, environment

FOUND = ODDEST.replace("[r]un?*", "run12")  # by the pattern that the other name is


@pytest.fixture
def here(server: Server, tmp_path: Path) -> Iterator[Command]:
    """The command in a working folder of its own."""
    (tmp_path / "folder").mkdir()
    named = environment(tmp_path / "home") | {"PREFECT_API_URL": server.url}
    command = Command(named | {"PYTHONPATH": str(CHECKOUT)}, folder=tmp_path / "folder")
    yield command
    command.end()


def _without_fingerprints(shelves: Shelves) -> list[dict[str, Any]]:
    """Raw counts but for what is made with a key: each home here has its own."""
    return [
        {name: value for name, value in row.items() if name not in FINGERPRINTS}
        for row in shelves.counts()
    ]


@pytest.mark.slow
def test_a_run_sees_its_own_places_alone(
    here: Command, records: Path, whole_weeks: Shelves
):
    """Beside each place lies one that DuckDB's patterns find, whose rows would be
    counted too.
    """
    for each in (ODDEST, FOUND):
        shutil.copytree(STUDIES, here.folder / each)
        shutil.copytree(records, here.folder / each / "records")
    shutil.copytree(whole_weeks.workspace, here.folder / FOUND / "workspace")
    study, workspace = f"{ODDEST}/weekly.py", f"{ODDEST}/workspace"
    given = ("--records", f"{ODDEST}/records", "--workspace", workspace)
    here("run", study, *given).well()
    assert "4 done" in here("status", study, "--workspace", workspace).well().out
    shelves = Shelves(here.folder / workspace, "weekly")
    assert _without_fingerprints(shelves) == _without_fingerprints(whole_weeks)
    released = f"{workspace}/weekly/moderately_sensitive"
    for file in ("measures.csv", "measures.parquet"):
        here("audit", f"{released}/{file}", "--policy", "opensafely").well()
    assert sorted(path.name for path in here.folder.iterdir()) == sorted(
        [ODDEST, FOUND]
    )


@pytest.mark.parametrize(
    "name", ["we?kly", "[w]eekly", "{a,b}", "~", "s3:", "two\nlines"]
)
def test_a_name_of_a_study_is_a_plain_name(here: Command, name: str):
    """It names a folder of the workspace."""
    shutil.copy(STUDIES / "weekly.py", here.folder / f"{name}.py")
    refused = here("check", f"{name}.py")
    assert refused.code == 2 and "cannot name a study" in refused.err
