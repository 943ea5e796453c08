"""Three significant digits, outward where they are ends."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measures.statistics.digits import down, nearest, up


@pytest.mark.parametrize("value, lower, middle, upper", [
    (0.0031847, 0.00318, 0.00318, 0.00319),
    (0.83, 0.83, 0.83, 0.83),  # stored as a little less
    (0.03125, 0.0312, 0.0312, 0.0313),  # exactly between two
    (123_456.0, 123_000.0, 123_000.0, 124_000.0),
    (0.99999, 0.999, 1.0, 1.0),
    (0.0, 0.0, 0.0, 0.0),
    (-1.2345, -1.24, -1.23, -1.23),
])  # fmt: skip
def test_by_hand(value, lower, middle, upper):
    assert (down(value), nearest(value), up(value)) == (lower, middle, upper)


@given(st.floats(1e-9, 1e9))
def test_ends_are_outward_and_close(value):
    low, high = down(value), up(value)
    assert low <= value <= high
    assert low in (nearest(value), high) or nearest(value) == high
    assert (high - low) / value <= 0.0101
    assert all(
        len(Decimal(repr(each)).normalize().as_tuple().digits) <= 3
        for each in (low, high)
    )
