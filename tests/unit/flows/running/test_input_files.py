# ruff: noqa: E501 - one row a line
# mypy: ignore-errors
"""Files of patients in the old program's values, columns and types."""

import gzip
from datetime import date, datetime

import pandas as pd
import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from extractors.engine import Engine
from flows.running.input_files import write_dataset_file

FORMS = {
    "sex": "str",
    "flag": "flag",
    "n": "int",
    "imd": "imd",
    "bmi": "float",
    "day": "date 10",
    "month": "date 7",
}
ROWS = [
    {"patient_id": 7, "sex": "F", "flag": True, "n": 3, "imd": 0, "bmi": 27.5, "day": date(9999, 12, 31), "month": date(2020, 3, 1)},
    {"patient_id": 8, "sex": "", "flag": False, "n": 0, "imd": -1, "bmi": 0.0, "day": None, "month": None},
]  # fmt: skip
CSV = "patient_id,sex,flag,n,imd,bmi,day,month\n7,F,1,3,0,27.5,9999-12-31,2020-03\n8,,0,0,-1,0.0,,\n"


@pytest.fixture
def write(tmp_path):
    def written(name):
        dataset, target = tmp_path / "dataset.parquet", tmp_path / "output" / name
        schema = pa.schema(
            [("patient_id", pa.int32()), ("month", pa.date32()), ("day", pa.date32())]
        )
        table = pa.Table.from_pylist(ROWS)
        pq.write_table(
            table.set_column(
                table.column_names.index("day"), schema.field("day"), table["day"]
            ),
            dataset,
        )
        with Engine() as engine:
            write_dataset_file(engine, dataset, FORMS, target)
        return target

    return written


def test_csv(write):
    assert write("input.csv").read_text(encoding="utf-8") == CSV
    assert gzip.decompress(write("input.csv.gz").read_bytes()).decode() == CSV


def test_feather(write):
    table = feather.read_table(write("input.feather"))
    assert table.column_names == ["patient_id", *FORMS]
    assert [str(field.type) for field in table.schema] == [
        "int64", "dictionary<values=string, indices=int32, ordered=0>", "bool", "int64",
        "dictionary<values=string, indices=int32, ordered=0>", "double", "timestamp[ns]", "timestamp[ns]",
    ]  # fmt: skip
    first, second = table.to_pylist()
    assert (first["sex"], first["imd"], first["day"]) == (
        "F",
        "0",
        datetime(2262, 4, 11),
    )
    assert (second["sex"], second["imd"], second["day"]) == (None, "-1", None)


def test_files_of_patients_are_their_owners_alone(write):
    target = write("input.csv")
    assert target.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", ["input.dta", "input.dta.gz"])
def test_stata(write, name):
    """Read back by pandas, which has a reader of its own."""
    with pd.io.stata.StataReader(write(name)) as reader:
        frame, labels = reader.read(convert_categoricals=False), reader.value_labels()
    assert list(frame.columns) == ["patient_id", *FORMS]
    found = {name: str(frame[name].dtype) for name in FORMS}
    assert (
        found["flag"] == "int8" and found["n"] == "int32" and found["bmi"] == "float64"
    )
    assert list(frame["sex"]) == ["F", ""] and list(frame["imd"]) == ["0", "-1"]
    assert frame["day"][0] == datetime(2262, 4, 11) and pd.isna(frame["day"][1])
    assert frame["month"][0] == datetime(2020, 3, 1)
    assert labels == {}


def test_long_texts_and_great_numbers_in_stata(tmp_path):
    rows = [
        {"patient_id": 2**40, "text": "é" * 3000, "n": 2**40},
        {"patient_id": 1, "text": None, "n": 0},
    ]
    pq.write_table(pa.Table.from_pylist(rows), tmp_path / "dataset.parquet")
    with Engine() as engine:
        write_dataset_file(
            engine,
            tmp_path / "dataset.parquet",
            {"text": "str", "n": "int"},
            tmp_path / "input.dta",
        )
    frame = pd.read_stata(tmp_path / "input.dta")
    assert list(frame["text"]) == ["", "é" * 3000]
    assert list(frame["n"]) == [0, 2**40] and list(frame["patient_id"]) == [1, 2**40]
