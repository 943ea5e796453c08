"""Files that are not what they should be, and places that are not there."""

import gzip
import pickle
from pathlib import Path

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet
import pytest

from extractors.engine import Engine
from extractors.errors import OutOfMemory
from extractors.sources import open_source
from extractors.sources.dirt import Checked
from tests.lib.record_files import (
    CANARY,
    COLUMNS,
    EVENTS,
    FORMS,
    PATIENTS,
    TABLE,
    check,
    place,
    refused,
)


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


@pytest.mark.parametrize("form", ["parquet", "arrow", "arrow lz4", "csv.gz", "duckdb"])
def test_a_file_that_is_cut_short(engine, tmp_path, form):
    table = pa.table(
        {
            "patient_id": range(20_000),
            "date": [f"{CANARY}{number}" for number in range(20_000)],
        }
    )
    FORMS[form](table, tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert file.name in refused(check, engine, place(tmp_path), columns=["date"])


@pytest.mark.parametrize(
    "content",
    [b"", f"patient_id\n{CANARY}\n".encode(), b"\0" * 5000],
    ids=["empty", "text", "zeros"],
)
@pytest.mark.parametrize("name", ["parquet", "arrow", "csv.gz"])
def test_a_file_of_another_kind(engine, tmp_path, name, content):
    file = tmp_path / f"clinical_events.{name}"
    file.write_bytes(content)
    message = refused(check, engine, tmp_path, columns=["date"])
    assert (
        message.startswith(f"{file.name}: it is not a whole ") or "no header" in message
    )


def test_a_damaged_page(engine, tmp_path):
    table = pa.table(
        {
            "patient_id": range(100_000),
            "date": [f"{CANARY}{number}" for number in range(100_000)],
        }
    )
    file = tmp_path / "clinical_events.parquet"
    pa.parquet.write_table(table, file, use_dictionary=False, compression="zstd")
    content = file.read_bytes()
    file.write_bytes(content[:200_000] + b"\xff" * 50_000 + content[250_000:])
    message = refused(check, engine, tmp_path, columns=["date"])
    assert "clinical_events.parquet: " in message


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "has no header"),
        (b"\n1,2020-01-01\n", "has no header"),
        (b"7777777,7777777\n1,2\n", "two columns have the same name;"),
        (b"7777777,2020-01-01\n7777778,2020-01-01\n", "no column patient_id"),
        (b"patient_id,date,date\n", "two columns have the same name (date)"),
        (b"patient_id,date,Date\n", "two columns have the same name (date)"),
        (b"patient_id,Date\n1,2020-01-01\n", "must be written exactly so: date"),
        (b"Patient_ID,date\n1,2020-01-01\n", "must be written exactly so: patient_id"),
        (b"patient_id, date\n1,2020-01-01\n", "must be written exactly so: date"),
        (
            b'patient_id,"date\n1,2020-01-01\n',
            "the first line must name the columns, in one line of CSV",
        ),
        (b"7777777;2020-01-01\n7777778;2020-01-01\n", "no column patient_id"),
        (
            b"patient_id,date\n1,2020-01-01\n7777777\n",
            "some rows are of other fields than the header",
        ),
        (
            b"patient_id,date\n1,2020-01-01,7777777\n",
            "some rows are of other fields than the header",
        ),
        (
            b'patient_id,date\n1,"7777777\n',
            "some rows are of a quoted field that does not end",
        ),
        (b"patient_id,date\n1,caf\xe97777777\n", "some rows are not UTF-8"),
        ("patient_id,date\n1,2020-01-01\n".encode("utf-32"), "the text is UTF-32"),
        (b"PAR1\xff\xfe\x00", "it is a Parquet file"),
        (b"caf\xe9,date\n", "the text is not UTF-8"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_csv_files_that_are_not(engine, tmp_path, content, rule, packed):
    name = "clinical_events.csv" + (".gz" if packed else "")
    (tmp_path / name).write_bytes(gzip.compress(content) if packed else content)
    message = refused(check, engine, tmp_path, columns=["date"])
    assert message.startswith(f"{name}: ") and rule in message


@pytest.mark.parametrize("form", ["parquet", "arrow"])
def test_a_column_name_twice(engine, tmp_path, form):
    table = pa.table(
        [pa.array([1]), pa.array([2]), pa.array([3])], names=["patient_id", "x", "X"]
    )
    FORMS[form](table, tmp_path)
    assert "two columns have the same name (x)" in refused(
        check, engine, tmp_path, columns=["date"]
    )


def test_arrow_streams_are_told_apart_from_files(engine, tmp_path):
    with pa.ipc.new_stream(tmp_path / "clinical_events.arrow", TABLE.schema) as writer:
        writer.write_table(TABLE)
    assert "it is an Arrow stream" in refused(check, engine, tmp_path, columns=["date"])


def test_a_file_that_may_not_be_read(engine, tmp_path, monkeypatch):
    FORMS["csv"](TABLE, tmp_path)

    def forbid(*_, **__):
        raise PermissionError(CANARY)

    source = open_source(str(tmp_path))
    monkeypatch.setattr(Path, "open", forbid)
    assert "ask for permission" in refused(source.check, engine, EVENTS, ["date"])


def test_lack_of_memory_is_no_fault_of_the_file(tmp_path):
    ids = pa.array(range(3_000_000))
    pa.parquet.write_table(pa.table({"patient_id": ids}), tmp_path / "patients.parquet")
    with Engine(memory=20_000_000) as engine:
        # nowhere to spill to; a place that is full would be told as that
        engine.execute("SET temp_directory = ''")
        with pytest.raises(OutOfMemory):
            check(engine, tmp_path, PATIENTS, [])


# Places


@pytest.mark.parametrize("form", FORMS)
def test_sources_travel_between_processes(engine, tmp_path, form):
    FORMS[form](TABLE, tmp_path)
    source = open_source(place(tmp_path))
    again = pickle.loads(pickle.dumps(source))
    assert again == source
    assert again.check(engine, EVENTS, COLUMNS) == Checked()
