"""The same made-up records as every kind of file give the same numbers."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from tests.flows.commands import Command
from tests.flows.shelves import Shelves, read
from tests.integration.side_by_side import side_by_side
from tests.lib.record_files import write_arrow, write_csv, write_duckdb

# test_kinds_of_values.py has every form with less; these are whole runs
pytestmark = pytest.mark.slow

STUDY = Path(__file__).parent / "definitions" / "every_kind.py"
WRITERS: dict[str, Callable[[pa.Table, Path, str], None]] = {
    "arrow": lambda table, folder, name: write_arrow(table, folder / f"{name}.arrow"),
    "csv": lambda table, folder, name: write_csv(table, folder / f"{name}.csv"),
    "csv.gz": lambda table, folder, name: write_csv(table, folder / f"{name}.csv.gz"),
    "duckdb": lambda table, folder, name: write_duckdb(
        table, folder / "records.duckdb", name
    ),
}


@pytest.fixture(scope="module")
def shelves(
    cohortflow: Command, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Shelves]:
    """What became of the records by kind."""
    folder = tmp_path_factory.mktemp("records")
    places = {"parquet": folder / "parquet"}
    cohortflow("trial", STUDY, "--patients", 300, "--to", places["parquet"]).well()
    places |= {
        kind: _written(places["parquet"], folder / kind, kind) for kind in WRITERS
    }
    workspaces = {kind: folder / f"workspace {kind}" for kind in places}
    commands = {
        kind: ("run", STUDY, "--records", place, "--workspace", workspaces[kind])
        for kind, place in places.items()
    }
    side_by_side(cohortflow, commands)
    return {
        kind: Shelves(workspace, "every_kind") for kind, workspace in workspaces.items()
    }


def _written(tables: Path, folder: Path, kind: str) -> Path:
    folder.mkdir()
    for path in tables.glob("*.parquet"):
        WRITERS[kind](read(path), folder, path.stem)
    return folder / "records.duckdb" if kind == "duckdb" else folder


def test_every_measure_has_found_something(shelves: dict[str, Shelves]):
    counts = shelves["parquet"].counts()
    names = {row["measure"] for row in counts}
    assert len(names) == 7 and names == {
        row["measure"] for row in counts if row["numerator"]
    }


@pytest.mark.parametrize("kind", WRITERS)
def test_raw_counts_are_the_same(shelves: dict[str, Shelves], kind: str):
    ours, theirs = shelves["parquet"].tables("counts"), shelves[kind].tables("counts")
    assert len(ours) == 3 and ours.keys() == theirs.keys()
    for period, table in ours.items():
        assert table.equals(theirs[period])


@pytest.mark.parametrize("kind", WRITERS)
def test_released_files_are_the_same_bytes(shelves: dict[str, Shelves], kind: str):
    ours, theirs = shelves["parquet"].numbers(), shelves[kind].numbers()
    assert ours == theirs and "measures.csv" in ours
