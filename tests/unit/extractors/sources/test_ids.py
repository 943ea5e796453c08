"""Patients that are known by texts: everybody gets a number, and the text comes
back.
"""

import uuid
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.engine import Engine
from extractors.model.schema import Column, TableSchema
from extractors.planner.needs import TableNeed
from extractors.sources import open_source
from extractors.sources.base import Keys, Source
from extractors.sources.ids import IDS, keyed, number
from extractors.sql.words import quote
from tests.lib.record_files import DAY, FORMS, dirt, place, refused

SCHEMA = TableSchema("clinical_events", (Column("date", DAY),))
NEED = TableNeed(SCHEMA, ("date",), (), "")
UUIDS = [str(uuid.UUID(int=number << 100)) for number in (3, 1, 2)]


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


def write(folder: Path, form: str, ids: pa.Array) -> str:
    dates = pa.array([DAY(2020, 1, 1 + number) for number in range(len(ids))])
    FORMS[form](pa.table({"patient_id": ids, "date": dates}), folder)
    return place(folder)


def rows(engine: Engine, source: Source) -> list[tuple]:
    source.check(engine, SCHEMA, ["date"])
    return engine.execute(
        f"SELECT * FROM ({source.relation(engine, SCHEMA, ['date'])}) ORDER BY date"
    )


def pairs(engine: Engine) -> dict[str, int]:
    return {
        id_: number
        for number, id_ in engine.execute(f"SELECT patient_id, id FROM {quote(IDS)}")
    }


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("ids", "known"),
    [
        (["b", "a", "c", "b"], ["b", "a", "c", "b"]),
        (UUIDS, UUIDS),
        ([each.upper() for each in UUIDS], UUIDS),
        (["P-001 ", " P-002", "P-001"], ["P-001", "P-002", "P-001"]),
        (["12345678901234567890", "2" * 25], ["12345678901234567890", "2" * 25]),
        (["a1", "77", "b2"], ["a1", "77", "b2"]),
    ],
)
def test_texts_have_numbers_in_their_order(engine, tmp_path, form, ids, known):
    source = keyed(engine, open_source(write(tmp_path, form, pa.array(ids))), [NEED])
    assert source.ids_are_texts
    numbered = rows(engine, number(engine, source, [NEED]))
    assert pairs(engine) == {
        id_: place for place, id_ in enumerate(sorted(set(known)), 1)
    }
    assert [row[0] for row in numbered] == [pairs(engine)[id_] for id_ in known]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("ids", [[3, 1, 2], ["3", "1", "2"], [-(2**63), 2**63 - 1]])
def test_whole_numbers_stay_what_they_are(engine, tmp_path, form, ids):
    source = keyed(engine, open_source(write(tmp_path, form, pa.array(ids))), [NEED])
    assert not source.ids_are_texts
    assert [row[0] for row in rows(engine, source)] == [int(id_) for id_ in ids]


def test_uuids_of_a_database_file(engine, tmp_path):
    with duckdb.connect(str(tmp_path / "records.duckdb")) as connection:
        connection.execute("CREATE TABLE clinical_events (patient_id UUID, date DATE)")
        connection.executemany(
            "INSERT INTO clinical_events VALUES (?, '2020-01-01')",
            [[each] for each in UUIDS],
        )
    source = keyed(
        engine, open_source(str(tmp_path / "records.duckdb")), [NEED], rows=False
    )
    rows(engine, number(engine, source, [NEED]))
    assert pairs(engine) == {id_: place for place, id_ in enumerate(sorted(UUIDS), 1)}


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_a_few_texts_among_whole_numbers_are_damage(engine, tmp_path, form):
    source = keyed(
        engine,
        open_source(write(tmp_path, form, pa.array(["1", "2", "7777777x"]))),
        [NEED],
    )
    message = refused(source.check, engine, SCHEMA, ["date"])
    assert "column patient_id: some rows are not whole numbers of 64 bits" in message


@pytest.mark.parametrize("damaged", ["1.7777777E+10", "7777777.0", "x7777777\u200by"])
def test_damaged_texts_are_refused(engine, tmp_path, damaged):
    source = keyed(
        engine,
        open_source(write(tmp_path, "csv", pa.array(["a", "b", damaged]))),
        [NEED],
    )
    assert "column patient_id: some rows are ids that a program changed" in refused(
        source.check, engine, SCHEMA, ["date"]
    )
    ((column, _, count, _),) = dirt(source.check, engine, SCHEMA, ["date"])
    assert (column, count) == ("patient_id", 1)


def test_a_text_for_nothing_is_no_id(engine, tmp_path):
    source = keyed(
        engine, open_source(write(tmp_path, "csv", pa.array(["a", "NA"]))), [NEED]
    )
    assert "column patient_id: some rows are without a value" in refused(
        source.check, engine, SCHEMA, ["date"]
    )


def test_one_stored_whole_number_decides_for_all_tables():
    assert Keys(texts=10, others=10).are_texts
    assert not Keys(texts=10, others=10).with_others(Keys(whole=True)).are_texts
    assert not Keys(texts=10, others=5).are_texts and not Keys().are_texts


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1),
        min_size=1,
        max_size=30,
    )
)
def test_everybody_comes_back(tmp_path_factory, ids):
    texts = [f"p{each}" for each in ids]
    where = write(tmp_path_factory.mktemp("records"), "parquet", pa.array(texts))
    with Engine() as engine:
        source = keyed(engine, open_source(where), [NEED])
        numbered = rows(engine, number(engine, source, [NEED]))
        back = {number: id_ for id_, number in pairs(engine).items()}
    assert [back[row[0]] for row in numbered] == texts


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("type_", [pa.int64(), pa.string()])
def test_a_table_without_rows_is_read(engine, tmp_path, form, type_):
    source = keyed(
        engine, open_source(write(tmp_path, form, pa.array([], type_))), [NEED]
    )
    if source.ids_are_texts:
        source = number(engine, source, [NEED])
    assert rows(engine, source) == []
