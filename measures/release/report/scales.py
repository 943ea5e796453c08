"""Where axes end and what they say: from zero to above the highest released number, and
whole years or months.
"""

import calendar
import datetime
from collections.abc import Sequence
from decimal import Decimal

from measures.release.report import numbers

STEPS = tuple(
    Decimal(each)
    for each in ("1", "1.5", "2", "2.5", "3", "4", "5", "6", "7.5", "8", "10")
)
MOST_TICKS = 7


def ticks(highest: float, parts: int) -> list[float]:
    """From 0 in `parts` equal steps of round numbers to the highest, or just above."""
    least = Decimal(repr(highest or 1.0)) / parts
    size = Decimal(1).scaleb(least.adjusted())
    step = next(each * size for each in STEPS if each * size >= least)
    return [float(step * place) for place in range(parts + 1)]


def labels(values: Sequence[float]) -> list[str]:
    """One text for each tick, all with as many decimals as one of them needs."""
    decimals = max(_decimals(value) for value in values)
    return [f"{value:,.{decimals}f}" if value else "0" for value in values]


def _decimals(value: float) -> int:
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def milliseconds(date: datetime.date) -> int:
    """Since 1970 as JavaScript counts them, in UTC."""
    return calendar.timegm(date.timetuple()) * 1000


def dates(starts: Sequence[datetime.date]) -> tuple[list[datetime.date], str]:
    """Where a time axis has words, and in which form: first days of years, or some of
    the periods.
    """
    first, last = starts[0], starts[-1]
    years = [datetime.date(year, 1, 1) for year in range(first.year, last.year + 1)]
    inside = [year for year in years if first <= year <= last]
    if len(inside) >= 2:  # two years make an axis
        every = -(-len(inside) // MOST_TICKS)
        return inside[::every], "%Y"
    places = sorted({round(share * (len(starts) - 1)) for share in (0.12, 0.5, 0.88)})
    chosen = [starts[place] for place in places]
    months = all(each.day == 1 for each in starts)
    return chosen, "%b %Y" if months else "%-d %b %Y"


def highest(values: Sequence[float]) -> float:
    """Of the released numbers; 0 if there are none."""
    return max(values, default=0.0)


def shown(value: float) -> str:
    return numbers.number(value)
