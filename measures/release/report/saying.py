"""What is said of released numbers in sentences: first, last, highest, and how much is
withheld.
"""

from measures.release.report import numbers
from measures.release.report.parts import Figure, Panel, Point
from measures.release.words import Unit


def rate(point: Point, unit: Unit) -> str:
    """As `8.13 per 1,000`."""
    return f"{bare(point, unit)} {unit.words}"


def bare(point: Point, unit: Unit) -> str:
    return numbers.number(
        None if point.ratio is None else numbers.middle(point.ratio, unit.per)
    )


def ends(point: Point, unit: Unit) -> tuple[str, str]:
    """Between which numbers the true rate certainly lies."""
    if point.at_least is None or point.at_most is None:
        return numbers.WITHHELD, numbers.WITHHELD
    return numbers.number(numbers.lower(point.at_least, unit.per)), numbers.number(
        numbers.upper(point.at_most, unit.per)
    )


def chance(point: Point, unit: Unit) -> tuple[str, str] | None:
    """The 95 % interval; None where there is none."""
    if point.ci_low is None or point.ci_high is None:
        return None
    return numbers.number(numbers.lower(point.ci_low, unit.per)), numbers.number(
        numbers.upper(point.ci_high, unit.per)
    )


def when(point: Point) -> str:
    return numbers.period(point.start, point.end)


def _verb(count: int) -> str:
    return "is" if count == 1 else "are"


def story(panel: Panel, unit: Unit) -> str:
    """The description of a chart: first, last and highest released rate, and how many
    periods are withheld.
    """
    if not panel.shown:
        return f"Withheld in {_every(panel)}."
    first, last = panel.shown[0], panel.shown[-1]
    top = max(panel.shown, key=lambda point: point.ratio or 0)
    held = f"{panel.withheld or 'none'} {_verb(panel.withheld or 1)}"
    if len(panel.points) == 1:
        low, high = ends(first, unit)
        return f"{rate(first, unit)} in {when(first)}, between {low} and {high}."
    return (
        f"First released {rate(first, unit)} in {when(first)}, last "
        f"{bare(last, unit)} in {when(last)}, highest {bare(top, unit)} in "
        f"{when(top)}. Of {numbers.plural(len(panel.points), 'period')} {held} "
        "withheld."
    )


def _every(panel: Panel) -> str:
    return (
        "the period" if len(panel.points) == 1 else f"all {len(panel.points)} periods"
    )


def share_withheld(figure: Figure) -> str:
    """As `1,204 of 1,494 cells (81 %)`."""
    share = figure.withheld / figure.rows * 100
    return (
        f"{figure.withheld:,} of {numbers.plural(figure.rows, 'cell')} ({share:.0f} %)"
    )


def span(figure: Figure) -> str:
    """As `166 weeks, 1 April 2019 to 5 June 2022`."""
    first, last = figure.intervals[0], figure.intervals[-1]
    if len(figure.intervals) == 1:
        return numbers.period(*first)
    word = numbers.rhythm(figure.intervals)
    return (
        f"{numbers.plural(len(figure.intervals), word)}, {numbers.day(first[0])} to "
        f"{numbers.day(last[1])}"
    )


def most(figure: Figure) -> str:
    """For whom it is highest in the last period, and whether that is certain; "" where
    too few are shown.
    """
    last = [(panel, panel.points[-1]) for panel in figure.panels]
    ranked = sorted(
        (each for each in last if each[1].shown), key=lambda each: -(each[1].ratio or 0)
    )
    if len(ranked) < 2 or ranked[0][1].start != figure.intervals[-1][0]:
        return ""
    (panel, top), *others = ranked
    low, high = ends(top, figure.unit)
    others_reach = max(point.at_most or 0 for _, point in others)
    certain = "certainly more than in every other group shown"
    if (top.at_least or 0) <= others_reach:
        certain = "but ranges of other groups overlap with it"
    held = len(last) - len(ranked)
    hidden = ""
    if held:
        hidden = f" Of {len(last)} groups {held} {_verb(held)} withheld in that period."
    who = (
        f"In {when(top)} it is highest for {panel.label}: {rate(top, figure.unit)} "
        f"({low} to {high})"
    )
    return f"{who}, {certain}.{hidden}"
