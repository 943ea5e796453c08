"""A promise of an author is never an answer about records: nothing ends, and nothing is
said.
"""

import datetime
from itertools import product

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extractors.engine import Engine
from extractors.model.schema import Column, TableSchema
from extractors.model.types import SNOMEDCTCode
from extractors.sources import open_source
from extractors.sources.base import Source
from extractors.sources.dirt import Checked, DirtyRecords, dirt_of, report
from extractors.sources.folder import open_folder
from extractors.sources.promises import promises_of
from extractors.sources.tables import Tables
from extractors.tables import core, tpp
from tests.lib.tables import schema_of

DAY = datetime.date
PATIENT = 7  # the one of whom the author wants to know something
# What an author may ask by a promise of a column of texts, and texts that break it.
QUESTIONS = [
    (Column("x", str, categories=("a", "b")), "z"),
    (Column("x", str, pattern="[ab]"), "z"),
    (Column("x", str, required=True), None),
    (Column("x", int), "z"),
    (Column("x", int, minimum=0, maximum=5), "6"),
    (Column("x", int, minimum=0, step=2), "3"),
    (Column("x", float), "z"),
    (Column("x", float), "inf"),
    (Column("x", bool), "z"),
    (Column("x", DAY), "z"),
    (Column("x", DAY, first_of_month=True), "2020-01-02"),
    (Column("x", SNOMEDCTCode), "1.0"),
    (Column("x", SNOMEDCTCode), ""),
]
FINE = {
    str: "a",
    int: "2",
    float: "2",
    bool: "T",
    DAY: "2020-01-01",
    SNOMEDCTCode: "444814009",
}


@pytest.fixture
def engine():
    with Engine() as engine:
        yield engine


def records(folder, name: str, form: str, x: list, ids=(1, PATIENT)) -> Source:
    folder.mkdir(exist_ok=True)
    if form == "csv":
        lines = [
            f"{id},{'' if value is None else value}"
            for id, value in zip(ids, x, strict=True)
        ]
        (folder / f"{name}.csv").write_text(
            "\n".join(["patient_id,x", *lines, ""]), encoding="utf-8"
        )
    else:
        pq.write_table(
            pa.table({"patient_id": ids, "x": pa.array(x, pa.string())}),
            folder / f"{name}.parquet",
        )
    return open_source(str(folder))


@pytest.mark.parametrize("form", ["parquet", "csv"])
@pytest.mark.parametrize(("column", "broken"), QUESTIONS)
@pytest.mark.parametrize("name", ["anything", "clinical_events"])
def test_nobody_hears_whether_a_promise_is_kept(
    engine, tmp_path, column, broken, form, name
):
    """Two worlds, which differ in what one person has, end alike; in one of them the
    promise is broken.
    """
    schema = TableSchema(name, (column,))
    worlds = {
        world: records(tmp_path / world, name, form, [FINE[column.type], value])
        for world, value in (("without", FINE[column.type]), ("with", broken))
    }
    said = {
        world: source.check(engine, schema, ["x"]).said
        for world, source in worlds.items()
    }
    assert said == {"with": (), "without": ()}
    rows = engine.execute(
        f"{worlds['with'].relation(engine, schema, ['x'])} ORDER BY patient_id"
    )
    assert [row[0] for row in rows] == [1, PATIENT]


@pytest.mark.parametrize(("column", "broken"), QUESTIONS)
def test_the_sites_people_hear_it(engine, tmp_path, column, broken):
    if broken == "":
        pytest.skip("an empty text of a CSV file is no value")
    schema = TableSchema("anything", (column,))
    source = records(tmp_path, "anything", "csv", [FINE[column.type], broken])
    (dirt,) = source.check(engine, schema, ["x"]).dirt
    assert (dirt.rows, dirt.said, dirt.refused) == (1, False, False)
    assert dirt_of(report([dirt])) == (dirt,)


def test_what_cannot_be_read_as_promised_is_null(engine, tmp_path):
    broken = ["a", "1.5", "z", None, "99999999999999999999"]
    source = records(tmp_path, "anything", "parquet", broken, range(5))
    values = {
        int: [None] * 5,
        float: [None, 1.5, None, None, 1e20],
        bool: [None] * 5,
        DAY: [None] * 5,
        str: broken,
    }
    for of, expected in values.items():
        relation = source.relation(
            engine, TableSchema("anything", (Column("x", of),)), ["x"]
        )
        assert [
            row[1] for row in engine.execute(f"{relation} ORDER BY patient_id")
        ] == expected
    only = TableSchema("anything", (Column("x", str, categories=("a", "b")),))
    rows = engine.execute(f"{source.relation(engine, only, ['x'])} ORDER BY patient_id")
    assert [row[1] for row in rows] == ["a", None, None, None, None]


def test_days_out_of_the_calendar_and_numbers_that_are_none_are_null(engine, tmp_path):
    days = pa.array([2**31 - 1, -(10**9), 0], pa.int32()).cast(pa.date32())
    numbers = [float("inf"), float("nan"), 1.0]
    pq.write_table(
        pa.table({"patient_id": [1, 2, 3], "d": days, "f": numbers}),
        tmp_path / "anything.parquet",
    )
    schema = TableSchema("anything", (Column("d", DAY), Column("f", float)))
    source = open_source(str(tmp_path))
    assert source.check(engine, schema, ["d", "f"]).said == ()
    rows = engine.execute(
        f"{source.relation(engine, schema, ['d', 'f'])} ORDER BY patient_id"
    )
    assert rows == [(1, None, None), (2, None, None), (3, DAY(1970, 1, 1), 1.0)]


def test_a_patient_with_several_rows_has_one_without_values(engine, tmp_path):
    """Whether anybody has two rows is an answer, too; two rows in a join would count
    people twice.
    """
    schema = TableSchema("anything", (Column("x", str),), one_row=True)
    source = records(
        tmp_path, "anything", "parquet", ["a", "b", "b", None, "c"], [1, 2, 2, 3, None]
    )
    found = source.check(engine, schema, ["x"])
    assert found.said == () and {each.rule for each in found.dirt} >= {
        "further rows of a patient"
    }
    rows = engine.execute(
        f"{source.relation(engine, schema, ['x'])} ORDER BY patient_id"
    )
    assert rows == [(1, "a"), (2, None), (3, None)]


def test_an_author_cannot_say_that_a_table_of_the_site_has_one_row(engine, tmp_path):
    schema = TableSchema("clinical_events", (Column("date", DAY),), one_row=True)
    table = {"patient_id": [1, 1, 2], "date": [DAY(2020, 1, 1)] * 3}
    pq.write_table(pa.table(table), tmp_path / "clinical_events.parquet")
    source = open_source(str(tmp_path))
    assert source.check(engine, schema, ["date"]).said == ()
    rows = engine.execute(
        f"{source.relation(engine, schema, ['date'])} ORDER BY patient_id"
    )
    assert rows == [(1, None), (2, DAY(2020, 1, 1))]


# the site's own -----------------------------------------------------------------------


def people(folder, sexes: list) -> Source:
    born = [DAY(1950, 1, 1)] * len(sexes)
    table = {"patient_id": range(len(sexes)), "sex": sexes, "date_of_birth": born}
    pq.write_table(pa.table(table), folder / "patients.parquet")
    return open_source(str(folder))


@pytest.mark.parametrize("module", [core, tpp])
def test_promises_of_a_table_that_the_site_knows_are_kept(engine, tmp_path, module):
    schema = schema_of(module.patients)
    with pytest.raises(
        DirtyRecords, match="column sex: some rows are outside its categories"
    ):
        people(tmp_path, ["male", "m"]).check(engine, schema, ["sex"])


@pytest.mark.parametrize(
    ("promised", "sexes"),
    list(
        product([("male",), ("male", "m"), ()], [["male", "female"], ["male", "male"]])
    ),
)
def test_an_author_cannot_promise_in_the_sites_name(engine, tmp_path, promised, sexes):
    schema = TableSchema(
        "patients",
        (Column("sex", str, required=True, categories=promised),),
        one_row=True,
    )
    source = people(tmp_path, sexes)
    assert source.check(engine, schema, ["sex"]) == Checked()
    rows = engine.execute(
        f"{source.relation(engine, schema, ['sex'])} ORDER BY patient_id"
    )
    assert [row[1] for row in rows] == [
        sex if sex in (promised or sexes) else None for sex in sexes
    ]


def test_the_sites_promise_is_kept_whatever_the_author_says(engine, tmp_path):
    schema = TableSchema(
        "patients", (Column("sex", str, categories=("m", "male")),), one_row=True
    )
    with pytest.raises(
        DirtyRecords, match="they are 'female', 'male', 'intersex', 'unknown'"
    ):
        people(tmp_path, ["male", "m"]).check(engine, schema, ["sex"])


def test_of_rows_that_a_definition_chose_no_promise_is_kept():
    schema = schema_of(core.patients)
    chosen = promises_of(schema, ["sex"], chosen=True)
    assert not any(each.kept for each in chosen.columns)
    assert chosen.columns[1].only == schema.column("sex").categories and chosen.joined
    assert all(each.kept for each in promises_of(schema, ["sex"]).columns)


def test_of_made_up_records_every_promise_is_kept(engine, tmp_path):
    schema = TableSchema("anything", (Column("x", str, categories=("a",)),))
    records(tmp_path, "anything", "parquet", ["a", "z"])
    with pytest.raises(DirtyRecords, match="outside its categories"):
        Tables(open_folder(tmp_path), made_up=True).check(engine, schema, ["x"])
