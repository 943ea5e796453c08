"""Intervals that lie in each other, and intervals that cover each other; pure dates."""

from datetime import date, timedelta
from functools import lru_cache
from itertools import product

Interval = tuple[date, date]
DAY = timedelta(days=1)
SHORTEST_MONTH, MONTH = 28, 31


def is_within(inner: Interval, outer: Interval) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1] and inner != outer


@lru_cache
def nearest_within(intervals: tuple[Interval, ...]) -> list[tuple[Interval, Interval]]:
    """Pairs of an interval and a larger one around it, with none between the two."""
    found = []
    for inner in intervals:
        larger = [outer for outer in intervals if is_within(inner, outer)]
        for outer in larger:
            # a week is tied to its month, and the month to its year: that ties all three
            if not any(is_within(between, outer) for between in larger):
                found.append((inner, outer))
    return found


@lru_cache
def covers(
    intervals: tuple[Interval, ...],
) -> list[tuple[Interval, tuple[Interval, ...]]]:
    """Each interval that others of one rhythm cover without a gap, and those, as few as
    possible.

    They may stick out on both sides (weeks over a month), but none contains it.
    """
    rhythms: dict[int, list[Interval]] = {}
    for each in intervals:
        rhythms.setdefault(_rhythm(each), []).append(each)
    found = []
    for covered, same in product(intervals, rhythms.values()):
        others = _cover(covered, same)
        if others:
            found.append((covered, others))
    return found


def _rhythm(interval: Interval) -> int:
    """Its length in days; all months are of one length."""
    days = (interval[1] - interval[0]).days + 1
    return MONTH if SHORTEST_MONTH <= days <= MONTH else days


def _cover(covered: Interval, intervals: list[Interval]) -> tuple[Interval, ...]:
    """From its first day on, always the one that reaches furthest."""
    others = [
        each for each in intervals if each != covered and not is_within(covered, each)
    ]
    chosen: list[Interval] = []
    day = covered[0]
    while day <= covered[1]:
        here = [each for each in others if each[0] <= day <= each[1]]
        if not here:
            return ()
        chosen.append(max(here, key=lambda each: (each[1], each[0])))
        day = chosen[-1][1] + DAY
    return tuple(chosen)
