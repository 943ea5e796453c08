"""Intervals that overlap: people of a week are people of its month; a month has at most
those of its weeks.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import product
from math import inf

from measures.disclosure.audit.reading.names import Cell, Slot
from measures.disclosure.audit.reading.public import BOTH, Structure
from measures.disclosure.audit.reading.rows import Grouping, Interval
from measures.disclosure.audit.reading.tables import Tables
from measures.disclosure.audit.solving.system import WINDOW, Sketch

DAY = timedelta(days=1)
MONTHS, MONTH = range(28, 32), 30  # months are of one kind, however many days they have


def inside(one: Interval, other: Interval) -> bool:
    """Whether the first is a proper part of the second."""
    return one != other and other[0] <= one[0] and one[1] <= other[1]


def cover(interval: Interval, among: Iterable[Interval]) -> list[Interval] | None:
    """The fewest others that together have all its days, none of which has them
    alone.
    """
    others = [each for each in among if each != interval and not inside(interval, each)]
    chosen: list[Interval] = []
    day = interval[0]
    while day <= interval[1]:
        reaching = [each for each in others if each[0] <= day <= each[1]]
        if not reaching:
            return None
        chosen.append(max(reaching, key=lambda each: each[1]))
        day = chosen[-1][1] + DAY
    return chosen


def is_partition(parts: Sequence[Interval], whole: Interval) -> bool:
    """Whether the parts, in order, have every day of the whole exactly once and no
    other.
    """
    ends = [whole[0] - DAY, *(end for _, end in parts)]
    return ends[-1] == whole[1] and all(
        part[0] == end + DAY for part, end in zip(parts, ends, strict=False)
    )


def tie_windows(tables: Tables, slots: Iterable[Slot], sketch: Sketch) -> None:
    """All that nested and covering intervals say about counts that only grow with their
    interval.
    """
    shown: dict[tuple[int, str, Grouping], list[Interval]] = defaultdict(list)
    for slot in slots:
        for part, groupings in tables.shapes[slot].parts.items():
            if (
                tables.structure.series[part].window is not None
                and part not in tables.below_zero
            ):
                for grouping in groupings:
                    shown[slot.release, part, grouping].append(slot.interval)
    for (release, part, grouping), intervals in shown.items():
        _tie_table(tables, sketch, (release, part, grouping), intervals)


def _tie_table(
    tables: Tables,
    sketch: Sketch,
    table: tuple[int, str, Grouping],
    intervals: Sequence[Interval],
) -> None:
    release, part, grouping = table
    cells = [Cell(grouping, groups) for groups in tables.groups[part, grouping]]
    for larger, smaller, most in _ties(tables.structure, part, grouping, intervals):
        for cell in cells:
            terms = {
                tables.count(Slot(release, each), part, cell): 1.0 for each in larger
            }
            sketch.tie(
                {**terms, tables.count(Slot(release, smaller), part, cell): -1.0},
                0,
                most,
                WINDOW,
            )


def _ties(
    structure: Structure, part: str, grouping: Grouping, intervals: Sequence[Interval]
) -> Iterator[tuple[list[Interval], Interval, float]]:
    """(intervals, one more, how much their counts may exceed its count at most); at
    least they reach it.
    """
    series = structure.series[part]
    fixed = structure.moves(grouping) | (series.window or frozenset())
    for alike in _alike(intervals, fixed):
        for outer, inner in product(alike, alike):
            if inside(inner, outer):
                yield [outer], inner, inf
        for whole, parts in _covers(alike) if series.alone else ():
            adds_up = not series.people and is_partition(parts, whole)
            yield parts, whole, 0 if adds_up else inf


def _alike(
    intervals: Sequence[Interval], fixed: frozenset[str]
) -> list[list[Interval]]:
    """Intervals with the same days where all other conditions and the groups look."""
    groups: dict[tuple, list[Interval]] = defaultdict(list)
    for interval in intervals:
        groups[
            tuple(day for end, day in zip(BOTH, interval, strict=True) if end in fixed)
        ].append(interval)
    return list(groups.values())


def _covers(among: Sequence[Interval]) -> Iterator[tuple[Interval, list[Interval]]]:
    """Every interval with its cover by those of each length, as weeks cover a month and
    rolling windows each other.
    """
    lengths: dict[int, list[Interval]] = defaultdict(list)
    for interval in among:
        days = (interval[1] - interval[0]).days + 1
        lengths[MONTH if days in MONTHS else days].append(interval)
    for whole in among:
        for same in lengths.values():
            parts = cover(whole, same)
            if parts is not None:
                yield whole, parts
