"""The funnel of a measure by group: each unit's rate by its size, with limits of what
chance would hardly exceed.

Only for units that a release shows one by one, and large enough that rounding is no
signal. A unit lies outside where its whole certain range does, so rounding puts none
there.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from measures.release.report import numbers, saying
from measures.release.report.parts import Figure, Panel, Point, points_at
from measures.statistics.funnel import (
    Spread,
    limits,
    rate_limits,
    spread_limits,
    spread_of,
)
from measures.statistics.normal import CONTROL, NOMINAL

FEWEST_UNITS = 5  # an average of fewer is that of the units themselves
# of a unit, as released: below, rounding looks like a signal
FEWEST_PEOPLE, FEWEST_COUNTED = 1_000, 100
WITHIN = "within the limits"
Ends = tuple[float, float]


@dataclass(frozen=True)
class Unit:
    """One group of a measure, large enough to be judged."""

    # the group in words
    label: str
    # its released counts and rate in the period
    point: Point
    # lower and upper 95 % limit of the rate, at its size
    near: Ends
    # lower and upper 99.8 % limit of the rate, at its size
    far: Ends
    # where its rate lies, in words
    where: str

    @property
    def outside(self) -> bool:
        return self.where != WITHIN


@dataclass(frozen=True)
class Funnel:
    """The groups of one period, as units of different sizes."""

    # the first day of the period
    start: datetime.date
    # the last day of the period
    end: datetime.date
    # the groups that are large enough; empty where the funnel is refused
    units: tuple[Unit, ...] = ()
    # how many groups are too small, or withheld
    left_out: int = 0
    # the rate of all these units together, as released
    average: float = 0.0
    # how much the units vary beyond chance; None for few units, and for events
    spread: Spread | None = None
    # whether rates are of events, not of people
    events: bool = False
    # why there are no units, in a sentence; "" where there are
    refused: str = ""

    @property
    def widened(self) -> bool:
        """Whether units vary more than chance, so that limits are wider."""
        return self.spread is not None and self.spread.tau2 > 0

    def limits(self, of: float, confidence: float) -> Ends:
        """Between which rates a unit of this size is nothing unusual."""
        if self.events:
            return rate_limits(self.average, of, confidence)
        if self.spread is not None and self.widened:
            return spread_limits(self.spread, of, confidence)
        return limits(self.average, of, confidence)


def funnel(figure: Figure) -> Funnel:
    """Of the last period in which enough units are large enough."""
    start, end = figure.intervals[-1]
    if not figure.group_by or figure.rounding is None:
        return Funnel(
            start,
            end,
            refused="There is no funnel: it is for proportions and rates by group.",
        )
    for start, end in reversed(figure.intervals):
        found = list(points_at(figure.panels, start))
        large = [each for each in found if _is_large(*each)]
        if len(large) >= FEWEST_UNITS:
            return _made(figure, start, end, large, len(found) - len(large))
    start, end = figure.intervals[-1]
    words = (
        f"There is no funnel: no period has {FEWEST_UNITS} groups of "
        f"{FEWEST_PEOPLE:,} people of whom {FEWEST_COUNTED} are counted, as released."
    )
    return Funnel(start, end, refused=words)


def _is_large(panel: Panel, point: Point) -> bool:
    """People without a group are no unit."""
    if not point.shown or None in panel.group:
        return False
    return (point.denominator or 0) >= FEWEST_PEOPLE and (
        point.numerator or 0
    ) >= FEWEST_COUNTED


def _made(
    figure: Figure,
    start: datetime.date,
    end: datetime.date,
    large: Sequence[tuple[Panel, Point]],
    left_out: int,
) -> Funnel:
    rounding = figure.rounding
    assert rounding is not None
    counts = [point.numerator or 0 for _, point in large]
    people = [point.denominator or 0 for _, point in large]
    bare = Funnel(
        start,
        end,
        left_out=left_out,
        average=sum(counts) / sum(people),
        spread=None if rounding.events else spread_of(counts, people),
        events=rounding.events,
    )
    units = tuple(
        _unit(bare, panel, point, rounding.denominator[0]) for panel, point in large
    )
    return Funnel(
        start,
        end,
        units=units,
        left_out=left_out,
        average=bare.average,
        spread=bare.spread,
        events=bare.events,
    )


def _unit(found: Funnel, panel: Panel, point: Point, fewer: int) -> Unit:
    # the fewest people that there can be: their limits are the widest
    of = (point.denominator or 0) - fewer
    near, far = found.limits(of, NOMINAL), found.limits(of, CONTROL)
    return Unit(panel.label, point, near, far, _where(point, near, far))


def _where(point: Point, near: Ends, far: Ends) -> str:
    at_least, at_most = point.at_least or 0.0, point.at_most or 0.0
    if at_least > far[1]:
        return "above the outer limit"
    if at_most < far[0]:
        return "below the outer limit"
    if at_least > near[1]:
        return "above the inner limit"
    return "below the inner limit" if at_most < near[0] else WITHIN


def story(figure: Figure, found: Funnel) -> str:
    """The description of the chart."""
    average = numbers.number(numbers.middle(found.average, figure.unit.per))
    period = numbers.period(found.start, found.end)
    parts = [
        f"In {period} the rate of {numbers.plural(len(found.units), 'group')} "
        f"together is {average}"
    ]
    parts[0] += f" {figure.unit.words}."
    outside = [unit for unit in found.units if unit.outside]
    for unit in outside:
        parts.append(
            f"{unit.label}: {saying.bare(unit.point, figure.unit)}, {unit.where}."
        )
    if not outside:
        parts.append("All lie within the limits.")
    if found.left_out:
        small = numbers.plural(found.left_out, "group")
        parts.append(f"{small} left out: withheld, without a name, or too small.")
    return " ".join(parts)
