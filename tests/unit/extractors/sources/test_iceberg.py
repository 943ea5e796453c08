"""Iceberg tables, written by pyiceberg."""

import shutil
import sys

import pyarrow as pa
import pytest

from extractors.engine import Engine
from extractors.sources import open_source
from tests.lib.record_files import DAY, check, read, refused

sql = pytest.importorskip("pyiceberg.catalog.sql", reason="no package pyiceberg")
TABLE = pa.table(
    {
        "patient_id": pa.array([1, 2, 3], pa.int64()),
        "date": pa.array([DAY(2020, 1, 2), None, DAY(2021, 1, 2)]),
        "state": ["open", "closed", None],
    }
)


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


@pytest.fixture
def table(tmp_path):
    """A table in the folder of records, made by a catalogue beside it."""
    folder = tmp_path / "records" / "clinical_events"
    folder.mkdir(parents=True)
    catalog = sql.SqlCatalog(
        "made",
        uri=f"sqlite:///{tmp_path}/c.db",
        warehouse=f"file://{tmp_path}/warehouse",
    )
    catalog.create_namespace("n")
    yield catalog.create_table("n.t", schema=TABLE.schema, location=f"file://{folder}")
    catalog.engine.dispose()


def test_the_current_snapshot_with_the_names_of_today(engine, tmp_path, table):
    assert read(engine, tmp_path / "records", columns=["date"]) == []
    table.append(TABLE)
    table.append(TABLE.slice(0, 1))
    table.delete("patient_id = 2")
    with table.update_schema() as schema:
        schema.rename_column("state", "status")
    rows = [
        (1, DAY(2020, 1, 2), "open"),
        (1, DAY(2020, 1, 2), "open"),
        (3, DAY(2021, 1, 2), None),
    ]
    assert read(engine, tmp_path / "records", columns=["date", "status"]) == rows
    assert check(engine, tmp_path / "records", columns=["date", "status"]) == []


def test_files_are_those_of_the_snapshot(tmp_path, table):
    table.append(TABLE)
    before = open_source(str(tmp_path / "records")).files()
    table.overwrite(TABLE)
    after = open_source(str(tmp_path / "records")).files()
    assert len(before) == len(after) == 2 and not {*before} & {*after}


def test_a_table_that_was_moved(engine, tmp_path, table):
    table.append(TABLE)
    shutil.move(tmp_path / "records", tmp_path / "moved")
    assert "was it moved?" in refused(
        check, engine, tmp_path / "moved", columns=["date"]
    )


def test_files_elsewhere_are_not_looked_for(engine, tmp_path, table):
    table.append(TABLE)
    for path in (tmp_path / "records" / "clinical_events" / "metadata").glob("*.json"):
        path.write_text(
            path.read_text(encoding="utf-8").replace(
                "file:/" + "/", "s3:/" + "/bucket"
            ),
            encoding="utf-8",
        )
    assert "has files in another place" in refused(
        check, engine, tmp_path / "records", columns=["date"]
    )


def test_damaged_metadata(engine, tmp_path, table):
    table.append(TABLE)
    for path in (tmp_path / "records" / "clinical_events" / "metadata").glob("*.json"):
        path.write_text("{", encoding="utf-8")
    assert "the Iceberg table cannot be read" in refused(
        check, engine, tmp_path / "records", columns=["date"]
    )


def test_without_the_package(engine, tmp_path, table, monkeypatch):
    table.append(TABLE)
    monkeypatch.setitem(sys.modules, "pyiceberg.table", None)
    assert "pip install pyiceberg" in refused(
        check, engine, tmp_path / "records", columns=["date"]
    )
