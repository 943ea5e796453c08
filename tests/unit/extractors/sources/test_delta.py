"""Delta tables, written by deltalake and, where it cannot, by hand."""

import json
import sys

import pyarrow as pa
import pytest

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.sources import open_source
from tests.lib.record_files import DAY, check, read, refused, write_csv

deltalake = pytest.importorskip("deltalake", reason="no package deltalake")
TABLE = pa.table(
    {
        "patient_id": pa.array([1, 2, 3], pa.int64()),
        "date": pa.array([DAY(2020, 1, 2), None, DAY(2021, 1, 2)]),
        "status": ["open", "closed", None],
    }
)
ROWS = [(1, DAY(2020, 1, 2), "open"), (2, None, "closed"), (3, DAY(2021, 1, 2), None)]


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "clinical_events"


def _say(folder, *actions: dict) -> None:
    """A further version with these actions, as other writers would say them."""
    number = len(list((folder / "_delta_log").glob("*.json")))
    lines = "".join(f"{json.dumps(action)}\n" for action in actions)
    (folder / "_delta_log" / f"{number:020}.json").write_text(lines, encoding="utf-8")


@pytest.mark.parametrize("by", [[], ["date"], ["status"], ["date", "status"]])
def test_columns_of_which_no_file_has_a_value(engine, tmp_path, folder, by):
    deltalake.write_deltalake(str(folder), TABLE, partition_by=by or None)
    assert read(engine, tmp_path, columns=["date", "status"]) == ROWS


def test_the_newest_version(engine, tmp_path, folder):
    deltalake.write_deltalake(str(folder), TABLE)
    deltalake.write_deltalake(str(folder), TABLE, mode="append")
    assert len(read(engine, tmp_path, columns=["date"])) == 6
    table = deltalake.DeltaTable(str(folder))
    table.delete("patient_id = 1")
    assert [row[0] for row in read(engine, tmp_path, columns=["date"])] == [2, 2, 3, 3]
    table.create_checkpoint()
    assert len(read(engine, tmp_path, columns=["date"])) == 4
    table.delete()
    assert read(engine, tmp_path, columns=["date"]) == []


def test_a_column_that_came_later(engine, tmp_path, folder):
    deltalake.write_deltalake(str(folder), TABLE.drop_columns(["status"]))
    deltalake.write_deltalake(
        str(folder), TABLE.slice(1, 1), mode="append", schema_mode="merge"
    )
    assert read(engine, tmp_path, columns=["status"]) == [
        (1, None),
        (2, "closed"),
        (2, None),
        (3, None),
    ]


def test_files_that_change_with_the_version(tmp_path, folder):
    deltalake.write_deltalake(str(folder), TABLE)
    before = open_source(str(tmp_path)).files()
    deltalake.write_deltalake(str(folder), TABLE, mode="overwrite")
    after = open_source(str(tmp_path)).files()
    assert [
        len([path for path in files if path.suffix == ".parquet"])
        for files in (before, after)
    ] == [1, 1]
    assert not {path for path in before if path.suffix == ".parquet"} & {*after}


@pytest.mark.parametrize(
    "feature", ["columnMapping", "deletionVectors", "aFeatureToCome"]
)
def test_what_plain_files_do_not_tell_is_refused_by_name(
    engine, tmp_path, folder, feature
):
    deltalake.write_deltalake(str(folder), TABLE)
    lines = (
        (folder / "_delta_log" / f"{0:020}.json")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    adding = next(action["add"] for action in map(json.loads, lines) if "add" in action)
    needs = {
        "minReaderVersion": 3,
        "minWriterVersion": 7,
        "readerFeatures": [feature],
        "writerFeatures": [feature],
    }
    gone = {
        "storageType": "u",
        "pathOrInlineDv": "ab^-aqEH.-t@S}K{vb[*k^",
        "offset": 4,
        "sizeInBytes": 40,
        "cardinality": 1,
    }
    marked = adding | ({"deletionVector": gone} if feature == "deletionVectors" else {})
    _say(folder, {"protocol": needs}, {"add": marked})
    message = refused(check, engine, tmp_path, columns=["date"])
    assert message.startswith("clinical_events/: ") and (
        "which is not read" in message or "cannot be read" in message
    )


def test_deletion_vectors_that_no_file_has_yet(engine, tmp_path, folder):
    deltalake.write_deltalake(str(folder), TABLE)
    named = ["deletionVectors"]
    needs = {
        "minReaderVersion": 3,
        "minWriterVersion": 7,
        "readerFeatures": named,
        "writerFeatures": named,
    }
    _say(folder, {"protocol": needs})
    assert read(engine, tmp_path, columns=["date", "status"]) == ROWS


def test_a_log_that_is_damaged(engine, tmp_path, folder):
    deltalake.write_deltalake(str(folder), TABLE)
    (folder / "_delta_log" / f"{0:020}.json").write_text("{", encoding="utf-8")
    assert "the log of the Delta table cannot be read" in refused(
        check, engine, tmp_path, columns=["date"]
    )


def test_without_the_package(engine, tmp_path, folder, monkeypatch):
    deltalake.write_deltalake(str(folder), TABLE)
    write_csv(TABLE, tmp_path / "patients.csv")
    monkeypatch.setitem(sys.modules, "deltalake", None)
    assert "pip install deltalake" in refused(check, engine, tmp_path, columns=["date"])
    # who does not need the table reads the others
    assert len(open_source(str(tmp_path)).files()) == 2
    with pytest.raises(RecordsError, match="it is a Delta table"):
        open_source(str(tmp_path)).place.open(engine, "clinical_events", ["date"])  # type: ignore[attr-defined]
