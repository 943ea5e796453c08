"""Rows that break a rule are counted for the site's people; all others read the rule,
and no value or number.
"""

import datetime
import re

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest

from extractors.engine import Engine
from extractors.errors import EngineError
from extractors.model.schema import Column, TableSchema
from tests.lib.record_files import (
    CANARY,
    FORMS,
    PATIENTS,
    check,
    dirt,
    found,
    one_column,
    place,
    read,
    refused,
    write_csv,
)


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


DIRT = [
    ("date", ["2020-01-01", "7777777", "2020-02-30"], (2, "not dates (YYYY-MM-DD)")),
    (
        "date",
        ["2020-1-1", "2020/01/01", "2020-01-01 10:00"],
        (3, "not dates (YYYY-MM-DD)"),
    ),
    ("date", ["01/02/2020", "infinity", "20200101"], (3, "not dates (YYYY-MM-DD)")),
    (
        "consultation_id",
        ["1.0", "7777777x", "1e3", "0x10", "99999999999999999999"],
        (5, "not whole numbers of 64 bits"),
    ),
    ("numeric_value", ["x7777777", "NaN", "inf", "1,5"], (4, "not finite numbers")),
    ("flag", ["yes", "7777777", "N"], (3, "neither T nor F")),
    ("status", ["open", "7777777"], (1, "outside its categories")),
    (
        "snomedct_code",
        ["7.7777777E+17", "444814009.0", "444814009"],
        (2, "codes changed by a spreadsheet (E+ or .0)"),
    ),
    (
        "ctv3_code",
        ["1.2E+35", "12E34", "2469."],
        (1, "codes changed by a spreadsheet (E+ or .0)"),
    ),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("column", "values", "rule"), DIRT)
def test_dirt_is_counted_and_named(engine, tmp_path, form, column, values, rule):
    one_column(tmp_path, form, column, pa.array(values))
    number, words = rule
    message = refused(check, engine, place(tmp_path), columns=[column])
    assert f": column {column}: some rows are {words}; " in message
    (_, told, rows, _), *_ = dirt(check, engine, place(tmp_path), columns=[column])
    assert (rows, told) == (number, words)


@pytest.mark.parametrize("form", ["parquet", "arrow", "duckdb"])
@pytest.mark.parametrize(
    ("column", "stored", "rule"),
    [
        (
            "date",
            pa.array([datetime.datetime(2020, 1, 2, 7, 7)]),
            (1, "dates with a time of day"),
        ),
        (
            "date",  # midnight in London in summer is 23:00 of the day before in UTC
            pa.array([datetime.datetime(2020, 7, 1, 23)], pa.timestamp("us", "UTC")),
            (1, "dates with a time of day"),
        ),
        (
            "numeric_value",
            pa.array([float("nan"), float("inf")]),
            (2, "not finite numbers"),
        ),
        (
            "consultation_id",
            pa.array([2**64 - 1], pa.uint64()),
            (1, "not whole numbers of 64 bits"),
        ),
        ("flag", pa.array([7], pa.int8()), (1, "neither T nor F")),
    ],
)
def test_dirt_that_only_typed_files_can_hold(
    engine, tmp_path, form, column, stored, rule
):
    one_column(tmp_path, form, column, stored)
    number, words = rule
    assert f"column {column}: some rows are {words}" in refused(
        check, engine, place(tmp_path), columns=[column]
    )
    (_, told, rows, _), *_ = dirt(check, engine, place(tmp_path), columns=[column])
    assert (rows, told) == (number, words)


@pytest.mark.parametrize("form", ["csv", "csv.gz", "parquet", "arrow", "parts"])
def test_the_first_bad_row_of_a_file_is_told(engine, tmp_path, form):
    one_column(
        tmp_path, form, "date", pa.array(["2020-01-01", None, "7777777", "7777777"])
    )
    ((_, _, rows, first),) = dirt(check, engine, tmp_path, columns=["date"])
    assert (rows, first) == (2, 3 if form != "parts" else None)


def test_the_first_bad_row_of_a_large_file_with_many_threads(tmp_path):
    days = ["2020-01-01"] * 300_000
    days[250_000] = days[299_999] = CANARY
    one_column(tmp_path, "csv", "date", pa.array(days))
    with Engine(threads=4) as engine:
        found = dirt(check, engine, tmp_path, columns=["date"])
    assert found == [("date", "not dates (YYYY-MM-DD)", 2, 250_001)]


def test_all_faults_of_a_table_come_at_once(engine, tmp_path):
    rows = [
        "patient_id,date,status,snomedct_code",
        f"{CANARY}x,1,{CANARY},{CANARY}.0",
        ",2020-01-01,open,444814009",
    ]
    (tmp_path / "clinical_events.csv").write_text(
        "\n".join(rows) + "\n", encoding="utf-8"
    )
    columns = ["date", "status", "snomedct_code"]
    assert refused(check, engine, tmp_path, columns=columns).splitlines() == [
        "clinical_events.csv: column patient_id: some rows are without a value (the "
        "first is data row 2); every row needs its patient",
        "clinical_events.csv: column patient_id: some rows are not whole numbers of "
        "64 bits (the first is data row 1); write digits only and missing values as "
        "NULL",
        "clinical_events.csv: column date: some rows are not dates (YYYY-MM-DD); "
        "write dates as YYYY-MM-DD and missing ones as NULL",
        "clinical_events.csv: column status: some rows are outside its categories; "
        "they are 'open', 'closed', '7'",
        "clinical_events.csv: column snomedct_code: some rows are codes changed by a "
        "spreadsheet (E+ or .0); export the column again, as text",
    ]
    assert [
        (column, rows, first)
        for column, _, rows, first in dirt(check, engine, tmp_path, columns=columns)
    ] == [
        ("patient_id", 1, 2),
        ("patient_id", 1, 1),
        ("date", 1, 1),
        ("status", 1, 1),
        ("snomedct_code", 1, 1),
    ]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_patients_have_one_row(engine, tmp_path, form):
    table = pa.table({"patient_id": [1, 2, 1, 1], "sex": ["male"] * 4})
    write = pa.parquet.write_table if form == "parquet" else write_csv
    write(table, tmp_path / f"patients.{form}")
    message = refused(check, engine, tmp_path, PATIENTS, ["sex"])
    assert (
        f"patients.{form}: column patient_id: some rows are further rows of a patient; "
        in message
    )
    assert dirt(check, engine, tmp_path, PATIENTS, ["sex"]) == [
        ("patient_id", "further rows of a patient", 2, None),
    ]


def test_broken_promises_that_are_only_warnings(engine, tmp_path):
    rows = [
        "1,1950-01-02,,7,E02000001",
        "2,,female,32900,x7777777",
        "3,1950-01-01,male,-100,",
        "4,1950-01-01,male,0,",
    ]
    text = "\n".join(["patient_id,date_of_birth,sex,imd_rounded,msoa_code", *rows])
    (tmp_path / "patients.csv").write_text(text, encoding="utf-8")
    all_found = found(engine, tmp_path, PATIENTS)
    assert not any(
        CANARY in warning or re.search(r"\d rows?|row \d", warning)
        for warning in all_found.said
    )
    assert [
        warning.partition(": column ")[2].partition(";")[0]
        for warning in all_found.said
    ] == [
        "date_of_birth: some rows are not the first of a month",
        "date_of_birth: some rows are NULL",
        "sex: some rows are NULL",
        "imd_rounded: some rows are outside the range that the table promises",
        "msoa_code: some rows are not of the form that the table promises",
    ]
    assert [each.rows for each in all_found.dirt] == [1, 1, 1, 3, 1]


def test_whole_number_categories(engine, tmp_path):
    schema = TableSchema(
        "addresses", (Column("address_type", int, categories=(0, 1, 3)),)
    )
    (tmp_path / "addresses.csv").write_text(
        "patient_id,address_type\n1,0\n2,3\n3,7777777\n4,\n", encoding="utf-8"
    )
    assert "some rows are outside its categories" in refused(
        check, engine, tmp_path, schema
    )


def test_an_empty_code_is_none(engine, tmp_path):
    one_column(tmp_path, "parquet", "snomedct_code", pa.array(["444814009", ""]))
    (warning,) = check(engine, tmp_path, columns=["snomedct_code"])
    assert "column snomedct_code: some rows are texts for nothing" in warning
    assert read(engine, tmp_path, columns=["snomedct_code"]) == [
        (1, "444814009"),
        (2, None),
    ]


def test_unchecked_dirt_makes_the_relation_fail_without_a_word(engine, tmp_path):
    one_column(tmp_path, "csv", "date", pa.array(["x7777777"]))
    with pytest.raises(EngineError) as raised:
        read(engine, tmp_path, columns=["date"])
    assert CANARY not in str(raised.value)
