"""The tables of all releases: cells by the first names of their groups, margins that
nobody shows.
"""

from measures.disclosure.audit.reading.names import Cell
from measures.disclosure.audit.reading.public import read_structure
from measures.disclosure.audit.reading.rows import rows_of
from measures.disclosure.audit.reading.slots import slots_of
from measures.disclosure.audit.reading.tables import Tables
from tests.lib.attacks import NEXT, measure, row, table

PART = "n among d"


def tables_of(rows, structure):
    return Tables(
        read_structure(structure), slots_of([rows_of(table(rows))], appends=True)
    )


def test_a_group_goes_by_the_first_name_of_its_series():
    structure = {
        "measures": {"m": measure(group_by=["zone", "age"])},
        "groups": {
            "zone": {"same_as": "area", "moves_with": []},
            "age": {"moves_with": []},
        },
    }
    tables = tables_of(
        [row("m", [("zone", "east"), ("age", "old")], 30, 100)], structure
    )
    [rows] = tables.rows.values()
    assert tables.cell(rows[0]) == Cell(("age", "area"), ("old", "east"))


def test_margins_have_all_cells_that_finer_tables_add_up_to():
    known = {"m": measure(group_by=["age", "sex"])}
    cells = [("o", "f"), ("y", "f"), ("y", None)]
    rows = [row("m", [("age", age), ("sex", sex)], 10, 30) for age, sex in cells]
    tables = tables_of(rows, {"measures": known})
    assert tables.groups["d", ("age", "sex")] == [("o", "f"), ("y", None), ("y", "f")]
    assert tables.groups["d", ()] == [()]
    assert ("d", ("sex",)) not in tables.groups, "no two tables have it in common"


def test_a_row_that_is_missing_in_one_interval_is_a_count_that_nobody_told():
    known = {"m": measure(group_by=["sex"])}
    rows = [row("m", [("sex", sex)], 10, 30) for sex in "fm"]
    tables = tables_of(
        [*rows, row("m", [("sex", "f")], 10, 30, NEXT)], {"measures": known}
    )
    assert len(tables.shapes) == 2
    for shape in tables.shapes.values():
        assert [cell.groups for cell in shape.cells[PART] if cell.grouping] == [
            ("f",),
            ("m",),
        ]


def test_intervals_with_the_same_measures_share_a_shape():
    tables = tables_of(
        [row("m", [], 10, 30), row("m", [], 20, 30, NEXT)],
        {"measures": {"m": measure()}},
    )
    one, other = tables.shapes.values()
    assert one is other


def test_a_sum_below_zero_has_no_bound_at_zero():
    known = {"m": measure() | {"kind": "events"}, "k": measure("k")}
    tables = tables_of(
        [row("m", [], -20, 100), row("k", [], 20, 100)], {"measures": known}
    )
    assert tables.below_zero == {PART}
