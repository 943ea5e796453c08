"""How counts are named: two rows show the same count exactly if their names are
equal.
"""

import pytest

from measures.disclosure.audit.reading.names import Cell, Place, Slot
from measures.disclosure.audit.reading.public import read_structure
from measures.disclosure.audit.reading.rows import rows_of
from measures.disclosure.audit.reading.slots import slots_of
from measures.disclosure.audit.reading.tables import Tables
from tests.lib.attacks import NEXT, WEEK, measure, row, table

TOTAL = Cell((), ())


@pytest.fixture
def tables():
    """One measure in two weeks, whose denominator moves with nothing."""
    plain = {"kind": "people", "window": None, "people": None}
    counts = {
        "d": {**plain, "within": [], "moves_with": []},
        "n": {**plain, "within": ["d"], "moves_with": ["start"]},
    }
    known = measure() | {"counts": {"numerator": "n", "denominator": "d"}}
    structure = read_structure(
        {"measures": {"m": known}, "counts": counts, "groups": {}}
    )
    rows = [row("m", [], 30, 100), row("m", [], 40, 100, NEXT)]
    return Tables(structure, slots_of([rows_of(table(rows))], appends=True))


def test_a_count_that_does_not_move_has_one_name_in_all_intervals(tables):
    names = {tables.count(Slot(0, interval), "d", TOTAL) for interval in (WEEK, NEXT)}
    assert len(names) == 1


def test_a_count_that_moves_has_a_name_for_each(tables):
    names = [tables.count(Slot(0, interval), "n", TOTAL) for interval in (WEEK, NEXT)]
    assert [name.when for name in names] == [(WEEK[0], None), (NEXT[0], None)]


def test_counts_of_two_releases_are_two(tables):
    assert tables.count(Slot(0, WEEK), "d", TOTAL) != tables.count(
        Slot(1, WEEK), "d", TOTAL
    )


def test_slots_are_in_the_order_of_releases_and_then_of_time():
    slots = [Slot(1, WEEK), Slot(0, NEXT), Slot(0, WEEK)]
    assert sorted(slots) == [Slot(0, WEEK), Slot(0, NEXT), Slot(1, WEEK)]


def test_the_three_counts_of_a_cell_differ_in_nothing_but_their_quantity():
    """What is found of an empty cell is looked up by all but the last."""
    places = [
        Place(0, "m", WEEK, TOTAL, quantity)
        for quantity in ("numerator", "denominator", "rest")
    ]
    assert len({place[:-1] for place in places}) == 1 and len(set(places)) == 3
