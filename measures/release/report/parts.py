"""What the page is made of: families of measures, their figures, the panels of a
figure, the points of a panel.
"""

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from measures.release.words import Phase, Unit


@dataclass(frozen=True)
class Point:
    """One period of one group, as it was released; None where it is withheld."""

    # the first and the last day
    start: datetime.date
    end: datetime.date
    numerator: int | None
    denominator: int | None
    # numerator / denominator
    ratio: float | None
    # between which the true ratio certainly lies, whatever rounding did
    at_least: float | None
    at_most: float | None
    # the 95 % interval of the union rule; None where there is none
    ci_low: float | None = None
    ci_high: float | None = None
    # whether what is counted has changed since, and the number is as it was released
    kept: bool = False

    @property
    def shown(self) -> bool:
        return self.ratio is not None


@dataclass(frozen=True)
class Panel:
    """The points of one group in order of time; there is at least one."""

    # the group in words; "" for everybody
    label: str
    # the values of the group's columns, in their order
    group: tuple[object, ...]
    points: tuple[Point, ...]

    @cached_property
    def shown(self) -> tuple[Point, ...]:
        return tuple(point for point in self.points if point.shown)

    @property
    def withheld(self) -> int:
        return len(self.points) - len(self.shown)


@dataclass(frozen=True)
class Rounding:
    """What a shown count of a measure says of the true one."""

    # how much less and how much more than shown a true count can be
    numerator: tuple[int, int]
    denominator: tuple[int, int]
    # whether the numerator is of events or time, and no part of the denominator
    events: bool


@dataclass(frozen=True)
class Figure:
    """One measure in panels on one scale; a panel for each group, or one for
    everybody.
    """

    # the released measure, and the columns it is grouped by
    measure: str
    group_by: tuple[str, ...]
    # in words: of the measure, and by what
    title: str
    by: str
    unit: Unit
    panels: tuple[Panel, ...]
    phases: tuple[Phase, ...] = ()
    # None where the release does not say it, and for means, whose spread is not known
    rounding: Rounding | None = None
    # the first days of the periods that are compared
    baseline: datetime.date | None = None
    compare: tuple[datetime.date, ...] = ()
    # whether a chart of unusual variation is wanted, and where its limits begin anew
    spc: bool = False
    rebase: tuple[datetime.date, ...] = ()
    # whether a funnel of the groups is wanted, and a table of their ranks and shares
    funnel: bool = False
    ranks: bool = False

    @property
    def name(self) -> str:
        """Of its files and of its place in the page."""
        return self.measure

    @cached_property
    def intervals(self) -> list[tuple[datetime.date, datetime.date]]:
        """All periods, in order."""
        points = chain.from_iterable(panel.points for panel in self.panels)
        return sorted({(point.start, point.end) for point in points})

    @property
    def whole_time(self) -> bool:
        """Whether there is one period only, which bars show and no line."""
        return len(self.intervals) == 1

    @property
    def rows(self) -> int:
        return sum(len(panel.points) for panel in self.panels)

    @property
    def withheld(self) -> int:
        return sum(panel.withheld for panel in self.panels)

    @property
    def can_be_drawn(self) -> bool:
        return self.withheld < self.rows

    @property
    def all_points(self) -> Iterator[Point]:
        for panel in self.panels:
            yield from panel.points


@dataclass(frozen=True)
class Family:
    """What one question gives: its total, and the same by groups."""

    # of its place in the page
    key: str
    title: str
    # the author's sentence; "" where there is none
    sentence: str
    figures: tuple[Figure, ...] = field(default=())

    @property
    def total(self) -> Figure | None:
        """Everybody; None where a measure has groups only."""
        return next((figure for figure in self.figures if not figure.group_by), None)

    @property
    def grouped(self) -> tuple[Figure, ...]:
        return tuple(figure for figure in self.figures if figure.group_by)

    @property
    def unit(self) -> Unit:
        return self.figures[0].unit


def figures_of(families: Iterable[Family]) -> list[Figure]:
    """All figures, in the order of the page."""
    return list(chain.from_iterable(family.figures for family in families))


def points_at(
    panels: Iterable[Panel], start: datetime.date
) -> Iterator[tuple[Panel, Point]]:
    """Each panel that has a point for the period with this first day, and the point."""
    for panel in panels:
        for point in panel.points:
            if point.start == start:
                yield panel, point
