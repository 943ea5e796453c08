"""Deciles as numpy, pandas and R's type 7 have them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.statistics.quantiles import DECILES, deciles


@pytest.mark.parametrize("rates, expected", [
    (range(1, 12), [2, 3, 4, 5, 6, 7, 8, 9, 10]),
    (range(0, 100, 10), [9, 18, 27, 36, 45, 54, 63, 72, 81]),
    ([5], [5] * 9),
])  # fmt: skip
def test_by_hand(rates, expected):
    assert deciles(list(rates)) == pytest.approx(expected)


def test_no_outer_percentiles():
    assert (min(DECILES), max(DECILES)) == (10, 90)


@pytest.mark.parametrize("rates", [[], [1, float("inf")], [1, float("nan")]])
def test_rates_are_numbers(rates):
    with pytest.raises(ValueError, match="deciles need rates"):
        deciles(rates)


@given(
    st.lists(st.integers(0, 1000), min_size=1, max_size=60),
    st.lists(st.integers(0, 9), min_size=60, max_size=60),
)
def test_deciles_never_fall_where_rates_rise(rates, more):
    """So the deciles of the ends of ranges are the ends of the range of the deciles."""
    raised = np.array(rates) + np.array(more[: len(rates)])
    assert (deciles(rates) <= deciles(raised) + 1e-12).all()
