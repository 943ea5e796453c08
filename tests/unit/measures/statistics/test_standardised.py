"""Standardised rates against PHEindicatormethods 2.1.0 (R 4.2.2) and scipy 1.17.1."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from measures.standards import PEOPLE
from measures.statistics.standardised import (
    direct,
    direct_range,
    direct_union,
    indirect,
)
from measures.statistics.unions import Range

BANDS = [47000, 14000, 19500, 19500]  # 0-39, 40-49, 50-64, 65+
X = [10, 4, 3, 5, 8, 12, 15, 20, 26, 33, 41, 50, 62, 70, 81, 77, 60, 44, 30]
N = [
    2800, 3000, 3100, 3000, 3200, 3500, 3600, 3500, 3300, 3200,
    3400, 3300, 2900, 2600, 2500, 1900, 1300, 800, 450,
]  # fmt: skip


def in_units(rate, per):
    return rate.value * per, rate.low * per, rate.high * per


def test_nineteen_bands():
    expected = (13.175794441, 12.181379437, 14.229653292)
    assert in_units(direct(X, N, PEOPLE), 1_000) == pytest.approx(expected, abs=1e-8)


def test_bands_without_events():
    some = [X[0], 0, 0, 0, *X[4:]]
    expected = (1295.75686346, 1197.07388947, 1400.39581582)
    assert in_units(direct(some, N, PEOPLE), 100_000) == pytest.approx(
        expected, abs=1e-6
    )


def test_fewer_than_ten_events_have_no_rate():
    assert direct([1, 2, 3], [100, 200, 300], [1000] * 3) is None


def test_four_bands():
    found = direct([40, 30, 60, 90], [9000, 2500, 3600, 3200], BANDS)
    expected = (12.503263889, 10.902315130, 14.272735298)
    assert in_units(found, 1_000) == pytest.approx(expected, abs=1e-8)


SHOWN = np.array([30, 20, 50, 50]), np.array([9540, 2470, 3590, 3170])


def around(counts, withheld=()):
    low, high = counts - 9, counts + 9
    low[list(withheld)], high[list(withheld)] = 0, 19
    return Range.of(low, high)


def test_released_bands():
    counts, of = around(SHOWN[0]), around(SHOWN[1])
    expected = (8.403177877, 7.108001377, 9.865431284)
    assert in_units(direct(*SHOWN, BANDS), 1_000) == pytest.approx(expected, abs=1e-8)
    known = np.array(direct_range(counts, of, BANDS)) * 1_000
    assert known == pytest.approx((6.391226527, 10.425394579), abs=1e-8)
    union = np.array(direct_union(counts, of, BANDS)) * 1_000
    assert union == pytest.approx((5.268332513, 12.041384177), abs=1e-8)


def test_a_withheld_band_is_0_to_19():
    counts, of = around(SHOWN[0], [0]), around(SHOWN[1])
    known = np.array(direct_range(counts, of, BANDS)) * 1_000
    assert known == pytest.approx((5.357610442, 9.439139202), abs=1e-8)
    union = np.array(direct_union(counts, of, BANDS)) * 1_000
    assert union == pytest.approx((4.322385722, 10.993398106), abs=1e-8)


def test_a_union_of_few_events_is_none():
    assert (
        direct_union(Range.of([0, 2], [9, 20]), Range.of([50, 50], [60, 60]), [1, 1])
        is None
    )


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(6, 40), st.integers(60, 300)), min_size=2, max_size=2
    ),
    st.integers(0, 3),
)
def test_corners_are_the_ends_of_all_counts(bands, reach):
    x, n = (np.array(each) for each in zip(*bands, strict=True))
    weights = [3.0, 1.0]
    counts, of = Range.of(x - reach, x + reach), Range.of(n - reach, n + reach)
    choices = range(-reach, reach + 1)
    ends = []
    for away in product(choices, repeat=4):
        found = direct(x + away[:2], n + away[2:], weights)
        if found is not None:
            ends.append((max(0, found.low), found.high))
    union = direct_union(counts, of, weights)
    if union is not None:
        lows, highs = zip(*ends, strict=True)
        assert union == pytest.approx((min(lows), max(highs)), rel=1e-9)


def test_a_band_without_people_is_refused():
    with pytest.raises(ValueError, match="no people"):
        direct([10, 10], [100, 0], [1, 1])
    assert direct([10, 0], [100, 0], [1, 0]) is not None, "it has no weight"
    with pytest.raises(ValueError, match="each band"):
        direct([10], [100, 1], [1, 1])


def test_indirectly():
    reference = [200, 500, 900, 1600], [50000, 60000, 50000, 30000]
    of = [900, 1000, 1100, 600]
    found = indirect([3, 9, 22, 31], of, reference)
    expected = (1.01987447699, 0.78707930508, 1.29993418221)
    assert in_units(found, 1) == pytest.approx(expected, abs=1e-10)
    few = indirect([0, 1, 2, 3], of, reference)
    expected = (0.0941422594142, 0.0345485500025, 0.204908065207)
    assert in_units(few, 1) == pytest.approx(expected, abs=1e-10)
    assert found is not None and 65 / found.value == pytest.approx(63.7333333333)
    overall = sum(reference[0]) / sum(reference[1]) * 1_000
    assert in_units(found, overall) == pytest.approx(
        (17.1768332966, 13.2560725066, 21.8936283319)
    )
    assert indirect([0], [5], ([0], [5])) is None


def test_the_european_standard_is_of_a_hundred_thousand():
    assert sum(PEOPLE) == 100_000
