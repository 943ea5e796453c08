"""Changes against values of scipy 1.17.1, and corners against all counts that rounding
allows.
"""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.statistics.changes import (
    INCREASE,
    NO_CHANGE,
    RECOVERY,
    SUSTAINED_DROP,
    UNCERTAIN,
    Compared,
    change_in_words,
    difference_interval,
    ratio_interval,
    ratio_range,
    ratio_union,
)
from measures.statistics.normal import CONTROL
from measures.statistics.unions import Range

# X1, N1, X0, N0; ratio; as if true; certain range; union
VALUES = [
    (410, 18770, 330, 18760, 1.241762322, (1.075732604, 1.433417244), (1.181127133, 1.305852550),
     (1.023557150, 1.508055426)),
    (60, 18500, 120, 18770, 0.507297297, (0.372361682, 0.691130587), (0.400731511, 0.631303468),
     (0.289957568, 0.851984079)),
    (40, 3170, 50, 3160, 0.797476341, (0.527743609, 1.205070991), (0.520795901, 1.198146619),
     (0.338114979, 1.808826878)),
    (20, 1000, 20, 1000, 1, (0.541416850, 1.847005684), (0.372543659, 2.684249151),
     (0.187143310, 5.343498510)),
    (5000, 200000, 4000, 200000, 1.25, (1.199651382, 1.302461718), (1.244836825, 1.255186878),
     (1.194707371, 1.307878774)),
]  # fmt: skip


def around(count):
    return Range.of(count - 9, count + 9)


@pytest.mark.parametrize("x1, n1, x0, n0, ratio, as_true, certain, union", VALUES)
def test_values_of_another_program(x1, n1, x0, n0, ratio, as_true, certain, union):
    found = ratio_interval(Compared(x1, n1, x0, n0))
    assert found == pytest.approx((ratio, *as_true), abs=1e-8)
    now, then = (around(x1), around(n1)), (around(x0), around(n0))
    assert ratio_range(now, then) == pytest.approx(certain, abs=1e-8)
    assert ratio_union(now, then) == pytest.approx(union, abs=1e-8)


@settings(max_examples=30, deadline=None)
@given(
    st.integers(3, 60),
    st.integers(3, 60),
    st.integers(70, 200),
    st.integers(0, 2),
    st.booleans(),
)
def test_corners_are_the_ends_of_all_counts(x1, x0, n, reach, events):
    counts = (x1, n, x0, n + 3)
    ranges = [Range.of(count - reach, count + reach) for count in counts]
    each = [range(count - reach, count + reach + 1) for count in counts]
    combinations = np.array(list(product(*each))).T
    _, low, high = ratio_interval(Compared(*combinations), events=events)
    found = ratio_union((ranges[0], ranges[1]), (ranges[2], ranges[3]), events=events)
    if x0 - reach >= 1 and x1 - reach >= 1:
        assert found == pytest.approx((low.min(), high.max()), rel=1e-9)


def test_events_have_no_term_for_their_denominators():
    ratio, low, high = ratio_interval(Compared(40, 500, 30, 500), events=True)
    error = 1.959963984540054 * (1 / 40 + 1 / 30) ** 0.5
    assert (low, high) == pytest.approx((ratio * np.exp(-error), ratio * np.exp(error)))


def test_wider_at_998_permille():
    one, other = (
        ratio_interval(Compared(40, 500, 30, 500), c) for c in (0.95, CONTROL)
    )
    assert other[1] < one[1] and one[2] < other[2]


@pytest.mark.parametrize("counts", [(0, 10, 5, 10), (5, 10, 0, 10), (5, 0, 5, 10)])
def test_nothing_has_no_ratio(counts):
    with pytest.raises(ValueError, match="counts above 0"):
        ratio_interval(Compared(*counts))


@pytest.mark.parametrize("counts, difference, ends", [
    ((56, 70, 48, 80), 0.2, (0.052431472, 0.333872654)),
    ((9, 10, 3, 10), 0.6, (0.170522724, 0.809017974)),
    ((0, 10, 0, 20), 0, (-0.161125158, 0.277532800)),
    ((410, 18770, 330, 18760), 0.004252749, (0.001440111, 0.007078706)),
])  # fmt: skip
def test_difference_of_proportions(counts, difference, ends):
    assert difference_interval(Compared(*counts)) == pytest.approx(
        (difference, *ends), abs=1e-9
    )


@pytest.mark.parametrize("first, second, words", [
    ((-0.10, 0.10), (-0.14, 0.14), NO_CHANGE),
    ((0.16, 0.30), (-0.10, 0.10), INCREASE),
    ((-0.10, 0.10), (0.15, 0.20), INCREASE),
    ((-0.40, -0.20), (-0.30, -0.16), SUSTAINED_DROP),
    ((-0.40, -0.20), (-0.10, 0.10), RECOVERY),
    # the first interval lies in two classes
    ((-0.40, -0.10), (-0.10, 0.10), UNCERTAIN),
    ((-0.20, 0.20), (-0.10, 0.10), UNCERTAIN),
    ((-0.10, 0.10), (-0.30, -0.20), UNCERTAIN),  # the papers have no word for it
])  # fmt: skip
def test_words_are_said_only_if_the_whole_interval_allows_them(first, second, words):
    assert change_in_words(first, second) == words
