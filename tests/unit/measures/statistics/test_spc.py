"""Control limits and special causes against NHSRplotthedots 0.2.2, run under R
4.2.2.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.statistics.spc import Limits, Special, limits_of, specials, xmr

A = [50, 52, 48, 51, 49, 53, 47, 50, 52, 48, 51, 49, 70, 50, 52]
B = [50, 52, 49, 51, 48, 52, 50, 47, 49, 48, 46, 49, 47, 45, 48, 46]
C = [50, 53, 47, 52, 48, 51, 40, 41, 43, 44, 46, 47, 49, 52, 50, 48]
D = [10, 12, 9, 11, 10, 13, 8, 11, 10, 12, 9, 11, 15.4, 15.2, 10, 9, 11, 10]
F = [50, 52, 48, 51, 49, 53, 47, 50, 52, 48, 51, 49, 46, 50, 52, 58, 59, 60, 61, 62]
H = [50, 52, None, 51, 49, 53, 47, 50, 52, 48, None, 49, 70, 50, 52]
K = [50, 50, 51, 49, 50, 52, 48, *[51] * 7, 49, 50, 48, 47]
E = [*A, *(value - 20 for value in A)]

ABOVE, BELOW = Special.OUTSIDE_ABOVE, Special.OUTSIDE_BELOW


def marked(chart):
    """The special points, counted from 1."""
    return {place: why for place, why in enumerate(chart.special, start=1) if why}


def ends(limits):
    return limits.mean, limits.lower, limits.upper


@pytest.mark.parametrize("points, expected, special", [
    (A, (51.4666666667, 43.265, 59.6683333333), {13: ABOVE}),
    (B, (48.5625, 42.1785, 54.9465), {}),
    (C, (47.5625, 40.5325, 54.5925), {7: BELOW} | dict.fromkeys(range(8, 15), Special.RISING)),
    (D, (10.9222222222, 4.5382222222, 17.3062222222), dict.fromkeys((13, 14), Special.TWO_OF_THREE_ABOVE)),
    (H, (51.7692307692, 34.2132307692, 69.3252307692), {13: ABOVE}),
    ([1, 2, 3], (2, -0.66, 4.66), {}),
    (K, (50.0555555556, 47.5618055556, 52.5493055556),
     dict.fromkeys(range(8, 15), Special.ABOVE_MEAN) | {18: BELOW}),
], ids=["A", "B", "C", "D", "H", "I", "K"])  # fmt: skip
def test_series(points, expected, special):
    chart = xmr(points)
    assert ends(chart.limits[0]) == pytest.approx(expected, abs=1e-9)
    assert marked(chart) == special


def test_without_screening():
    chart = xmr(A, screen=False)
    assert ends(chart.limits[0]) == pytest.approx(
        (51.4666666667, 36.6466666667, 66.2866666667)
    )
    assert marked(chart) == {13: ABOVE}


def test_rebased_limits_begin_anew_and_their_pair_counts_for_neither():
    chart = xmr(E, rebase=[15])
    first, second = map(ends, chart.limits)
    assert first == pytest.approx((51.4666666667, 43.265, 59.6683333333))
    assert second == pytest.approx((31.4666666667, 23.265, 39.6683333333))
    assert marked(chart) == {13: ABOVE, 28: ABOVE}
    assert chart.group == (0,) * 15 + (1,) * 15


def test_not_rebased():
    chart = xmr(E)
    assert ends(chart.limits[0]) == pytest.approx(
        (41.4666666667, 29.8035897436, 53.1297435897)
    )
    found = marked(chart)
    assert set(found) == set(range(1, 28))
    assert [place for place, why in found.items() if why is BELOW] == [
        18,
        20,
        22,
        25,
        27,
    ]
    assert found[13] is ABOVE


def test_limits_of_the_first_points_alone():
    chart = xmr(F, fixed=12)
    assert ends(chart.limits[0]) == pytest.approx((50, 41.5363636364, 58.4636363636))
    assert marked(chart) == {
        **dict.fromkeys(range(13, 17), Special.RISING),
        **dict.fromkeys(range(17, 21), ABOVE),
    }


def test_what_does_not_vary_has_no_limits():
    """In R they are no number."""
    chart = xmr([5] * 14)
    assert chart.limits == (None,) and not marked(chart)
    assert limits_of([5, None, 7]) is None, "no two neighbours are known"
    assert limits_of([]) is None


@pytest.mark.parametrize("gap", range(1, 6))
def test_a_gap_anywhere_in_a_run_of_seven_breaks_it(gap):
    """In R the trend stops with an error."""
    around = Limits(mean=10, lower=-100, upper=100)
    rising: list = [11, 12, 13, 14, 15, 16, 17]
    above: list = [11, 13, 12, 11, 13, 12, 11]
    assert set(specials(rising, around)) == {Special.RISING}
    assert set(specials(above, around)) == {Special.ABOVE_MEAN}
    for points in (rising, above):
        points[gap] = None
        assert set(specials(points, around)) == {None}


def test_points_on_the_mean_are_on_no_side():
    """Another program marks them."""
    around = Limits(mean=10, lower=5, upper=15)
    assert set(specials([10] * 7, around)) == {None}
    assert set(specials([11, 12, 10, 11, 12, 11, 12], around)) == {None}


def test_a_point_outside_is_none_of_two_in_three():
    around = Limits(mean=10, lower=5, upper=15)
    assert specials([16, 14, 11], around) == [ABOVE, None, None]
    assert specials([14, 14, 11], around) == [Special.TWO_OF_THREE_ABOVE] * 2 + [None]
    assert specials([6, 9, 6], around) == [
        Special.TWO_OF_THREE_BELOW,
        None,
        Special.TWO_OF_THREE_BELOW,
    ]
    assert specials([14, 9, 14], around) == [None] * 3, "all three must lie on one side"


@given(st.lists(st.one_of(st.none(), st.integers(0, 99)), max_size=40))
def test_every_point_has_a_verdict_and_gaps_have_none(points):
    chart = xmr(points)
    assert len(chart.special) == len(points) == len(chart.group)
    assert all(
        why is None
        for why, point in zip(chart.special, points, strict=True)
        if point is None
    )
