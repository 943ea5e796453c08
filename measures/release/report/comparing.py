"""Changes against a baseline: of released rates, with intervals over all true counts
that are released so.
"""

import datetime
from dataclasses import dataclass

from measures.release.report.parts import Figure, Panel, Point, Rounding
from measures.statistics.changes import ratio_union
from measures.statistics.unions import Range

Counts = tuple[Range, Range]


@dataclass(frozen=True)
class Change:
    """One period against the baseline, of one group."""

    # the period of the baseline
    then: Point
    # the period that is compared with it
    now: Point
    # the rate now over the rate then; None where one is withheld, or may be 0
    ratio: float | None = None
    # lower end of the 95 % interval of the ratio; None likewise
    low: float | None = None
    # upper end of the 95 % interval of the ratio; None likewise
    high: float | None = None

    @property
    def words(self) -> str:
        """Which way it went, if the whole interval does."""
        if self.low is None or self.high is None:
            return "withheld"
        if self.low > 1:
            return "higher"
        return "lower" if self.high < 1 else "is not known"


def changes(figure: Figure, panel: Panel) -> list[Change]:
    """Of each period that the author compares; none without a baseline."""
    points = {point.start: point for point in panel.points}
    then = points.get(figure.baseline) if figure.baseline else None
    if then is None or figure.rounding is None:
        return []
    found: list[Change] = []
    for start in figure.compare:
        if start in points:
            found.append(_change(then, points[start], figure.rounding))
    return found


def last_change(figure: Figure, panel: Panel) -> Change | None:
    """Of the last period that is compared."""
    found = changes(figure, panel)
    return found[-1] if found else None


def _change(then: Point, now: Point, rounding: Rounding) -> Change:
    before, after = _counts(then, rounding), _counts(now, rounding)
    if before is None or after is None or not then.ratio or not now.ratio:
        return Change(then, now)
    low, high = ratio_union(after, before, events=rounding.events)
    return Change(then, now, now.ratio / then.ratio, float(low), float(high))


def _counts(point: Point, rounding: Rounding) -> Counts | None:
    """What is known of both true counts; None where one is withheld, or may be none."""
    if not point.shown or point.numerator is None or point.denominator is None:
        return None
    below, above = rounding.numerator
    least, most = point.numerator - below, point.numerator + above
    fewest, largest = (
        point.denominator - rounding.denominator[0],
        point.denominator + rounding.denominator[1],
    )
    if not rounding.events:
        most = min(most, fewest)
    if least <= 0 or fewest <= 0 or most < least:
        return None
    return Range.of(least, most), Range.of(fewest, largest)


def baseline_date(figure: Figure) -> datetime.date | None:
    """The baseline, if any of the figure's rows is of it."""
    starts = {start for start, _ in figure.intervals}
    return figure.baseline if figure.baseline in starts else None
