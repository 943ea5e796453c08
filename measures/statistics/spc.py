"""Control limits of a series, and its points that are more than chance: the XmR chart.

Source: NHS England, Making Data Count, as NHSRplotthedots 0.2.2 (MIT) has it. There a
gap inside a run of seven stops with an error; here a withheld period ends every run
that it lies in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

LIMIT = 2.66  # average moving ranges from the mean to a limit: 3 / 1.128
NEAR = 2 / 3  # of a limit
SCREEN = 3.267  # average moving ranges beyond which one is an outlier
RUN = 7  # points that are a trend, or lie on one side
FEWEST = 13  # points below which no limits are drawn

Point = float | None


class Special(StrEnum):
    """Why a point is more than chance."""

    OUTSIDE_ABOVE = "above the upper limit"
    OUTSIDE_BELOW = "below the lower limit"
    RISING = "part of a rise of 7"
    FALLING = "part of a fall of 7"
    TWO_OF_THREE_ABOVE = "one of 2 in 3 near the upper limit"
    TWO_OF_THREE_BELOW = "one of 2 in 3 near the lower limit"
    ABOVE_MEAN = "one of 7 above the mean"
    BELOW_MEAN = "one of 7 below the mean"


@dataclass(frozen=True)
class Limits:
    """What chance alone would hardly exceed."""

    # of the points that the limits are made of
    mean: float
    # below the mean by 2.66 average moving ranges; may be below 0
    lower: float
    # above the mean by as much
    upper: float

    @property
    def reach(self) -> float:
        return self.upper - self.mean


@dataclass(frozen=True)
class Chart:
    """A series with its limits, and why each point is special; None: it is not."""

    # of each group of points between two rebase dates, in order; None: it does not vary
    limits: tuple[Limits | None, ...]
    # for each point the place of its group
    group: tuple[int, ...]
    # for each point
    special: tuple[Special | None, ...]


def xmr(
    points: Sequence[Point],
    *,
    rebase: Sequence[int] = (),
    fixed: int = 0,
    screen: bool = True,
) -> Chart:
    """The chart of a series; a period without a value is None.

    `rebase`: places at which new limits begin. `fixed`: limits come from the first so
    many points alone. `screen`: leave moving ranges that are outliers out of the
    average. There is no fewest number of points here: see FEWEST.
    """
    starts = [0, *sorted(set(rebase) - {0}), len(points)]
    limits: list[Limits | None] = []
    group: list[int] = []
    special: list[Special | None] = []
    for number, (start, end) in enumerate(pairwise(starts)):
        mine = points[start:end]
        found = limits_of(mine[:fixed] if fixed else mine, screen=screen)
        limits.append(found)
        group += [number] * len(mine)
        special += specials(mine, found) if found else [None] * len(mine)
    return Chart(tuple(limits), tuple(group), tuple(special))


def limits_of(points: Sequence[Point], *, screen: bool = True) -> Limits | None:
    """Mean and limits of some points; None where nothing moves, or no two neighbours
    are known.
    """
    known = [point for point in points if point is not None]
    ranges = _moving_ranges(points)
    if not ranges or not any(ranges):
        return None
    average = sum(ranges) / len(ranges)
    if screen:
        kept = [each for each in ranges if each < SCREEN * average]
        average = sum(kept) / len(kept)
    mean = sum(known) / len(known)
    return Limits(mean, mean - LIMIT * average, mean + LIMIT * average)


def _moving_ranges(points: Sequence[Point]) -> list[float]:
    """How far neighbours lie apart; a pair with a gap is none."""
    found = []
    for before, after in pairwise(points):
        if before is not None and after is not None:
            found.append(abs(after - before))
    return found


def specials(points: Sequence[Point], limits: Limits) -> list[Special | None]:
    """Why each point is special; of several reasons the first in the order of
    `Special`.
    """
    reasons: list[set[Special]] = [set() for _ in points]
    _mark_outside(points, limits, reasons)
    _mark_trends(points, reasons)
    _mark_near(points, limits, reasons)
    _mark_sides(points, limits, reasons)
    order = list(Special)
    return [min(each, key=order.index) if each else None for each in reasons]


def _mark_outside(
    points: Sequence[Point], limits: Limits, reasons: list[set[Special]]
) -> None:
    for place, point in enumerate(points):
        if point is not None and point > limits.upper:
            reasons[place].add(Special.OUTSIDE_ABOVE)
        if point is not None and point < limits.lower:
            reasons[place].add(Special.OUTSIDE_BELOW)


def _mark_trends(points: Sequence[Point], reasons: list[set[Special]]) -> None:
    for start, window in _windows(points, RUN):
        pairs = list(pairwise(window))
        if all(after > before for before, after in pairs):
            _mark(reasons, range(start, start + RUN), Special.RISING)
        if all(after < before for before, after in pairs):
            _mark(reasons, range(start, start + RUN), Special.FALLING)


def _mark_near(
    points: Sequence[Point], limits: Limits, reasons: list[set[Special]]
) -> None:
    """Two of three neighbours on one side of the mean lie near its limit, inside of
    it.
    """
    sides = (
        (1, Special.TWO_OF_THREE_ABOVE),
        (-1, Special.TWO_OF_THREE_BELOW),
    )
    for start, window in _windows(points, 3):
        away = [point - limits.mean for point in window]
        for sign, special in sides:
            if any(sign * each <= 0 for each in away):
                continue
            near = [
                start + place
                for place, each in enumerate(away)
                if NEAR * limits.reach < sign * each <= limits.reach
            ]
            if len(near) >= 2:
                _mark(reasons, near, special)


def _mark_sides(
    points: Sequence[Point], limits: Limits, reasons: list[set[Special]]
) -> None:
    for start, window in _windows(points, RUN):
        if all(point > limits.mean for point in window):
            _mark(reasons, range(start, start + RUN), Special.ABOVE_MEAN)
        if all(point < limits.mean for point in window):
            _mark(reasons, range(start, start + RUN), Special.BELOW_MEAN)


def _windows(points: Sequence[Point], size: int) -> list[tuple[int, list[float]]]:
    """All stretches of so many neighbours without a gap, with the place of the
    first.
    """
    found = []
    for start in range(len(points) - size + 1):
        window = [point for point in points[start : start + size] if point is not None]
        if len(window) == size:
            found.append((start, window))
    return found


def _mark(reasons: list[set[Special]], places: Sequence[int], special: Special) -> None:
    for place in places:
        reasons[place].add(special)
