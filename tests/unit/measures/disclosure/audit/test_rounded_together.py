"""What the attacker of counts that were rounded together knows: margins add up after rounding, sums show their base."""

import pytest

from measures.disclosure.audit.rules import rule_of
from tests.unit.measures.disclosure.audit.test_audit import BY_SEX, ranges, row, sexes, table


@pytest.mark.parametrize(
    "total, cells, expected",
    [
        (30, {"f": 30, "m": None}, {"m": (0, 9)}),  # rounded to 0
        (40, {"f": 20, "m": None, "x": None}, {"m": (1, 19), "x": (1, 19)}),  # both to 10
        (30, {"f": 20, "m": None, "x": None}, {"m": (0, 19), "x": (0, 19)}),  # one of them to 10
        (None, {"f": None, "m": None}, {"f": (0, 19), "m": (0, 19)}),
    ],
)
def test_what_a_redacted_count_was_rounded_to_is_computed_from_its_margins(total, cells, expected):
    """Released counts add up after rounding too, and the attacker knows it."""
    rows = [row("m", [], total, 100 * len(cells)), *sexes("m_by_sex", {name: (n, 100) for name, n in cells.items()})]
    shown = table(rows)
    found = ranges([shown], BY_SEX, "controlled", width=1000)
    for name, (low, high) in expected.items():
        assert found[0, "m_by_sex", (name,), "numerator"] == (low, high)


def test_nothing_is_computed_from_the_margins_of_what_is_withheld():
    rows = [row("m", [], 30, 100), *sexes("m_by_sex", {"f": (30, 50), "m": (None, 50)})]
    shown = table(rows)
    status = ["withheld" if n is None else "released" for n in shown["numerator"].to_pylist()]
    withheld = shown.set_column(shown.column_names.index("status"), "status", [status])
    found = ranges([withheld], BY_SEX, "controlled", width=1000)
    assert found[0, "m_by_sex", ("m",), "numerator"] == (0, 18)


@pytest.mark.parametrize(
    "shown, base", [((40, 60), 20), ((40, 60, 30), 10), ((1000,), 1000), ((1500, 3000), 500), ((), 10), ((0, 0), 10)]
)
def test_base_of_sums_is_seen_from_them(shown, base):
    assert rule_of("controlled", {}).base_of_sums(shown) == base
    assert rule_of("opensafely", {}).base_of_sums(shown) == 5


def test_sums_of_events_are_bounded_by_the_base_that_is_seen():
    """100 in all, 40 and 60 by sex: all multiples of 20, so each is less than 20 away, and they add up."""
    structure = {name: each | {"kind": "events"} for name, each in BY_SEX.items()}
    rows = [row("m", [], 100, 60), *sexes("m_by_sex", {"f": (40, 30), "m": (60, 30)})]
    found = ranges([table(rows)], structure, "controlled", width=1000)
    assert found[0, "m_by_sex", ("f",), "numerator"] == (21, 59)
    assert found[0, "m", (), "numerator"] == (81, 119)
