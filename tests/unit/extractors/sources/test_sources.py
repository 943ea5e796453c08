"""Where records come from: every kind of file gives the same rows in the same types."""

import datetime

import duckdb
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest

from extractors.engine import Engine
from extractors.model.schema import Column, TableSchema
from extractors.model.types import ICD10MultiCode
from extractors.sources import open_source
from tests.lib.record_files import (
    CANARY,
    COLUMNS,
    DAY,
    EVENTS,
    FORMS,
    ROWS,
    TABLE,
    check,
    one_column,
    place,
    read,
    refused,
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
    assert read(engine, place(tmp_path)) == sorted(ROWS, key=lambda row: (row[0], row[1] or DAY.min))
    relation = open_source(place(tmp_path)).relation(engine, EVENTS, COLUMNS)
    types = [row[1] for row in engine.execute(f"DESCRIBE {relation}")]
    assert types == ["BIGINT", "DATE", "VARCHAR", "DOUBLE", "BIGINT", "BOOLEAN", "VARCHAR", "VARCHAR"]


@pytest.mark.parametrize("form", FORMS)
def test_a_relation_may_be_scanned_again_and_joined_with_itself(engine, tmp_path, form):
    FORMS[form](TABLE, tmp_path)
    source = open_source(place(tmp_path))
    twice = [source.relation(engine, EVENTS, columns) for columns in (["date"], ["snomedct_code"])]
    joined = f"SELECT count(*) FROM ({twice[0]}) JOIN ({twice[1]}) USING (patient_id)"
    assert engine.execute(joined) == engine.execute(joined) == [(6,)]
    found = f"SELECT patient_id FROM ({twice[1]}) WHERE snomedct_code IN ('444814009') ORDER BY 1"
    assert engine.execute(found) == [(1,), (2**40,)]


@pytest.mark.parametrize("form", FORMS)
def test_columns_that_are_absent_are_null_and_a_warning(engine, tmp_path, form):
    FORMS[form](TABLE.select(["patient_id"]), tmp_path)
    assert read(engine, place(tmp_path), columns=["date", "snomedct_code"])[0] == (1, None, None)
    (warning,) = check(engine, place(tmp_path), columns=["date"])
    assert warning.endswith("it has no column date, which counts as missing in every row")


@pytest.mark.parametrize("form", FORMS)
def test_a_misspelt_column_is_named_beside_the_one_that_is_missing(engine, tmp_path, form):
    misspelt = TABLE.rename_columns({"snomedct_code": "snomed_code", "date": "a_date"})
    FORMS[form](misspelt, tmp_path)
    (warning,) = check(engine, place(tmp_path), columns=["snomedct_code", "numeric_value"])
    assert warning.endswith(
        "it has no column snomedct_code, which counts as missing in every row; "
        "columns of it that are not known: snomed_code, a column too many, a_date"
    )


def test_of_many_unknown_columns_a_few_are_named(engine, tmp_path):
    FORMS["csv"](pa.table({"patient_id": [1], **{f"x{n:02}": [1] for n in range(30)}}), tmp_path)
    (warning,) = check(engine, place(tmp_path), columns=["date"])
    assert "x00, x01" in warning and warning.endswith("x09, …")


@pytest.mark.parametrize("form", FORMS)
def test_a_table_without_rows_is_a_warning(engine, tmp_path, form):
    FORMS[form](TABLE.slice(0, 0), tmp_path)
    assert read(engine, place(tmp_path)) == []
    (warning,) = check(engine, place(tmp_path))
    assert "has no rows" in warning


def test_no_columns_at_all_gives_the_patients(engine, tmp_path):
    FORMS["csv"](TABLE, tmp_path)
    assert read(engine, tmp_path, columns=[]) == [(1,), (1,), (2,), (2**40,)]


def test_columns_that_nobody_asks_for_may_hold_anything(engine, tmp_path):
    (tmp_path / "clinical_events.csv").write_text("patient_id,date,numeric_value\n1,2020-01-01,many\n")
    assert check(engine, tmp_path, columns=["date"]) == []


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
    (tmp_path / "notes.csv").write_text('patient_id,note\n1,"a,""b"""\n2,"c\nd"\n')
    assert read(engine, tmp_path, schema, ["note"]) == [tuple(row.values()) for row in table.to_pylist()]


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


def test_multi_codes_are_text(engine, tmp_path):
    schema = TableSchema("apcs", (Column("all_diagnoses", ICD10MultiCode),))
    (tmp_path / "apcs.csv").write_text('patient_id,all_diagnoses\n1,"||I10 ,J45"\n')
    assert check(engine, tmp_path, schema) == []
    assert read(engine, tmp_path, schema, ["all_diagnoses"]) == [(1, "||I10 ,J45")]


# Types


@pytest.mark.parametrize("form", ["parquet", "arrow", "duckdb"])
@pytest.mark.parametrize(
    ("column", "stored", "expected"),
    [
        ("date", pa.array([datetime.datetime(2020, 1, 2)], pa.timestamp("ns")), DAY(2020, 1, 2)),
        ("date", pa.array([datetime.datetime(2020, 1, 2)], pa.timestamp("s")), DAY(2020, 1, 2)),
        ("date", pa.array([datetime.datetime(2020, 1, 2)], pa.timestamp("us", "UTC")), DAY(2020, 1, 2)),
        ("date", pa.array([DAY(2020, 1, 2)], pa.date64()), DAY(2020, 1, 2)),
        ("date", pa.array(["2020-01-02"]), DAY(2020, 1, 2)),
        ("date", pa.array([""]), None),
        ("date", pa.nulls(1), None),
        ("snomedct_code", pa.array([444814009], pa.int64()), "444814009"),
        ("snomedct_code", pa.array([444814009], pa.uint64()), "444814009"),
        ("snomedct_code", pa.array([444814009], pa.decimal128(18, 0)), "444814009"),
        ("snomedct_code", pa.nulls(1), None),
        ("numeric_value", pa.array([3], pa.int32()), 3.0),
        ("numeric_value", pa.array([1.5], pa.float32()), 1.5),
        ("numeric_value", pa.array(["1.5"]), 1.5),
        ("consultation_id", pa.array([200], pa.uint8()), 200),
        ("consultation_id", pa.array([200], pa.uint64()), 200),
        ("consultation_id", pa.array([200], pa.decimal128(10, 0)), 200),
        ("consultation_id", pa.array(["-200"]), -200),
        ("flag", pa.array([1], pa.int8()), True),
        ("flag", pa.array(["f"]), False),
        ("flag", pa.array(["TRUE"]), True),
    ],
)
def test_types_that_are_as_good_as_the_promised_one(engine, tmp_path, form, column, stored, expected):
    one_column(tmp_path, form, column, stored)
    check(engine, place(tmp_path), columns=[column])
    assert read(engine, place(tmp_path), columns=[column]) == [(1, expected)]


@pytest.mark.parametrize("form", ["parquet", "arrow", "duckdb"])
@pytest.mark.parametrize(
    ("column", "stored", "rule"),
    [
        ("snomedct_code", pa.array([7777777.0]), "codes stored as floating point numbers lose digits"),
        ("consultation_id", pa.array([7777777.0]), "whole numbers stored as DOUBLE may have lost digits"),
        ("consultation_id", pa.array([True]), "stored as BOOLEAN, but it must hold whole numbers"),
        ("date", pa.array([7777777]), "stored as BIGINT, but it must hold dates"),
        ("status", pa.array([7777777]), "stored as BIGINT, but it must hold text"),
        ("status", pa.array([b"7777777"]), "stored as BLOB, but it must hold text"),
        ("status", pa.array([["7777777"]]), "stored as VARCHAR[], but it must hold text"),
        (
            "numeric_value",
            pa.array(["7777777"]).cast(pa.binary()),
            "stored as BLOB, but it must hold numbers",
        ),
        ("flag", pa.array([7777777.0]), "stored as DOUBLE, but it must hold T or F"),
    ],
)
def test_types_that_are_not(engine, tmp_path, form, column, stored, rule):
    one_column(tmp_path, form, column, stored)
    for call in (check, read):
        message = refused(call, engine, place(tmp_path), columns=[column])
        assert f"column {column}: {rule}" in message and "store" in message


def test_an_enum_is_text(engine, tmp_path):
    with duckdb.connect(str(tmp_path / "records.duckdb")) as connection:
        connection.execute(f"CREATE TYPE mood AS ENUM ('x{CANARY}')")
        connection.execute("CREATE TABLE clinical_events (patient_id INTEGER, numeric_value mood)")
        connection.execute(f"INSERT INTO clinical_events VALUES (1, 'x{CANARY}')")
    schema = TableSchema("clinical_events", (Column("numeric_value", int),))
    assert "1 row is not a whole number" in refused(check, engine, place(tmp_path), schema)


def test_every_wrong_column_of_a_table_is_named_at_once(engine, tmp_path):
    table = pa.table({"patient_id": [1.0], "date": [1], "snomedct_code": [1.0]})
    FORMS["parquet"](table, tmp_path)
    message = refused(read, engine, tmp_path, columns=["date", "snomedct_code"])
    assert [line.split(": ")[1] for line in message.splitlines()] == [
        "column patient_id",
        "column date",
        "column snomedct_code",
    ]
