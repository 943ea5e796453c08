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
    """One period of one group, as it was released."""

    # the first day of the period
    start: datetime.date
    # the last day of the period
    end: datetime.date
    # how many are counted; None where it is withheld, and for standardised rates
    numerator: int | None
    # of how many; None likewise
    denominator: int | None
    # numerator / denominator; None where there is none
    ratio: float | None
    # the true ratio is certainly not below this, whatever rounding did
    at_least: float | None
    # the true ratio is certainly not above this, whatever rounding did
    at_most: float | None
    # lower end of the 95 % interval of the union rule; None where there is none
    ci_low: float | None = None
    # upper end of that interval; None where there is none
    ci_high: float | None = None
    # whether what is counted has changed since, and the number is as it was released
    kept: bool = False

    @property
    def shown(self) -> bool:
        return self.ratio is not None


@dataclass(frozen=True)
class Panel:
    """One group over time."""

    # the group in words; "" for everybody
    label: str
    # the values of the group's columns, in their order
    group: tuple[object, ...]
    # its periods in order of time; at least one
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

    # how much less and how much more than shown a true numerator can be
    numerator: tuple[int, int]
    # how much less and how much more than shown a true denominator can be
    denominator: tuple[int, int]
    # whether the numerator is of events or time, and no part of the denominator
    events: bool


@dataclass(frozen=True)
class Figure:
    """One measure in panels on one scale; a panel for each group, or one for
    everybody.
    """

    # the name of the released measure
    measure: str
    # the columns it is grouped by, of standardised rates their titles; empty: none
    group_by: tuple[str, ...]
    # the measure in words
    title: str
    # its groups in words, as `age band and sex`; "" for none
    by: str
    # how a reader sees its ratio
    unit: Unit
    # one for each group, or one for everybody
    panels: tuple[Panel, ...]
    # the spans of time that the author names, as far as the periods reach them
    phases: tuple[Phase, ...] = ()
    # None where the release does not say it, and for means, whose spread is not known
    rounding: Rounding | None = None
    # the first day of the period that others are compared with; None: no changes
    baseline: datetime.date | None = None
    # the first days of the periods that are compared with it
    compare: tuple[datetime.date, ...] = ()
    # whether a chart of unusual variation is wanted
    spc: bool = False
    # the first days of the periods where its limits begin anew
    rebase: tuple[datetime.date, ...] = ()
    # whether a funnel of the groups is wanted
    funnel: bool = False
    # whether a table of their ranks and shares is wanted
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

    # of its place in the page: the measure without groups, else the first one
    key: str
    # the author's title, else the name of that measure in words
    title: str
    # the author's sentence; "" where there is none
    sentence: str
    # one for each measure, the total first
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
