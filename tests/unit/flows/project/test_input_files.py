# ruff: noqa: E501 - one row a line
# mypy: ignore-errors
"""Files of patients in the old program's values, columns and types."""

import gzip
from datetime import date, datetime

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq
import pytest

from extractors.errors import ArgumentsError
from flows.project.input_files import check_format, write_input_file

FORMS = {"sex": "str", "flag": "flag", "n": "int", "imd": "imd", "bmi": "float", "day": "date 10", "month": "date 7"}
ROWS = [
    {"patient_id": 7, "sex": "F", "flag": True, "n": 3, "imd": 0, "bmi": 27.5, "day": date(9999, 12, 31), "month": date(2020, 3, 1)},
    {"patient_id": 8, "sex": "", "flag": False, "n": 0, "imd": -1, "bmi": 0.0, "day": None, "month": None},
]  # fmt: skip
CSV = "patient_id,sex,flag,n,imd,bmi,day,month\n7,F,1,3,0,27.5,9999-12-31,2020-03\n8,,0,0,-1,0.0,,\n"


@pytest.fixture
def write(tmp_path):
    def written(name):
        dataset, target = tmp_path / "dataset.parquet", tmp_path / "output" / name
        schema = pa.schema([("patient_id", pa.int32()), ("month", pa.date32()), ("day", pa.date32())])
        table = pa.Table.from_pylist(ROWS)
        pq.write_table(table.set_column(table.column_names.index("day"), schema.field("day"), table["day"]), dataset)
        write_input_file(dataset, FORMS, target)
        return target

    return written


def test_csv(write):
    assert write("input.csv").read_text() == CSV
    assert gzip.decompress(write("input.csv.gz").read_bytes()).decode() == CSV


def test_feather(write):
    table = feather.read_table(write("input.feather"))
    assert table.column_names == ["patient_id", *FORMS]
    assert [str(field.type) for field in table.schema] == [
        "int64", "dictionary<values=string, indices=int32, ordered=0>", "bool", "int64",
        "dictionary<values=string, indices=int32, ordered=0>", "double", "timestamp[ns]", "timestamp[ns]",
    ]  # fmt: skip
    first, second = table.to_pylist()
    assert (first["sex"], first["imd"], first["day"]) == ("F", "0", datetime(2262, 4, 11))
    assert (second["sex"], second["imd"], second["day"]) == (None, "-1", None)


def test_files_of_patients_are_their_owners_alone(write):
    target = write("input.csv")
    assert target.stat().st_mode & 0o077 == 0


def test_a_format_that_is_not_written_is_told():
    with pytest.raises(ArgumentsError, match="not as dta"):
        check_format("dta")
