"""Rows that fall in a period, and series that are nothing without such rows.

A row whose date lies between two dates of the period belongs to a few periods only,
which it can tell by itself. A series that is False, 0 or NULL wherever a patient has no
such row need be computed only where there is one.
"""

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from extractors.model import nodes
from extractors.model.empties import value_of_absent
from extractors.model.operations import MIRRORED
from extractors.model.worth import UNKNOWN
from extractors.planner.ladders import Interval, dates_on
from extractors.planner.motion import Known, at_table

# periods that share a day; with more, ranges of periods are cheaper than single ones
MOST_OVERLAP = 3
# operations in a condition of rows, and how deep they may be nested
MOST_WRITTEN, DEEPEST_WRITTEN = 2_000, 150
# `date OP moment`: from the first period whose moment reaches (has passed) it
UPPER = {"le": False, "lt": True}
# to before the first period whose moment has passed (reaches) it
LOWER = {"ge": True, "gt": False}


@dataclass(frozen=True)
class Edge:
    """A place on a ladder: the first period whose `moment` reaches (or `passed`: lies
    after) a row's date.
    """

    # a date of INTERVAL, which grows from period to period
    moment: nodes.Series
    # whether the moment must lie after the date, not only reach it
    passed: bool


Edges = dict[nodes.Series, list[Edge]]


@dataclass(frozen=True)
class Window:
    """The periods of a row, by its `date`: from one edge to before another."""

    # a column of the rows, without INTERVAL
    date: nodes.Series
    # the first place at which the row counts
    start: Edge
    # the first place at which it does not any more
    end: Edge


@dataclass(frozen=True)
class Uses:
    """What a definition does with the rows of a frame."""

    # on the rows
    conditions: list[nodes.Series]
    # read from them
    values: list[nodes.Series]


def window_on(ladder: Sequence[Interval], uses: Uses, known: Known) -> Window | None:
    """Of the windows that conditions on rows set, the one whose rows fall in the fewest
    periods, if those are few.

    A row is in each of them: one whose one date is of this week, and another of the
    year before.
    """
    starts, ends = _edges(uses, known)
    narrowest = [
        Window(d, _latest(starts[d], ladder), _earliest(ends[d], ladder))
        for d in starts
        if d in ends
    ]
    periods = {window: overlap(window, ladder) or 0 for window in narrowest}
    few = [window for window in narrowest if 0 < periods[window] <= MOST_OVERLAP]
    return min(few, key=periods.__getitem__, default=None)


def is_bounded(uses: Uses, known: Known) -> bool:
    """Whether conditions on rows set a window."""
    starts, ends = _edges(uses, known)
    return not starts.keys().isdisjoint(ends)


def _edges(uses: Uses, known: Known) -> tuple[Edges, Edges]:
    """The edges of each date of rows, if all else that is asked of the rows is about a
    row alone.
    """
    starts: Edges = {}
    ends: Edges = {}
    asked = (*uses.conditions, *uses.values)
    if any(_reads_moving_values(series) for series in asked) or not _can_be_written(
        asked
    ):
        return starts, ends
    parts: list[nodes.Series] = []
    for condition in uses.conditions:
        if condition.interval:
            parts += nodes.conjuncts(condition)
    for operation, date, moment in _comparisons(parts, known):
        edges, passed = (
            (starts, UPPER[operation])
            if operation in UPPER
            else (ends, LOWER[operation])
        )
        edges.setdefault(date, []).append(Edge(moment, passed))
    return starts, ends


def _latest(edges: Sequence[Edge], ladder: Sequence[Interval]) -> Edge:
    """The one furthest along the ladder: that of the least dates, which are the last to
    reach a row's.
    """
    dated = _dated(edges, ladder)
    return min(dated, key=dated.__getitem__, default=edges[0])


def _earliest(edges: Sequence[Edge], ladder: Sequence[Interval]) -> Edge:
    dated = _dated(edges, ladder)
    return max(dated, key=dated.__getitem__, default=edges[0])


def _dated(
    edges: Iterable[Edge], ladder: Sequence[Interval]
) -> dict[Edge, list[datetime.date]]:
    return {edge: dates for edge in edges if (dates := dates_on(edge.moment, ladder))}


def _reads_moving_values(part: nodes.Series) -> bool:
    return any(
        node.interval and isinstance(node, nodes.Aggregate | nodes.Pick)
        for node in nodes.walk([part])
    )


def _can_be_written(asked: Iterable[nodes.Series]) -> bool:
    """Whether what rows are asked for can be written in SQL as often as it is used:
    nothing can be computed before them.
    """
    # operations, and how deep they are nested
    sizes: dict[nodes.Node, tuple[int, int]] = {}
    for node in nodes.walk(asked):
        below = (
            [sizes[child] for child in node.children]
            if isinstance(node, nodes.Call)
            else []
        )
        times = 2 if nodes.repeats(node) else 1
        sizes[node] = (
            1 + times * sum(size for size, _ in below),
            1 + max((depth for _, depth in below), default=0),
        )
    return all(
        size <= MOST_WRITTEN and depth <= DEEPEST_WRITTEN
        for size, depth in sizes.values()
    )


def _comparisons(
    parts: Iterable[nodes.Series], known: Known
) -> Iterator[tuple[str, nodes.Series, nodes.Series]]:
    """`date OP moment` for the dates that a row has by itself."""
    for part in parts:
        match part:
            case nodes.Call(operation=operation, arguments=(a, b)) if (
                operation in UPPER or operation in LOWER
            ):
                if known[b].moment and _own(a):
                    yield operation, at_table(a), b
                elif known[a].moment and _own(b):
                    yield MIRRORED[operation], at_table(b), a


def _own(date: nodes.Series) -> bool:
    """Made of the row's own columns and what is written in the definition."""
    if date.domain is None or date.interval:
        return False
    below = nodes.operands(date, lambda part: True)
    return all(
        isinstance(part, nodes.Literal)
        or (isinstance(part, nodes.Column) and part.domain)
        for part in below
    )


def overlap(window: Window, ladder: Sequence[Interval]) -> int | None:
    """The most periods that one date falls in; None if a moment leaves the calendar."""
    starts, ends = (
        dates_on(edge.moment, ladder) for edge in (window.start, window.end)
    )
    if starts is None or ends is None:
        return None
    # of the periods with the date between their moments, both included: those that
    # begin by then, less those that end
    return max(
        bisect_right(ends, date) - bisect_left(starts, date)
        for date in {*starts, *ends}
    )


def frames_in(node: nodes.Series) -> dict[nodes.Frame, Uses]:
    """The moving frames a series aggregates or picks from, and what it asks of their
    rows.
    """
    found: dict[nodes.Frame, Uses] = {}
    for part in nodes.walk([node]):
        if (
            part.interval
            and isinstance(part, nodes.Aggregate)
            and not part.rows.one_row
        ):
            values = [part.source] if isinstance(part.source, nodes.Series) else []
            _uses(found, part.rows).values.extend(values)
        elif part.interval and isinstance(part, nodes.Pick):
            _uses(found, part.source.rows).values.extend(nodes.sort_keys(part.source))
    return found


def _uses(found: dict[nodes.Frame, Uses], frame: nodes.Frame) -> Uses:
    return found.setdefault(frame, Uses(nodes.conditions(frame), []))


def is_nothing_without(node: nodes.Series, frames: Iterable[nodes.Frame]) -> bool:
    """Whether a series is False, 0 or NULL for every patient without a row in these
    frames, whatever else is known.
    """
    value = nothing_without(node, frames)
    return value is not UNKNOWN and not value


def nothing_without(node: nodes.Series, frames: Iterable[nodes.Frame]) -> Any:
    """The value of a series for a patient without a row in these frames, or UNKNOWN if
    it depends on more.
    """
    without = set(frames)
    return value_of_absent(
        node, lambda frame: frame.rows in without or _picked_from(frame) in without
    )


def _picked_from(frame: nodes.Frame) -> nodes.Frame | None:
    return frame.source.rows if isinstance(frame, nodes.Pick) else None
