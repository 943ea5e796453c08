"""The corners of a union are its ends: all pairs of counts are tried."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.statistics.proportions import wilson
from measures.statistics.rates import exact, rate_interval
from measures.statistics.unions import (
    Range,
    exact_rate_union,
    proportion_union,
    rate_union,
)

VALUES = [
    # shown numerator and denominator, base of the numerator, union by brute force
    # (scipy 1.17.1)
    (20, 100, 10, (0.057289729, 0.420090901)),
    (40, 18770, 10, (0.001163255, 0.003450949)),
    (150, 18450, 10, (0.006480968, 0.010062597)),
    (990, 1000, 10, (0.960185490, 1)),
    (100, 100, 10, (0.754012243, 1)),
    (30, 18770, 20, (0.000327121, 0.003450949)),
]


def around(count, base):
    return Range.of(count - (base - 1), count + (base - 1))


@pytest.mark.parametrize("x, n, base, ends", VALUES)
def test_values_by_brute_force(x, n, base, ends):
    assert proportion_union(around(x, base), around(n, 10)) == pytest.approx(
        ends, abs=1e-9
    )


def test_a_withheld_count_of_people_is_at_most_19():
    """Per 1,000: what may be said of it at most, and the interval's upper end."""
    for n, most, upper in (
        (100, 208.7912, 303.2319),
        (1000, 19.1726, 29.7505),
        (18450, 1.0303, 1.6087),
    ):
        _, high = proportion_union(Range.of(0, 19), around(n, 10))
        assert 19 / (n - 9) * 1000 == pytest.approx(most, abs=1e-4)
        assert high * 1000 == pytest.approx(upper, abs=1e-4)


@st.composite
def ranges(draw):
    """A numerator and a denominator as rules of every width show them."""
    below, above = draw(st.integers(0, 9)), draw(st.integers(0, 9))
    denominator = draw(st.integers(below + 1, 400))
    numerator = draw(st.integers(0, denominator))
    low, high = max(0, numerator - below), numerator + above
    return (low, high), (denominator - below, denominator + above)


@given(ranges())
def test_corners_of_a_proportion_are_the_ends_of_all_pairs(known):
    numerator, denominator = known
    x, n = _pairs(numerator, denominator)
    part = x <= n
    if not part.any():
        return
    low, high = wilson(x[part], n[part])
    found = proportion_union(Range.of(*numerator), Range.of(*denominator))
    assert found == pytest.approx((low.min(), high.max()), abs=1e-12)


@given(ranges())
def test_corners_of_a_rate_are_the_ends_of_all_pairs(known):
    numerator, denominator = known
    low, high = rate_interval(*_pairs(numerator, denominator))
    found = rate_union(Range.of(*numerator), Range.of(*denominator))
    assert found == pytest.approx((low.min(), high.max()), abs=1e-12)


def _pairs(numerator, denominator):
    counts = (np.arange(low, high + 1) for low, high in (numerator, denominator))
    x, n = np.meshgrid(*counts)
    return x.ravel(), n.ravel()


def test_a_range_the_wrong_way_round_is_refused():
    with pytest.raises(ValueError, match="lower end"):
        Range.of(3, 2)


def test_exact_intervals_of_all_pairs_lie_in_the_union():
    """Of 100 events a year in 100 person-years, rounded to tens and fives."""
    counts, times = np.arange(91, 110), np.arange(36_521, 36_530)
    ends = [[end / times[:, None] for end in exact(counts)][at] for at in (0, 1)]
    union = exact_rate_union(Range.of(91, 109), Range.of(36_521, 36_529))
    assert union == pytest.approx((ends[0].min(), ends[1].max()))
    with pytest.raises(ValueError, match="a denominator above 0"):
        exact_rate_union(Range.of(0, 1), Range.of(0, 1))
