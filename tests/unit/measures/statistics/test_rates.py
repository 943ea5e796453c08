"""Intervals of counts against values of PHEindicatormethods 2.1.0 (R), and by the
probabilities.
"""

from math import exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.statistics.normal import CONTROL
from measures.statistics.rates import byar, count_interval, exact, rate_interval

VALUES = [
    (0, (0, 3.6888794541)),
    (1, (0.0253178080, 5.5716433909)),
    (5, (1.6234863901, 11.6683320793)),
    (9, (4.1153730974, 17.0848034514)),
    (10, (4.7874499140, 18.3914586058)),
    (65, (50.1631877105, 82.8491385459)),
    (1045, (982.5932018073, 1110.3312129856)),
]


@pytest.mark.parametrize("count, ends", VALUES)
def test_values_of_two_programs(count, ends):
    assert count_interval(count) == pytest.approx(ends, abs=1e-9)


def test_values_at_998_permille():
    assert count_interval(1, CONTROL) == pytest.approx(
        (0.00100050033358, 9.23341347645)
    )
    assert count_interval(10, CONTROL) == pytest.approx((2.91631837470, 24.19372492788))


def test_exact_of_ten():
    assert exact(10) == pytest.approx((4.7953886961, 18.3903560420), abs=1e-9)


@given(st.integers(1, 40))
def test_at_the_exact_ends_the_count_is_just_not_too_unlikely(count):
    low, high = exact(count)
    assert 1 - _at_most(count - 1, float(low)) == pytest.approx(0.025, abs=1e-9)
    assert _at_most(count, float(high)) == pytest.approx(0.025, abs=1e-9)


def _at_most(count, mean):
    return sum(exp(-mean) * mean**k / factorial(k) for k in range(count + 1))


@given(st.integers(10, 10**7))
def test_byar_is_close_to_exact_from_ten_on(count):
    (low, high), (exact_low, exact_high) = byar(count), exact(count)
    assert low == pytest.approx(float(exact_low), rel=2e-3)
    assert high == pytest.approx(float(exact_high), rel=2e-3)


def test_byar_of_nothing_is_not_below_nothing():
    assert byar(0)[0] == 0


def test_a_rate_is_per_unit_of_its_denominator():
    low, high = rate_interval(65, 32_500, per=1_000)
    assert (low, high) == pytest.approx((50.1631877105 / 32.5, 82.8491385459 / 32.5))


def test_what_is_no_count_is_refused():
    with pytest.raises(ValueError, match="count of events"):
        count_interval(-1)
    with pytest.raises(ValueError, match="denominator above 0"):
        rate_interval(1, 0)
