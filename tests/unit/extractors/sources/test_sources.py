"""Where records come from: every kind of file gives the same rows in the same types."""

import pyarrow as pa
import pyarrow.parquet
import pytest

from extractors.engine import Engine
from extractors.model.schema import Column, TableSchema
from extractors.sources import open_source
from tests.lib.record_files import (
    COLUMNS,
    DAY,
    EVENTS,
    FORMS,
    ROWS,
    TABLE,
    check,
    place,
    read,
    write_csv,
    write_parts,
)


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


@pytest.mark.parametrize("form", FORMS)
def test_every_kind_of_file_gives_the_same_rows_and_types(engine, tmp_path, form):
    FORMS[form](TABLE, tmp_path)
    assert check(engine, place(tmp_path)) == []
    assert read(engine, place(tmp_path)) == sorted(
        ROWS, key=lambda row: (row[0], row[1] or DAY.min)
    )
    relation = open_source(place(tmp_path)).relation(engine, EVENTS, COLUMNS)
    types = [row[1] for row in engine.execute(f"DESCRIBE {relation}")]
    assert types == [
        "BIGINT",
        "DATE",
        "VARCHAR",
        "DOUBLE",
        "BIGINT",
        "BOOLEAN",
        "VARCHAR",
        "VARCHAR",
    ]


@pytest.mark.parametrize("form", FORMS)
def test_a_relation_may_be_scanned_again_and_joined_with_itself(engine, tmp_path, form):
    FORMS[form](TABLE, tmp_path)
    source = open_source(place(tmp_path))
    twice = [
        source.relation(engine, EVENTS, columns)
        for columns in (["date"], ["snomedct_code"])
    ]
    joined = f"SELECT count(*) FROM ({twice[0]}) JOIN ({twice[1]}) USING (patient_id)"
    assert engine.execute(joined) == engine.execute(joined) == [(6,)]
    found = (
        f"SELECT patient_id FROM ({twice[1]}) WHERE snomedct_code IN ('444814009') "
        "ORDER BY 1"
    )
    assert engine.execute(found) == [(1,), (2**40,)]


def test_odd_but_whole_csv_files(engine, tmp_path):
    text = '\ufeff,patient_id,date,status\n0,1,2020-01-01,"open"\n1,2,"",\n'
    (tmp_path / "clinical_events.csv").write_text(text, encoding="utf-8")
    assert read(engine, tmp_path, columns=["date", "status"]) == [
        (1, DAY(2020, 1, 1), "open"),
        (2, None, None),
    ]


def test_text_with_commas_quotes_and_lines_in_it(engine, tmp_path):
    schema = TableSchema("notes", (Column("note", str),))
    table = pa.table({"patient_id": [1, 2], "note": ['a,"b"', "c\nd"]})
    (tmp_path / "notes.csv").write_text(
        'patient_id,note\n1,"a,""b"""\n2,"c\nd"\n', encoding="utf-8"
    )
    assert read(engine, tmp_path, schema, ["note"]) == [
        tuple(row.values()) for row in table.to_pylist()
    ]


def test_names_are_url_quoted_and_paths_hold_no_wildcards(engine, tmp_path):
    folder = tmp_path / "we[ird]* k=v"
    folder.mkdir()
    schema = TableSchema("my table/1", EVENTS.columns)
    pa.parquet.write_table(TABLE, folder / "my%20table%2F1.parquet")
    write_csv(TABLE, folder / "clinical_events.csv")
    assert len(read(engine, folder, schema)) == len(read(engine, folder)) == 4


def test_a_folder_of_parts_may_be_called_parquet(engine, tmp_path):
    write_parts(TABLE, tmp_path / "clinical_events.parquet")
    assert len(read(engine, tmp_path)) == 4
