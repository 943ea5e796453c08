"""A DuckDB file as a place of tables."""

import pytest

from extractors.engine import Engine
from extractors.model.schema import TableSchema
from extractors.sources import open_source
from tests.lib.record_files import (
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
    assert message == "There is no table medications in records.duckdb; it has clinical_events."


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
    assert [file.name for file in source.files()] == ["records.duckdb", "records.duckdb.wal"]
