"""What ratios tell beyond the counts beside them.

A ratio of released counts tells nothing. One of true counts does: four decimals of N /
D leave few pairs of whole numbers, mostly one. So every ratio, and every end of a
published range of it, is compared with what is shown, and becomes knowledge where it
isn't simply the quotient.
"""

from collections.abc import Iterable, Sequence
from math import inf, isfinite
from typing import NamedTuple

from measures.disclosure.audit.reading.rows import Row

MOST_PAIRS = 20_000  # numerators times denominators that are tried one by one
FULL = 12  # so many decimals are all that a binary number has; the rest is its rounding

Span = tuple[float, float]  # smallest and largest true ratio


def decimals_of(values: Iterable[float | None]) -> int:
    """How many decimals a column was written with."""
    shown = [
        repr(float(value)) for value in values if value is not None and isfinite(value)
    ]
    return min(FULL, max((_decimals(text) for text in shown), default=FULL))


def _decimals(text: str) -> int:
    return FULL if "e" in text else len(text.partition(".")[2].rstrip("0"))


class Precision(NamedTuple):
    """How the ratios of a measure are written."""

    decimals: int
    # they are more than quotients of the counts beside them
    telling: bool


def precision_of(rows: Sequence[Row]) -> Precision:
    """That of the ratios of all rows of one measure."""
    decimals = decimals_of(row.ratio for row in rows)
    digits = digits_of(row.ratio for row in rows)
    by_decimals = all(_is_quotient(row, decimals) for row in rows)
    # Releases round to three significant digits: 0.00318 beside 0.333.
    by_digits = by_decimals or all(_is_rounded_quotient(row, digits) for row in rows)
    return Precision(decimals, not by_digits)


def spans_of(row: Row, precision: Precision) -> list[Span]:
    """What the published ratios of a row say of the true one."""
    return [*_of_ratio(row, precision.decimals, precision.telling), *_of_range(row)]


def digits_of(values: Iterable[float | None]) -> int:
    """How many significant digits a column was written with."""
    shown = []
    for value in values:
        if value is not None and isfinite(value):
            shown.append(_digits(repr(float(value))))
    return min(FULL, max(shown, default=FULL))


def _digits(text: str) -> int:
    """Of `0.0120`, `1.2e-02` and `120.0` alike: 2."""
    figures = text.partition("e")[0].lstrip("-").replace(".", "")
    return max(1, len(figures.strip("0")))


def _half(decimals: int) -> float:
    return 0.5 * 10.0**-decimals * (1 + 1e-9) + 1e-13


def _is_quotient(row: Row, decimals: int) -> bool:
    """Whether the ratio is what anybody can compute from the row."""
    if row.ratio is None or not isfinite(row.ratio):
        return True
    if row.numerator is None or not row.denominator:
        return row.ratio == 0
    return abs(row.ratio - row.numerator / row.denominator) <= _half(decimals)


def _is_rounded_quotient(row: Row, digits: int) -> bool:
    """The same of a ratio that was rounded to so many significant digits."""
    if row.ratio is None or not isfinite(row.ratio):
        return True
    if row.numerator is None or not row.denominator:
        return row.ratio == 0
    return row.ratio == float(f"{row.numerator / row.denominator:.{digits - 1}e}")


def _of_ratio(row: Row, decimals: int, telling: bool) -> list[Span]:
    if not telling or row.ratio is None or not isfinite(row.ratio):
        return []
    return [(row.ratio - _half(decimals), row.ratio + _half(decimals))]


def _of_range(row: Row) -> list[Span]:
    low = -inf if row.ratio_at_least is None else row.ratio_at_least - _half(FULL)
    high = inf if row.ratio_at_most is None else row.ratio_at_most + _half(FULL)
    return [] if (low, high) == (-inf, inf) else [(low, high)]


def implied(span: Span, numerator: Span, denominator: Span, *, people: bool) -> bool:
    """Whether the ranges of the counts already say as much (a published range is made
    from them).
    """
    low, high = span
    least = numerator[0] / denominator[1] if denominator[1] else 0
    most = numerator[1] / denominator[0] if denominator[0] > 0 else inf
    return low <= least and high >= (min(1, most) if people else most)


def fitting(
    span: Span, numerator: Span, denominator: Span
) -> list[tuple[int, int]] | None:
    """The pairs of counts with such a ratio; None if there are too many to try.

    A ratio that is shown at all has a denominator.
    """
    bounds = (*numerator, *denominator)
    if not all(map(isfinite, bounds)):
        return None
    (n_low, n_high), (d_low, d_high) = (
        (int(low), int(high)) for low, high in (numerator, denominator)
    )
    if (n_high - n_low + 1) * (d_high - d_low + 1) > MOST_PAIRS:
        return None
    low, high = span
    found = []
    for d in range(max(1, d_low), d_high + 1):
        # n / d is within the span exactly if n is within the span times d
        for n in range(n_low, n_high + 1):
            if low * d <= n <= high * d:
                found.append((n, d))
    return found
