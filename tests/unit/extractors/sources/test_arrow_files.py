"""Arrow files with types that DuckDB does not know, and tables of several of them."""

from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet
import pytest

from extractors.engine import Engine
from tests.lib.record_files import CANARY, DAY, check, read, refused, write_arrow


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


@pytest.mark.parametrize(
    ("column", "stored", "expected"),
    [
        ("numeric_value", pa.array([1.5, None], pa.float16()), 1.5),
        ("numeric_value", pa.array([Decimal("1.50"), None], pa.decimal256(20, 2)), 1.5),
        (
            "snomedct_code",
            pa.array([444814009, None], pa.decimal256(18, 0)),
            "444814009",
        ),
        ("status", pa.array(["open", None], pa.string_view()), "open"),
        (
            "status",
            pa.RunEndEncodedArray.from_arrays(
                pa.array([1, 2]), pa.array(["open", None])
            ),
            "open",
        ),
        ("date", pa.array([DAY(2020, 1, 2), None], pa.date64()), DAY(2020, 1, 2)),
    ],
)
def test_types_that_few_programs_know(engine, tmp_path, column, stored, expected):
    write_arrow(
        pa.table({"patient_id": [1, 2], column: stored}),
        tmp_path / "clinical_events.arrow",
    )
    check(engine, tmp_path, columns=[column])
    assert read(engine, tmp_path, columns=[column]) == [(1, expected), (2, None)]


@pytest.mark.parametrize("type_", [pa.decimal256(50, 2)])
def test_a_type_that_cannot_be_read_is_named_with_its_column(engine, tmp_path, type_):
    table = pa.table(
        {
            "patient_id": [1],
            "numeric_value": pa.array([int(CANARY)], type_),
            "date": [DAY(2020, 1, 2)],
        }
    )
    write_arrow(table, tmp_path / "clinical_events.arrow")
    message = refused(check, engine, tmp_path, columns=["numeric_value", "date"])
    assert f"types that cannot be read: numeric_value ({type_}); store" in message
    assert read(engine, tmp_path, columns=["date"]) == [(1, DAY(2020, 1, 2))]


def test_parts_with_dictionaries_of_their_own_and_wider_numbers(engine, tmp_path):
    (tmp_path / "clinical_events").mkdir()
    first = {
        "patient_id": pa.array([1], pa.int32()),
        "status": pa.array(["open"]).dictionary_encode(),
    }
    second = {
        "patient_id": pa.array([2**40], pa.int64()),
        "status": pa.array(["closed"], pa.large_string()),
    }
    third = {"patient_id": pa.array([3], pa.int8()), "status": pa.nulls(1)}
    for number, columns in enumerate((first, second, third)):
        write_arrow(pa.table(columns), tmp_path / "clinical_events" / f"{number}.arrow")
    assert read(engine, tmp_path, columns=["status"]) == [
        (1, "open"),
        (3, None),
        (2**40, "closed"),
    ]


@pytest.mark.parametrize(
    ("ending", "start", "said"),
    [
        ("arrow", None, "it is empty"),
        ("arrow", b"PAR1", "it is a Parquet file"),
        ("arrow", b"ARROW1", "it is cut short or damaged"),
        ("arrow", b"FEA1", "it is a Feather file of the first version"),
        ("arrow", b"\xff\xff\xff\xff", "it is an Arrow stream"),
        ("parquet", None, "it is empty"),
        ("parquet", b"PAR1", "it is cut short or damaged"),
        ("parquet", b"PARE", "it is an encrypted Parquet file"),
        ("parquet", b"ORC", "it is an ORC file"),
        ("parquet", b"\x1f\x8b", "it is packed with gzip"),
    ],
)
def test_what_is_no_file_of_its_ending(engine, tmp_path, ending, start, said):
    content = b"" if start is None else start + b"\0" * 90
    (tmp_path / f"clinical_events.{ending}").write_bytes(content)
    assert said in refused(check, engine, tmp_path, columns=["date"])
