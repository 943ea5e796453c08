"""How stored values are read in the types that a table promises."""

import datetime

import duckdb
import pyarrow as pa
import pytest

from extractors.engine import Engine
from extractors.model.schema import Column, TableSchema
from extractors.model.types import ICD10MultiCode
from tests.lib.record_files import (
    CANARY,
    DAY,
    FORMS,
    check,
    one_column,
    place,
    read,
    refused,
)


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


def test_multi_codes_are_text(engine, tmp_path):
    schema = TableSchema("apcs", (Column("all_diagnoses", ICD10MultiCode),))
    (tmp_path / "apcs.csv").write_text(
        'patient_id,all_diagnoses\n1,"||I10 ,J45"\n', encoding="utf-8"
    )
    assert check(engine, tmp_path, schema) == []
    assert read(engine, tmp_path, schema, ["all_diagnoses"]) == [(1, "||I10 ,J45")]


# Types


@pytest.mark.parametrize("form", ["parquet", "arrow", "duckdb"])
@pytest.mark.parametrize(
    ("column", "stored", "expected"),
    [
        (
            "date",
            pa.array([datetime.datetime(2020, 1, 2)], pa.timestamp("ns")),
            DAY(2020, 1, 2),
        ),
        (
            "date",
            pa.array([datetime.datetime(2020, 1, 2)], pa.timestamp("s")),
            DAY(2020, 1, 2),
        ),
        (
            "date",
            pa.array([datetime.datetime(2020, 1, 2)], pa.timestamp("us", "UTC")),
            DAY(2020, 1, 2),
        ),
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
def test_types_that_are_as_good_as_the_promised_one(
    engine, tmp_path, form, column, stored, expected
):
    one_column(tmp_path, form, column, stored)
    check(engine, place(tmp_path), columns=[column])
    assert read(engine, place(tmp_path), columns=[column]) == [(1, expected)]


@pytest.mark.parametrize("form", ["parquet", "arrow", "duckdb"])
@pytest.mark.parametrize(
    ("column", "stored", "rule"),
    [
        (
            "snomedct_code",
            pa.array([7777777.0]),
            "codes stored as floating point numbers lose digits",
        ),
        (
            "consultation_id",
            pa.array([7777777.0]),
            "whole numbers stored as DOUBLE may have lost digits",
        ),
        (
            "consultation_id",
            pa.array([True]),
            "stored as BOOLEAN, but it must hold whole numbers",
        ),
        ("date", pa.array([7777777]), "stored as BIGINT, but it must hold dates"),
        ("status", pa.array([7777777]), "stored as BIGINT, but it must hold text"),
        ("status", pa.array([b"7777777"]), "stored as BLOB, but it must hold text"),
        (
            "status",
            pa.array([["7777777"]]),
            "stored as VARCHAR[], but it must hold text",
        ),
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
        connection.execute(
            "CREATE TABLE clinical_events (patient_id INTEGER, numeric_value mood)"
        )
        connection.execute(f"INSERT INTO clinical_events VALUES (1, 'x{CANARY}')")
    schema = TableSchema("clinical_events", (Column("numeric_value", int),))
    assert "some rows are not whole numbers" in refused(
        check, engine, place(tmp_path), schema
    )


def test_every_wrong_column_of_a_table_is_named_at_once(engine, tmp_path):
    table = pa.table({"patient_id": [1.0], "date": [1], "snomedct_code": [1.0]})
    FORMS["parquet"](table, tmp_path)
    message = refused(read, engine, tmp_path, columns=["date", "snomedct_code"])
    assert [line.split(": ")[1] for line in message.splitlines()] == [
        "column patient_id",
        "column date",
        "column snomedct_code",
    ]
