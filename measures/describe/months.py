"""The steps of time in which codes are counted: whole months or years of the
calendar.
"""

import datetime

from extractors.errors import ArgumentsError
from extractors.model.moments import shifted
from measures.definitions import Interval

MONTH, YEAR = "month", "year"
EVERY = (MONTH, YEAR)
MOST_MONTHS = 60  # more are years, unless months are asked for
DAY = datetime.timedelta(1)


def steps_of(span: Interval, every: str = "") -> tuple[Interval, ...]:
    """The months or years that a span of days touches, each as a whole.

    Raises ArgumentsError for a span that ends before it begins.
    """
    if span[0] > span[1]:
        raise ArgumentsError(f"--from {span[0]} is after --to {span[1]}; swap them.")
    months = 12 * (span[1].year - span[0].year) + span[1].month - span[0].month + 1
    if every == YEAR or (not every and months > MOST_MONTHS):
        return tuple(map(_year, range(span[0].year, span[1].year + 1)))
    first = span[0].replace(day=1)
    return tuple(
        _month(shifted(first, number, "add_months")) for number in range(months)
    )


def _year(year: int) -> Interval:
    return datetime.date(year, 1, 1), datetime.date(year, 12, 31)


def _month(first: datetime.date) -> Interval:
    return first, shifted(first, 1, "add_months") - DAY
