"""Numbers with three significant digits; the ends of a range are rounded outward."""

from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, Context

DIGITS = 3  # more would identify a single count of a small group

_DOWN = Context(prec=DIGITS, rounding=ROUND_FLOOR)
_UP = Context(prec=DIGITS, rounding=ROUND_CEILING)


def nearest(value: float) -> float:
    """The nearest number of three significant digits; of two equally near, the even
    one.

    >>> nearest(0.0031847)
    0.00318
    """
    return float(f"{value:.{DIGITS - 1}e}")


def down(value: float) -> float:
    """The largest number of three significant digits that is not above."""
    return _outward(value, _DOWN.create_decimal_from_float)


def up(value: float) -> float:
    """The smallest number of three significant digits that is not below."""
    return _outward(value, _UP.create_decimal_from_float)


def _outward(value: float, rounded: Callable[[float], object]) -> float:
    # 0.83 is stored as a little less than 0.83; rounded down to digits it would be
    # 0.829
    close = nearest(value)
    return close if close == value else float(str(rounded(value)))
