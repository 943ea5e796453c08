"""Shares and ranks against all true values that the ranges allow."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.statistics.shares import ranks, share_of_sum, top_fifth
from measures.statistics.unions import Range

ENDS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 2)), min_size=1, max_size=5)


def ranges(ends):
    return Range.of([low for low, _ in ends], [low + wide for low, wide in ends])


def all_true(ends):
    """Every set of true values."""
    return product(*(range(low, low + wide + 1) for low, wide in ends))


@given(ENDS, st.integers(1, 4))
def test_share_is_that_of_all_true_counts(ends, first):
    chosen = [place < first for place in range(len(ends))]
    shares = []
    for true in all_true(ends):
        if sum(true):
            shares.append(sum(true[:first]) / sum(true))
    low, high = share_of_sum(ranges(ends), chosen)
    if shares and sum(low for low, _ in ends):
        assert (low, high) == pytest.approx((min(shares), max(shares)))
    else:
        assert all(low <= share <= high for share in shares)


@given(ENDS)
def test_ranks_are_those_of_all_true_values(ends):
    seen: list[set[int]] = [set() for _ in ends]
    for true in all_true(ends):
        for place, value in enumerate(true):
            higher = sum(other > value for other in true)
            equal = sum(other == value for other in true)
            seen[place] |= {higher + 1, higher + equal}
    assert ranks(ranges(ends)) == [(min(each), max(each)) for each in seen]


def test_by_hand():
    assert share_of_sum(Range.of([30, 50], [30, 60]), [True, False]) == pytest.approx(
        (30 / 90, 30 / 80)
    )
    assert share_of_sum(Range.of([0], [0]), [True]) == (0, 1)
    assert ranks(Range.of([8, 1, 4], [9, 5, 6])) == [(1, 1), (2, 3), (2, 3)]


@pytest.mark.parametrize("values, expected", [
    ([3], [0]),
    ([1, 5, 5, 2, 0], [1]),
    ([1, 5, 5, 2, 0, 9], [1, 5]),
])  # fmt: skip
def test_top_fifth(values, expected):
    assert list(np.flatnonzero(top_fifth(values))) == expected
