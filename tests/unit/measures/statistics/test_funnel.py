"""Funnels against PHEindicatormethods 2.1.0 and FunnelPlotR 0.6 (R 4.2.2)."""

import pytest

from measures.statistics.funnel import (
    Flag,
    flag_of_proportion,
    flag_of_rate,
    limits,
    rate_limits,
    spread_limits,
    spread_of,
)
from measures.statistics.normal import CONTROL, NOMINAL
from measures.statistics.rates import exact

X = [10, 25, 40, 60, 30, 12, 95, 5]
N = [100, 200, 310, 420, 500, 150, 600, 140]
MORE_X, MORE_N = [44, 38, 70, 22], [300, 260, 510, 180]
AVERAGE = sum(X) / sum(N)


def test_who_is_far_from_the_average():
    assert pytest.approx(0.1144628099) == AVERAGE
    flags = [flag_of_proportion(x, n, AVERAGE) for x, n in zip(X, N, strict=True)]
    within = Flag.WITHIN
    assert flags == [
        within,
        within,
        within,
        within,
        Flag.VERY_LOW,
        within,
        Flag.VERY_HIGH,
        Flag.LOW,
    ]


@pytest.mark.parametrize("of, nominal, control", [
    (71, (4.040778699, 18.85178328), (0, 23.12237433)),
    (211, (7.150496682, 15.74206530), (4.673211915, 18.21935007)),
    (630, (8.960210605, 13.93235138), (7.526548239, 15.36601374)),
])  # fmt: skip
def test_limits(of, nominal, control):
    found = [end * 100 for end in limits(AVERAGE, of)]
    assert found == pytest.approx(nominal, abs=1e-7)
    assert [end * 100 for end in limits(AVERAGE, of, CONTROL)] == pytest.approx(
        control, abs=1e-7
    )


def test_rates():
    assert flag_of_rate(0, 500, 147 / 12300) is Flag.LOW
    assert flag_of_rate(6, 500, 147 / 12300) is Flag.WITHIN
    assert flag_of_rate(14, 500, 147 / 12300) is Flag.HIGH
    assert flag_of_rate(30, 500, 147 / 12300) is Flag.VERY_HIGH


@pytest.mark.parametrize(
    "average, of", [(147 / 12300, 5000), (0.02, 9_000), (0.5, 1_200)]
)
@pytest.mark.parametrize("confidence", [NOMINAL, CONTROL])
def test_rate_limits_are_where_intervals_meet_the_average(average, of, confidence):
    low, high = rate_limits(average, of, confidence)
    assert exact(low * of, confidence)[1] / of == pytest.approx(average)
    assert exact(high * of, confidence)[0] / of == pytest.approx(average)


def test_nobody_is_below_what_few_may_have():
    assert rate_limits(0.001, 100)[0] == 0


def test_how_much_units_vary_beyond_chance():
    found = spread_of(X + MORE_X, N + MORE_N)
    assert found is not None
    assert found.average == pytest.approx(0.122888283379)
    assert found.phi == pytest.approx(3.1997923848)
    assert found.tau2 == pytest.approx(0.00208708043346)
    assert spread_limits(found, 100) == pytest.approx((0.0499586069, 0.2222426649))
    assert spread_limits(found, 100, CONTROL) == pytest.approx(
        (0.0219983475, 0.2888957480)
    )
    assert spread_limits(found, 600) == pytest.approx((0.0661357478, 0.1941026693))


def test_chance_alone():
    found = spread_of(X + MORE_X, N + MORE_N)
    assert found is not None
    alone = type(found)(found.average, 1.0, 0.0)
    assert spread_limits(alone, 100) == pytest.approx((0.0661722422, 0.1940446007))
    assert spread_limits(alone, 600) == pytest.approx((0.0978531750, 0.1503365358))
    assert spread_of([10] * 10, [100] * 10).tau2 == 0  # type: ignore[union-attr]


def test_few_units_tell_nothing_of_how_they_vary():
    assert spread_of(X, N) is None
