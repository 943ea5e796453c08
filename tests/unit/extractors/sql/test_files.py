"""Every path in SQL is a name and nothing else."""

import os
import shutil
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractors.engine import Engine
from extractors.errors import ArgumentsError
from extractors.sql.files import read_csv, read_parquet
from tests.lib.odd_names import ODD_NAMES, ODDEST, decoys
from tests.lib.record_files import FORMS, TABLE, place, read, write_duckdb

FEW = ("run?", "[r]un1", "patient_id=3", ODDEST)
OWN = pa.table({"patient_id": [7], "v": ["own"]})
OTHER = pa.table({"patient_id": [8], "v": ["other"]})


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


@pytest.fixture(params=ODD_NAMES)
def name(request) -> str:
    return request.param


def _beside(folder: Path, name: str, file: str) -> Path:
    """A file of this name in a folder of this name, with others beside both."""
    for each in (*decoys(name), name):
        (folder / each).mkdir()
        for other in decoys(name):
            pq.write_table(OTHER, folder / each / f"{other}{file}")
        pq.write_table(OTHER, folder / each / f"{name}{file}")
    pq.write_table(OWN, folder / name / f"{name}{file}")
    return folder / name / f"{name}{file}"


def test_a_parquet_file_is_read_and_none_beside_it(engine, tmp_path, name):
    file = _beside(tmp_path, name, ".parquet")
    for by_name in (False, True):
        relation = read_parquet([file, file], by_name=by_name)
        assert engine.execute(f"SELECT * FROM {relation}") == [(7, "own")] * 2


def test_a_relative_name_is_below_the_working_folder(
    engine, tmp_path, name, monkeypatch
):
    file = _beside(tmp_path, name, ".parquet")
    monkeypatch.chdir(tmp_path)
    relation = read_parquet([file.relative_to(tmp_path)])
    assert engine.execute(f"SELECT * FROM {relation}") == [(7, "own")]


def test_a_csv_file_is_read_and_none_beside_it(engine, tmp_path, name):
    for each in (*decoys(name), name):
        (tmp_path / f"{each}.csv").write_text(
            f"v\n{'own' if each == name else 'other'}\n", encoding="utf-8"
        )
    options = ["columns = {'v': 'VARCHAR'}", "auto_detect = false", "header = true"]
    relation = read_csv([tmp_path / f"{name}.csv"], options)
    assert engine.execute(f"SELECT * FROM {relation}") == [("own",)]


def test_what_is_written_lies_where_it_was_said(engine, tmp_path, name, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path(name).mkdir()
    file = Path(name) / f"{name}.parquet"
    engine.write_parquet("SELECT 1 AS a", file)
    assert [path.name for path in (tmp_path / name).iterdir()] == [file.name]
    with (tmp_path / file).open("rb") as opened:
        assert pq.read_table(opened).to_pylist() == [{"a": 1}]


def test_a_database_is_attached_and_none_beside_it(engine, tmp_path, name):
    for each in (*decoys(name), name):
        table = OWN if each == name else OTHER
        write_duckdb(table, tmp_path / f"{each}.duckdb", name="t")
    engine.attach(tmp_path / f"{name}.duckdb", "x")
    assert engine.execute("SELECT v FROM x.t") == [("own",)]


def test_an_engine_spills_into_its_own_folder(tmp_path, name):
    for each in (*decoys(name), name):
        (tmp_path / each).mkdir()
        (tmp_path / each / "duckdb_temp_block-0.block").touch()
    with Engine(memory=20_000_000, spill=tmp_path / name / "spill") as engine:
        engine.execute(
            "CREATE TABLE t AS SELECT range AS a, hash(range) AS b FROM "
            "range(1_500_000)"
        )
        assert any((tmp_path / name / "spill").iterdir())
    for each in decoys(name):
        assert [path.name for path in (tmp_path / each).iterdir()] == [
            "duckdb_temp_block-0.block"
        ]


def test_a_database_comes_with_its_log(engine, tmp_path, name):
    """Rows that its writer has not put into the file itself yet."""
    (tmp_path / name).mkdir()
    with duckdb.connect(str(tmp_path / "t.duckdb")) as writer:
        writer.execute("SET checkpoint_threshold = '1GB'")
        writer.execute("CREATE TABLE t AS SELECT 'own' AS v")
        for file in ("t.duckdb", "t.duckdb.wal"):
            shutil.copy(tmp_path / file, tmp_path / name / file)
    database = tmp_path / name / "t.duckdb"
    if "?" in name:
        with pytest.raises(ArgumentsError, match="which DuckDB does not find"):
            engine.attach(database, "x")
    else:
        engine.attach(database, "x")
        assert engine.execute("SELECT v FROM x.t") == [("own",)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", FEW)
def test_records_in_a_folder_of_any_name(engine, tmp_path, form, name, monkeypatch):
    """The decoys hold the same tables, with rows that would be seen."""
    FORMS[form](TABLE, tmp_path)
    made = list(tmp_path.iterdir())
    (tmp_path / name).mkdir()
    for path in made:
        path.rename(tmp_path / name / path.name)
    for each in decoys(name):
        (tmp_path / each).mkdir()
        FORMS[form](TABLE.slice(0, 1), tmp_path / each)
    own = read(engine, place(tmp_path / name))
    assert [row[0] for row in own] == [1, 1, 2, 2**40]
    monkeypatch.chdir(tmp_path)
    relative = Path(place(Path(name)))
    assert read(engine, f"./{relative}") == own


@pytest.mark.skipif(os.sep == "\\", reason="it is what folders are parted by here")
def test_what_duckdb_would_change_is_refused(engine, tmp_path):
    for name, said in (("back\\slash", "DuckDB takes"), ("\udce4", "not UTF-8")):
        with pytest.raises(ArgumentsError, match=said):
            engine.write_parquet("SELECT 1", tmp_path / name)
        with pytest.raises(ArgumentsError, match=said):
            read_parquet([tmp_path / name])
