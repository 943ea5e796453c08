"""Old runs go from the database of a real server, and dead results from the workspace,
by the command.
"""

from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.flows.commands import Command
from tests.flows.conftest import STUDIES
from tests.flows.records import write_records
from tests.flows.shelves import Shelves
from tests.lib.prefect_api import Prefect
from tests.lib.prefect_server import Server, environment, prefect_server

pytestmark = pytest.mark.slow  # a server of its own: others still look at their runs
STUDY = STUDIES / "weekly.py"


@pytest.fixture
def own(tmp_path: Path) -> Iterator[tuple[Server, Command]]:
    folder = tmp_path / "prefect"
    folder.mkdir()
    with prefect_server(folder) as server:
        command = Command(
            environment(tmp_path / "home") | {"PREFECT_API_URL": server.url}
        )
        yield server, command
        command.end()


def test_three_loads_become_one(own: tuple[Server, Command], tmp_path: Path):
    server, command = own
    prefect, workspace = Prefect(server.url), tmp_path / "w"
    (workspace / ".server").mkdir(parents=True)
    records = write_records(tmp_path / "tables")
    for _ in range(3):
        command("run", STUDY, "--records", records, "--workspace", workspace).well()
        _shorten(records)
    shelves = Shelves(workspace, "weekly")
    released = shelves.released()
    said = command("status", "weekly", "--workspace", workspace).well().out
    assert " are dead; they go with: cohortflow clean" in said
    before = (
        command("status", "weekly", "--workspace", workspace, "--json")
        .well()
        .json["workspace"]
    )
    assert before["snapshots"]["needs"] < before["snapshots"]["holds"]

    asked = ("clean", "--older-than", 0, "--workspace", workspace, "--json")
    told = command(*asked, "--dry-run").well().json
    assert told["prefect_runs"] == 2 and len(_runs(prefect)) == 3
    assert command(*asked).well().json == told | {"dry_run": False}
    (run,) = _runs(prefect)
    artifacts = prefect.ask("artifacts/filter", {})
    assert artifacts and {each["flow_run_id"] for each in artifacts} == {run["id"]}
    assert all(each["metadata_"] == {"cohortflow.format": "1"} for each in artifacts)
    assert {each["flow_run_id"] for each in prefect.ask("task_runs/filter", {})} == {
        run["id"]
    }

    for shelf in ("snapshots", "static", "timelines", "cohorts", "counts"):
        assert (
            len([path for path in (shelves.high / shelf).iterdir() if path.is_dir()])
            == 1
        )
    assert shelves.released() == released
    after = (
        command("status", "weekly", "--workspace", workspace, "--json")
        .well()
        .json["workspace"]
    )
    assert all(each["holds"] == each["needs"] for each in after.values())


def _runs(prefect: Prefect) -> list[dict]:
    return list(prefect.ask("flow_runs/filter", {}))


def _shorten(records: Path) -> None:
    """Another load: the last person has gone."""
    path = records / "clinical_events.parquet"
    table = pq.ParquetFile(path).read()
    pq.write_table(table.slice(0, len(table) - 1), path)
