"""Rows that break a rule are counted and the rule is named; their values are never shown."""

import datetime

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest

from extractors.engine import Engine
from extractors.errors import EngineError
from extractors.model.schema import Column, TableSchema
from tests.lib.record_files import CANARY, FORMS, PATIENTS, check, one_column, place, read, refused, write_csv


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


DIRT = [
    ("date", ["2020-01-01", "7777777", "2020-02-30"], "2 rows are not dates (YYYY-MM-DD)"),
    ("date", ["2020-1-1", "2020/01/01", "2020-01-01 10:00"], "3 rows are not dates (YYYY-MM-DD)"),
    ("date", ["01/02/2020", "infinity", "20200101"], "3 rows are not dates (YYYY-MM-DD)"),
    (
        "consultation_id",
        ["1.0", "7777777x", "1e3", "0x10", "99999999999999999999"],
        "5 rows are not whole numbers",
    ),
    ("numeric_value", ["x7777777", "NaN", "inf", "1,5"], "4 rows are not finite numbers"),
    ("flag", ["yes", "7777777", "N"], "3 rows are neither T nor F"),
    ("status", ["open", "7777777"], "1 row is outside its categories"),
    (
        "snomedct_code",
        ["7.7777777E+17", "444814009.0", "444814009"],
        "2 rows are codes changed by a spreadsheet",
    ),
    ("ctv3_code", ["1.2E+35", "12E34", "2469."], "1 row is a code changed by a spreadsheet"),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("column", "values", "rule"), DIRT)
def test_dirt_is_counted_and_named(engine, tmp_path, form, column, values, rule):
    one_column(tmp_path, form, column, pa.array(values))
    message = refused(check, engine, place(tmp_path), columns=[column])
    assert f": column {column}: {rule}" in message and "; " in message


@pytest.mark.parametrize("form", ["parquet", "arrow", "duckdb"])
@pytest.mark.parametrize(
    ("column", "stored", "rule"),
    [
        ("date", pa.array([datetime.datetime(2020, 1, 2, 7, 7)]), "1 row is a date with a time of day"),
        (
            "date",  # midnight in London in summer is 23:00 of the day before in UTC
            pa.array([datetime.datetime(2020, 7, 1, 23)], pa.timestamp("us", "UTC")),
            "1 row is a date with a time of day",
        ),
        ("numeric_value", pa.array([float("nan"), float("inf")]), "2 rows are not finite numbers"),
        ("consultation_id", pa.array([2**64 - 1], pa.uint64()), "1 row is not a whole number of 64 bits"),
        ("flag", pa.array([7], pa.int8()), "1 row is neither T nor F"),
    ],
)
def test_dirt_that_only_typed_files_can_hold(engine, tmp_path, form, column, stored, rule):
    one_column(tmp_path, form, column, stored)
    assert f"column {column}: {rule}" in refused(check, engine, place(tmp_path), columns=[column])


@pytest.mark.parametrize("form", ["csv", "csv.gz", "parquet", "arrow", "parts"])
def test_the_first_bad_row_of_a_file_is_told(engine, tmp_path, form):
    one_column(tmp_path, form, "date", pa.array(["2020-01-01", None, "7777777", "7777777"]))
    message = refused(check, engine, tmp_path, columns=["date"])
    assert ("(the first is data row 3)" in message) == (form != "parts")


def test_the_first_bad_row_of_a_large_file_with_many_threads(tmp_path):
    days = ["2020-01-01"] * 300_000
    days[250_000] = days[299_999] = CANARY
    one_column(tmp_path, "csv", "date", pa.array(days))
    with Engine(threads=4) as engine:
        message = refused(check, engine, tmp_path, columns=["date"])
    assert "2 rows are not dates (YYYY-MM-DD) (the first is data row 250,001)" in message


def test_all_faults_of_a_table_come_at_once(engine, tmp_path):
    rows = [
        "patient_id,date,status,snomedct_code",
        f"{CANARY}x,1,{CANARY},{CANARY}.0",
        ",2020-01-01,open,444814009",
    ]
    (tmp_path / "clinical_events.csv").write_text("\n".join(rows) + "\n")
    message = refused(check, engine, tmp_path, columns=["date", "status", "snomedct_code"])
    assert message.splitlines() == [
        "clinical_events.csv: column patient_id: 1 row is without a value (the first is data row 2); "
        "every row needs its patient",
        "clinical_events.csv: column patient_id: 1 row is not a whole number of 64 bits "
        "(the first is data row 1); write digits only and missing values as NULL",
        "clinical_events.csv: column date: 1 row is not a date (YYYY-MM-DD) (the first is data row 1); "
        "write dates as YYYY-MM-DD and missing ones as NULL",
        "clinical_events.csv: column status: 1 row is outside its categories (the first is data row 1); "
        "they are 'open', 'closed', '7'",
        "clinical_events.csv: column snomedct_code: 1 row is a code changed by a spreadsheet (E+ or .0) "
        "(the first is data row 1); export the column again, as text",
    ]


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_patients_have_one_row(engine, tmp_path, form):
    table = pa.table({"patient_id": [1, 2, 1, 1], "sex": ["male"] * 4})
    write = pa.parquet.write_table if form == "parquet" else write_csv
    write(table, tmp_path / f"patients.{form}")
    message = refused(check, engine, tmp_path, PATIENTS, ["sex"])
    assert f"patients.{form}: column patient_id: 2 rows are further rows of a patient; " in message


def test_broken_promises_that_are_only_warnings(engine, tmp_path):
    rows = [
        "1,1950-01-02,,7,E02000001",
        "2,,female,32900,x7777777",
        "3,1950-01-01,male,-100,",
        "4,1950-01-01,male,0,",
    ]
    text = "\n".join(["patient_id,date_of_birth,sex,imd_rounded,msoa_code", *rows])
    (tmp_path / "patients.csv").write_text(text)
    warnings = check(engine, tmp_path, PATIENTS)
    assert not any(CANARY in warning for warning in warnings)
    assert [warning.partition(": column ")[2].partition(";")[0] for warning in warnings] == [
        "date_of_birth: 1 row is not the first of a month",
        "date_of_birth: 1 row is NULL",
        "sex: 1 row is NULL",
        "imd_rounded: 3 rows are outside the range that the table promises",
        "msoa_code: 1 row is not of the form that the table promises",
    ]


def test_whole_number_categories(engine, tmp_path):
    schema = TableSchema("addresses", (Column("address_type", int, categories=(0, 1, 3)),))
    (tmp_path / "addresses.csv").write_text("patient_id,address_type\n1,0\n2,3\n3,7777777\n4,\n")
    assert "1 row is outside its categories" in refused(check, engine, tmp_path, schema)


def test_an_empty_code_is_a_warning(engine, tmp_path):
    one_column(tmp_path, "parquet", "snomedct_code", pa.array(["444814009", ""]))
    (warning,) = check(engine, tmp_path, columns=["snomedct_code"])
    assert "column snomedct_code: 1 row is an empty text" in warning


def test_unchecked_dirt_makes_the_relation_fail_without_a_word(engine, tmp_path):
    one_column(tmp_path, "csv", "date", pa.array(["x7777777"]))
    with pytest.raises(EngineError) as raised:
        read(engine, tmp_path, columns=["date"])
    assert CANARY not in str(raised.value)
