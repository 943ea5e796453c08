"""Periods in an order in which neither starts nor ends ever fall, and the dates that
they give.
"""

import datetime
from collections.abc import Iterable, Sequence
from itertools import chain

from extractors.model import nodes
from extractors.model.moments import value_in

Interval = tuple[datetime.date, datetime.date]
Ladder = tuple[Interval, ...]
# days: months are 28 to 31 long and belong together, the whole time stays apart from
# its weeks
ALIKE = 8


def period_name(interval: Interval) -> str:
    """As `2019-04-01..2019-04-07`."""
    return f"{interval[0]}..{interval[1]}"


def ladders(intervals: Iterable[Interval]) -> list[Ladder]:
    """Ladders of periods that are about as long as each other, as few of them as will
    do.
    """
    lengths: dict[int, list[Interval]] = {}
    for start, end in sorted(set(intervals)):
        lengths.setdefault((end - start).days // ALIKE, []).append((start, end))
    return list(chain.from_iterable(map(_chained, lengths.values())))


def _chained(intervals: Iterable[Interval]) -> list[Ladder]:
    """Each interval, in order of starts, goes behind the one that ends last of those it
    may follow.
    """
    found: list[list[Interval]] = []
    for interval in intervals:
        fitting = [ladder for ladder in found if ladder[-1][1] <= interval[1]]
        if fitting:
            max(fitting, key=lambda ladder: ladder[-1][1]).append(interval)
        else:
            found.append([interval])
    return [tuple(ladder) for ladder in found]


def dates_on(
    moment: nodes.Series, ladder: Sequence[Interval]
) -> list[datetime.date] | None:
    """The date that a moment is in each period; None if it leaves the calendar in one
    of them.
    """
    dates = [date for interval in ladder if (date := value_in(moment, interval))]
    return dates if len(dates) == len(ladder) else None


def changes_of(part: nodes.Series, ladder: Sequence[Interval]) -> list[int]:
    """The places at which a part of a date (a year, a month) is not what it was in the
    period before.

    Beyond the calendar it is NULL.
    """
    assert isinstance(part, nodes.Call)
    dates = [value_in(part.arguments[0], interval) for interval in ladder]
    values = [date and getattr(date, part.operation) for date in dates]
    found: list[int] = []
    for place in range(1, len(values)):
        if values[place] != values[place - 1]:
            found.append(place)
    return found
