"""What ratios betray beyond the counts beside them."""

from math import inf

import pytest

from measures.disclosure.audit import audit
from measures.disclosure.audit.ratios import (
    decimals_of,
    digits_of,
    fitting,
    implied,
    precision_of,
    spans_of,
)
from measures.disclosure.audit.reading.rows import rows_of
from tests.lib import attack_tables as made
from tests.lib.attacks import NEXT, measure, ranges, row, table


@pytest.mark.parametrize("numerator, denominator", [(3, 98), (5, 1002), (40, 101)])
def test_ratio_with_four_decimals_gives_its_counts_back(numerator, denominator):
    rows = [row("m", [], numerator, denominator)]
    shown = made.released(rows, made.nearest, raw_ratio=4)
    found = ranges([shown], {"m": measure()})
    assert found[0, "m", (), "numerator"] == (numerator, numerator)
    if numerator <= 7:
        refused = audit([shown], {"measures": {"m": measure()}}, "opensafely")
        assert not refused.passed
        assert "1 exact small" in refused.refusals[0]


def spans(rows):
    precision = precision_of(rows)
    return [spans_of(row, precision) for row in rows]


def test_ratio_of_the_shown_counts_tells_nothing():
    rows = [row("m", [], 33, 98)]
    assert ranges([made.released(rows, made.nearest)], {"m": measure()}) == {}


def test_range_of_a_ratio_that_was_made_from_true_counts_is_knowledge():
    rows = [row("m", [], 33, 98)]
    shown = made.released(rows, made.nearest)
    told = shown.append_column("ratio_at_least", [[33 / 98]]).append_column(
        "ratio_at_most", [[33 / 98]]
    )
    assert ranges([told], {"m": measure()})[0, "m", (), "numerator"] == (33, 33)


@pytest.mark.parametrize(("ratios", "decimals"), [
    ([0.25, 0.3333, None], 4), ([0.5], 1), ([1.0], 0), ([], 12), ([0.1234567890123], 12), ([inf], 12), ([1e-7], 12),
])  # fmt: skip
def test_with_how_many_decimals_a_column_was_written(ratios, decimals):
    assert decimals_of(ratios) == decimals


@pytest.mark.parametrize(("ratios", "digits"), [
    ([0.25, 0.333, None], 3), ([0.00318, 0.5], 3), ([120.0], 2), ([0.0], 1), ([], 12), ([1.2e-7], 2), ([1 / 3], 12),
])  # fmt: skip
def test_with_how_many_significant_digits_a_column_was_written(ratios, digits):
    assert digits_of(ratios) == digits


def test_quotients_rounded_to_three_significant_digits_tell_nothing():
    rounded = rows_of(table([row("m", [], 40, 18770), row("m", [], 6000, 18770, NEXT)]))
    few = [
        each._replace(ratio=ratio)
        for each, ratio in zip(rounded, (0.00213, 0.32), strict=True)
    ]
    assert spans(few) == [[], []]
    assert all(spans([few[0], few[1]._replace(ratio=0.321)])), (
        "not the third digit of the quotient"
    )


def test_only_pairs_with_the_ratio_fit():
    """A third, up to 5 of 15."""
    found = fitting((0.3333, 0.3334), (1, 5), (1, 15))
    assert found == [(1, 3), (2, 6), (3, 9), (4, 12), (5, 15)]
    assert fitting((1.0, 1.0), (0, 3), (0, 2)) == [(1, 1), (2, 2)], (
        "nothing of nobody is no ratio"
    )


def test_too_many_pairs_are_not_tried():
    assert fitting((0.3, 0.4), (0, 200), (0, 200)) is None
    assert fitting((0.3, 0.4), (0, inf), (1, 3)) is None


def test_a_range_that_the_counts_allow_anyway_says_nothing():
    """20 to 30 of 90 to 110: the ratio is 20 / 110 to 30 / 90."""
    counts = (20, 30), (90, 110)
    assert implied((20 / 110, 30 / 90), *counts, people=True)
    assert not implied((20 / 110, 0.3), *counts, people=True)
    assert not implied((0.2, 30 / 90), *counts, people=True)
    assert implied((0.0, 1.0), (20, 130), (90, 110), people=True), (
        "a proportion is at most 1"
    )
    assert not implied((0.0, 1.0), (20, 130), (90, 110), people=False)


def test_ratios_tell_as_soon_as_one_is_no_quotient():
    quotients = rows_of(table([row("m", [], 30, 100), row("m", [], 20, 100, NEXT)]))
    assert spans(quotients) == [[], []]
    told = [quotients[0]._replace(ratio=0.3), quotients[1]._replace(ratio=0.2345)]
    for span, middle in zip(spans(told), (0.3, 0.2345), strict=True):
        [(low, high)] = span
        assert low < middle < high and high - low == pytest.approx(0.0001)
