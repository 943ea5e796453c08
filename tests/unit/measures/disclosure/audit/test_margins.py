"""What the attacker of counts that were rounded together knows: margins add up after
rounding, sums show their base.
"""

from math import inf

import pytest

from measures.disclosure.audit.margins import _narrow, _narrow_pair
from measures.disclosure.audit.reading.names import Cell
from tests.lib.attacks import BY_SEX, ranges, row, sexes, table


@pytest.mark.parametrize(
    "total, cells, expected",
    [
        (30, {"f": 30, "m": None}, {"m": (0, 9)}),  # rounded to 0
        # both to 10
        (40, {"f": 20, "m": None, "x": None}, {"m": (1, 19), "x": (1, 19)}),
        # one of them to 10
        (30, {"f": 20, "m": None, "x": None}, {"m": (0, 19), "x": (0, 19)}),
        (None, {"f": None, "m": None}, {"f": (0, 19), "m": (0, 19)}),
    ],
)
def test_what_a_redacted_count_was_rounded_to_is_computed_from_its_margins(
    total, cells, expected
):
    """Released counts add up after rounding too, and the attacker knows it."""
    rows = [
        row("m", [], total, 100 * len(cells)),
        *sexes("m_by_sex", {name: (n, 100) for name, n in cells.items()}),
    ]
    shown = table(rows)
    found = ranges([shown], BY_SEX, "controlled", width=1000)
    for name, (low, high) in expected.items():
        assert found[0, "m_by_sex", (name,), "numerator"] == (low, high)


def test_nothing_is_computed_from_the_margins_of_what_is_withheld():
    rows = [row("m", [], 30, 100), *sexes("m_by_sex", {"f": (30, 50), "m": (None, 50)})]
    shown = table(rows)
    status = [
        "withheld" if n is None else "released" for n in shown["numerator"].to_pylist()
    ]
    withheld = shown.set_column(shown.column_names.index("status"), "status", [status])
    found = ranges([withheld], BY_SEX, "controlled", width=1000)
    assert found[0, "m_by_sex", ("m",), "numerator"] == (0, 18)


def test_sums_of_events_are_bounded_by_the_base_that_is_seen():
    """100 in all, 40 and 60 by sex: all multiples of 20, so each is less than 20 away,
    and they add up.
    """
    structure = {name: each | {"kind": "events"} for name, each in BY_SEX.items()}
    rows = [row("m", [], 100, 60), *sexes("m_by_sex", {"f": (40, 30), "m": (60, 30)})]
    found = ranges([table(rows)], structure, "controlled", width=1000)
    assert found[0, "m_by_sex", ("f",), "numerator"] == (21, 59)
    assert found[0, "m", (), "numerator"] == (81, 119)


ALL, ONE, TWO = (
    ("n", Cell((), ())),
    ("n", Cell(("sex",), ("f",))),
    ("n", Cell(("sex",), ("m",))),
)


@pytest.mark.parametrize(("before", "after"), [
    # three bases in all, two of them in one cell: one is left
    ({ALL: (3, 3), ONE: (2, 2), TWO: (0, inf)}, {ALL: (3, 3), ONE: (2, 2), TWO: (1, 1)}),
    # nothing is known of the cells, so each has at most the total
    ({ALL: (3, 3), ONE: (0, inf), TWO: (0, inf)}, {ALL: (3, 3), ONE: (0, 3), TWO: (0, 3)}),
    # two redacted cells of at most one base bound their total
    ({ALL: (0, inf), ONE: (0, 1), TWO: (0, 1)}, {ALL: (0, 2), ONE: (0, 1), TWO: (0, 1)}),
    # both must be one base, for the total is two
    ({ALL: (2, 2), ONE: (0, 1), TWO: (0, 1)}, {ALL: (2, 2), ONE: (1, 1), TWO: (1, 1)}),
])  # fmt: skip
def test_what_a_sum_says_of_its_parts(before, after):
    rounded = dict(before)
    _narrow(rounded, ALL, [ONE, TWO], complete=True)
    assert rounded == after


def test_a_sum_that_no_parts_have_leaves_an_empty_range():
    rounded: dict[tuple[str, Cell], tuple[float, float]] = {
        ALL: (5, 5),
        ONE: (0, 1),
        TWO: (0, 1),
    }
    _narrow(rounded, ALL, [ONE, TWO], complete=True)
    assert rounded[ALL] == (5, 2)


def test_a_part_is_no_more_than_its_whole():
    rounded: dict[tuple[str, Cell], tuple[float, float]] = {ONE: (2, inf), TWO: (0, 5)}
    _narrow_pair(rounded, ONE, TWO)
    assert rounded == {ONE: (2, 5), TWO: (2, 5)}
