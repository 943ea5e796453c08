"""How the tables of an interval hang together, worked by hand."""

import pytest

from measures.disclosure.audit.reading.names import Cell
from measures.disclosure.audit.reading.public import read_structure
from measures.disclosure.audit.reading.rows import rows_of
from measures.disclosure.audit.reading.shapes import projected
from measures.disclosure.audit.reading.slots import slots_of
from measures.disclosure.audit.reading.tables import Tables
from tests.lib.attacks import measure, row, table

TOTAL = Cell((), ())
WOMEN, MEN = (Cell(("sex",), (sex,)) for sex in "fm")
CROSSED = [Cell(("age", "sex"), each) for each in (("o", "f"), ("y", "f"), ("y", "m"))]
KNOWN = {
    "m": measure(),
    "m_by_age_sex": measure(group_by=["age", "sex"]),
    "k_by_sex": measure("k", group_by=["sex"], within=["m"]),
}
PART, OTHER = "n among d", "k among d"


@pytest.fixture
def shape():
    rows = [row("m", [], 30, 100)]
    rows += [
        row("m_by_age_sex", [*zip(cell.grouping, cell.groups, strict=True)], 10, 30)
        for cell in CROSSED
    ]
    rows += [row("k_by_sex", [("sex", sex)], 5, 50) for sex in "fm"]
    tables = Tables(
        read_structure({"measures": KNOWN}),
        slots_of([rows_of(table(rows))], appends=True),
    )
    [found] = tables.shapes.values()
    return found


def test_tables_that_are_shown_and_those_that_they_imply(shape):
    assert shape.parts == {
        PART: ((), ("age", "sex")),
        OTHER: ((), ("sex",)),
        "d": ((), ("sex",), ("age", "sex")),
    }


def test_cells_add_up_to_those_of_the_next_coarser_table(shape):
    assert shape.sums[PART] == [(TOTAL, CROSSED)]
    assert shape.sums["d"] == [
        (TOTAL, [WOMEN, MEN]),
        (WOMEN, CROSSED[:2]),
        (MEN, CROSSED[2:]),
    ]


def test_parts_and_their_wholes(shape):
    assert shape.pairs == [(OTHER, "d"), (PART, "d")]
    assert shape.containing == [(OTHER, "d"), (OTHER, PART), (PART, "d")]
    cells = {(inner, outer): found for inner, outer, found in shape.nested}
    assert cells[OTHER, PART] == [TOTAL], "sex alone is no table of the other"
    assert cells[OTHER, "d"] == [TOTAL, WOMEN, MEN]


def test_a_table_goes_by_a_measure_that_shows_it_or_a_finer_one(shape):
    assert shape.shown_by["d", ("sex",)] == "k_by_sex"
    assert shape.shown_by[PART, ()] == "m"
    assert shape.shown_by["d", ()] == "m", "not a finer one, whatever its name"
    assert shape.shown_by[OTHER, ()] == "k_by_sex"


def test_the_cell_of_a_margin():
    assert projected(("o", "f"), ("age", "sex"), ("sex",)) == ("f",)
    assert projected(("o", None), ("age", "sex"), ("sex",)) == (None,)
    assert projected(("o", "f"), ("age", "sex"), ()) == ()
