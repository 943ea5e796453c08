"""A DuckDB file as a place of tables."""

import sqlite3
import subprocess
import sys

import duckdb
import pyarrow as pa
import pyarrow.parquet
import pytest

from extractors.engine import Engine
from extractors.model.schema import TableSchema
from extractors.sources import open_source
from tests.lib.record_files import (
    CANARY,
    FORMS,
    TABLE,
    check,
    place,
    read,
    refused,
    write_duckdb,
)


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


def test_a_missing_table_of_a_database(engine, tmp_path):
    FORMS["duckdb"](TABLE, tmp_path)
    message = refused(read, engine, place(tmp_path), TableSchema("medications", ()), [])
    assert (
        message
        == "There is no table medications in records.duckdb; it has clinical_events."
    )


def test_a_database_with_a_table_in_two_schemas(tmp_path):
    for schema in ("a", "b"):
        write_duckdb(TABLE, tmp_path / "records.duckdb", schema=schema)
    with Engine() as engine:
        assert "in several schemas (a, b)" in refused(read, engine, place(tmp_path))
    write_duckdb(TABLE.slice(0, 1), tmp_path / "records.duckdb")
    with Engine() as engine:
        assert len(read(engine, place(tmp_path))) == 1


def test_a_database_in_two_engines_at_once(engine, tmp_path):
    FORMS["duckdb"](TABLE, tmp_path)
    with Engine() as another:
        assert read(engine, place(tmp_path)) == read(another, place(tmp_path))


def test_a_database_is_never_written(tmp_path, engine):
    FORMS["duckdb"](TABLE, tmp_path)
    before = (tmp_path / "records.duckdb").read_bytes()
    check(engine, place(tmp_path))
    assert (tmp_path / "records.duckdb").read_bytes() == before


def test_the_files_of_a_database(tmp_path):
    FORMS["duckdb"](TABLE, tmp_path)
    source = open_source(place(tmp_path))
    assert source.files() == (tmp_path / "records.duckdb",)
    (tmp_path / "records.duckdb.wal").touch()
    assert [file.name for file in source.files()] == [
        "records.duckdb",
        "records.duckdb.wal",
    ]


@pytest.mark.parametrize(
    "made",
    [
        "SELECT * FROM t",
        "SELECT patient_id, date FROM t",
        "SELECT * FROM 'gone.parquet'",
    ],
)
def test_a_view_whose_table_is_gone(engine, tmp_path, monkeypatch, made):
    monkeypatch.chdir(tmp_path)
    # a variable of that name is no table
    t = pa.table({"patient_id": [1], "date": [CANARY]})
    pa.parquet.write_table(t, "gone.parquet")
    with duckdb.connect("records.duckdb") as connection:
        connection.execute("CREATE TABLE t (patient_id INTEGER, date DATE)")
        connection.execute(f"CREATE VIEW clinical_events AS {made}")
        connection.execute("DROP TABLE t")
    (tmp_path / "gone.parquet").unlink()
    message = refused(check, engine, "records.duckdb", columns=["date"])
    assert "records.duckdb: the view clinical_events cannot be read: a table" in message


def test_a_view_has_the_types_of_today(engine, tmp_path):
    with duckdb.connect(str(tmp_path / "records.duckdb")) as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT 1 AS patient_id, 1.5 AS numeric_value"
        )
        connection.execute("CREATE VIEW clinical_events AS SELECT * FROM t")
        connection.execute("ALTER TABLE t ALTER numeric_value TYPE VARCHAR")
        connection.execute("UPDATE t SET numeric_value = 'x'")
    message = refused(check, engine, place(tmp_path), columns=["numeric_value"])
    assert "some rows are not finite numbers" in message


def test_a_database_that_another_program_writes_to(engine, tmp_path):
    FORMS["duckdb"](TABLE, tmp_path)
    hold = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', "
        "flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", hold, place(tmp_path)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout and writer.stdin
        writer.stdout.readline()
        message = refused(check, engine, place(tmp_path), columns=["date"])
        writer.stdin.close()
    assert "records.duckdb: another program has it open to write" in message


def test_a_database_of_another_kind(tmp_path):
    with sqlite3.connect(tmp_path / "records.duckdb") as connection:
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    assert "it is an SQLite database" in refused(open_source, place(tmp_path))
