"""A folder as a place of tables."""

import pyarrow as pa
import pyarrow.parquet
import pytest

from extractors.engine import Engine
from extractors.model.schema import TableSchema
from extractors.sources import open_source
from tests.lib.record_files import (
    FORMS,
    TABLE,
    read,
    refused,
    write_csv,
)


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


def test_a_table_twice_names_both_files(tmp_path):
    for form in ("csv", "parquet"):
        FORMS[form](TABLE, tmp_path)
    message = refused(open_source, str(tmp_path))
    assert "clinical_events.csv and clinical_events.parquet" in message


def test_a_missing_table_names_those_that_are_there(engine, tmp_path):
    FORMS["csv"](TABLE, tmp_path)
    pa.parquet.write_table(TABLE, tmp_path / "patients.parquet")
    message = refused(read, engine, tmp_path, TableSchema("clinical_event", ()), [])
    assert "no table clinical_event in folder" in message and str(tmp_path) in message
    assert message.endswith(
        "it has clinical_events, patients. Did you mean clinical_events?"
    )
    assert "Did you mean" not in refused(
        read, engine, tmp_path, TableSchema("apcs", ()), []
    )


def test_the_files_of_a_folder(tmp_path):
    FORMS["parts"](TABLE, tmp_path)
    write_csv(TABLE, tmp_path / "patients.csv")
    (tmp_path / "README.md").touch()
    (tmp_path / ".patients.csv.gz").touch()
    (tmp_path / "empty").mkdir()
    files = open_source(str(tmp_path)).files()
    assert [file.relative_to(tmp_path).as_posix() for file in files] == [
        "clinical_events/part.0.parquet",
        "clinical_events/part.1.parquet",
        "patients.csv",
    ]


def test_a_workspace_beside_the_records_is_no_table(tmp_path):
    FORMS["csv"](TABLE, tmp_path)
    (tmp_path / "workspace" / "study" / "highly_sensitive" / "counts").mkdir(
        parents=True
    )
    pa.parquet.write_table(
        TABLE,
        tmp_path / "workspace" / "study" / "highly_sensitive" / "counts" / "a.parquet",
    )
    assert [file.name for file in open_source(str(tmp_path)).files()] == [
        "clinical_events.csv"
    ]


def test_a_folder_without_tables(tmp_path):
    (tmp_path / "README.md").touch()
    assert "holds no tables; a table is a file" in refused(open_source, str(tmp_path))
