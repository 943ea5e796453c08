"""What hangs together is looked at together, and nothing else."""

from measures.disclosure.audit.apart import groups_of
from measures.disclosure.audit.reading.public import read_structure
from measures.disclosure.audit.reading.rows import rows_of
from measures.disclosure.audit.reading.slots import slots_of
from measures.disclosure.audit.reading.tables import Tables
from tests.lib import attack_tables as made
from tests.lib.attacks import MONTH, measure, row, table

BOTH = ["start", "end"]


def groups(tables, structure):
    """The numbers of the weeks in which the slots of each group begin, by release."""
    slots = slots_of([rows_of(each) for each in tables], appends=True)
    found = groups_of(Tables(read_structure(structure), slots))
    return [
        [(slot.release, (slot.interval[0] - made.MONDAY).days // 7) for slot in group]
        for group in found
    ]


def weeks(counts):
    return [
        row("m", [], count, 100, made.week(number))
        for number, count in enumerate(counts)
    ]


def test_weeks_in_a_row_are_alone():
    assert groups([table(weeks([20, 30, 40]))], {"measures": {"m": measure()}}) == [
        [(0, 0)],
        [(0, 1)],
        [(0, 2)],
    ]


def test_a_count_that_does_not_move_ties_all():
    """The denominator is of everybody, whatever the week."""
    counts = {
        "n": {"kind": "people", "within": ["d"], "moves_with": BOTH},
        "d": {"kind": "people", "within": [], "moves_with": []},
    }
    entry = {"group_by": [], "counts": {"numerator": "n", "denominator": "d"}}
    structure = {"measures": {"m": entry}, "counts": counts}
    assert groups([table(weeks([20, 30]))], structure) == [[(0, 0), (0, 1)]]


def test_a_release_that_changed_is_tied_to_the_one_before():
    before, now = table(weeks([20, 30])), table(weeks([20, 40]))
    assert groups([before, now], {"measures": {"m": measure()}}) == [
        [(0, 0)],
        [(0, 1), (1, 1)],
    ]


def test_a_month_is_tied_to_its_weeks_where_that_says_something():
    rows = [*weeks([20, 30]), row("monthly", [], 50, 100, MONTH)]
    tied = {"window": {"moves_with": [], "alone": True}}
    of_window = {name: measure("n", "d", **tied) for name in ("m", "monthly")}
    assert groups([table(rows)], {"measures": of_window}) == [[(0, 0), (0, 0), (0, 1)]]
    of_none = {name: measure("n", "d", window=None) for name in ("m", "monthly")}
    assert groups([table(rows)], {"measures": of_none}) == [
        [(0, 0)],
        [(0, 0)],
        [(0, 1)],
    ]
