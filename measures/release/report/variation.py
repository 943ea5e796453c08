"""Unusual variation: the XmR chart of a total, with limits of what chance would hardly
exceed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from measures.release.report import numbers, specification, theme
from measures.release.report.parts import Figure, Point
from measures.statistics.spc import FEWEST, Chart, Limits, Special, xmr

# Below a middle count of 100, rounding alone makes signals; below 50 it makes most of
# them.
ENOUGH, FEWEST_PEOPLE = 100, 50


@dataclass(frozen=True)
class Signal:
    """A point that is more than chance."""

    # the period, with its released counts and rate
    point: Point
    # the rule of the chart that it breaks
    why: Special


@dataclass(frozen=True)
class Variation:
    """Limits and signals of a total."""

    # of each stretch between two dates at which they begin anew: its points, and its
    # limits
    stretches: tuple[tuple[tuple[Point, ...], Limits | None], ...] = ()
    # the points that are more than chance, in order of time
    signals: tuple[Signal, ...] = ()
    # why there are no limits, in a sentence; "" where there are
    refused: str = ""
    # why some signals may be rounding, in a sentence; "": no doubt
    warning: str = ""


def variation(figure: Figure) -> Variation:
    """Of the total of a figure that asks for it."""
    points = figure.panels[0].points
    shown = figure.panels[0].shown
    counts = [point.numerator for point in shown if point.numerator is not None]
    middle = median(counts) if counts else 0
    if len(shown) < FEWEST:
        return Variation(
            refused=f"There are no limits: {len(shown)} released periods, and {FEWEST} "
            "are the fewest."
        )
    if middle < FEWEST_PEOPLE:
        words = (
            f"There are no limits: half of the counts are below {FEWEST_PEOPLE}, "
            "where rounding looks like change."
        )
        return Variation(refused=words)
    warning = ""
    if middle < ENOUGH:
        warning = f"Half of the counts are below {ENOUGH}; some marks may be rounding."
    places = [
        place for place, point in enumerate(points) if point.start in figure.rebase
    ]
    chart = xmr([_value(point, figure) for point in points], rebase=places)
    stretches = [_stretch(points, chart, number) for number in range(len(chart.limits))]
    limited: set[Point] = set()
    for mine, limits in stretches:
        # a stretch too short for limits has no signals either
        if limits:
            limited.update(mine)
    marked = zip(points, chart.special, strict=True)
    signals = [Signal(point, why) for point, why in marked if why and point in limited]
    return Variation(tuple(stretches), tuple(signals), warning=warning)


def _stretch(
    points: Sequence[Point], chart: Chart, number: int
) -> tuple[tuple[Point, ...], Limits | None]:
    """The points of one stretch, and its limits if they are enough for any."""
    mine = tuple(
        point
        for point, group in zip(points, chart.group, strict=True)
        if group == number
    )
    enough = sum(point.shown for point in mine) >= FEWEST
    return mine, chart.limits[number] if enough else None


def _value(point: Point, figure: Figure) -> float | None:
    return None if point.ratio is None else numbers.middle(point.ratio, figure.unit.per)


def story(figure: Figure, found: Variation) -> str:
    """The description of the chart."""
    parts = []
    for points, limits in found.stretches:
        if limits is None:
            parts.append(
                f"From {numbers.day(points[0].start)} there are too few points, or "
                "they do not vary."
            )
            continue
        mean, low, high = (
            numbers.number(numbers.middle(each))
            for each in (limits.mean, limits.lower, limits.upper)
        )
        lowest = f"{low} to {high}" if limits.lower > 0 else f"up to {high}"
        parts.append(
            f"From {numbers.day(points[0].start)} the mean is {mean}, and usual "
            f"variation goes {lowest}."
        )
    parts.append(
        f"{numbers.plural(len(found.signals), 'period')} of {len(figure.intervals)} "
        "marked as unusual."
    )
    return " ".join(parts)


def chart(figure: Figure, found: Variation, *, wide: bool) -> dict[str, Any]:
    """The specification: the line, the mean and the limits of each stretch, and a
    diamond for each signal.
    """
    width, parts = (theme.WIDE, 4) if wide else (theme.WIDTH, 2)
    values = [_value(point, figure) or 0 for point in figure.panels[0].shown]
    limits = [each for _, each in found.stretches if each]
    top = specification.ticks_to(
        max([*values, *(each.upper for each in limits)]), parts
    )
    x, y = specification.time_axis(figure), specification.rate_axis(top)
    base = specification.wide(figure) if wide else specification.one(figure)
    lines = _lines(found)
    signals = {signal.point for signal in found.signals}
    marks = [
        _mark(point, figure) for point in figure.panels[0].shown if point in signals
    ]
    dashed = {
        "type": "rule",
        "color": theme.LIMIT,
        "strokeWidth": 1.5,
        "strokeDash": [5, 3],
    }
    spot = {
        "type": "point",
        "shape": "diamond",
        "filled": True,
        "size": 70,
        "opacity": 1,
        "color": theme.SIGNAL,
    }
    span = {"x": {**x, "field": "s"}, "x2": {"field": "e"}}
    means = [row for row in lines if row["mean"]]
    others = [row for row in lines if not row["mean"]]
    solid = {"type": "rule", "color": theme.MEAN, "strokeWidth": 1.5}
    extra = [
        _layer("limits", others, dashed, {**span, "y": y("l")}),
        _layer("mean", means, solid, {**span, "y": y("l")}),
        _layer("signals", marks, spot, {"x": {**x, "field": "s"}, "y": y("l")}),
    ]
    kept = specification.layers(figure, top, width)
    return {
        **base,
        "width": width,
        "height": theme.TALL if wide else theme.HEIGHT,
        "layer": [*kept, *extra],
    }


def _layer(
    name: str, rows: list[dict[str, Any]], how: dict[str, Any], encoding: dict[str, Any]
) -> dict[str, Any]:
    return {"name": name, "data": {"values": rows}, "mark": how, "encoding": encoding}


def _lines(found: Variation) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for points, limits in found.stretches:
        if limits is None:
            continue
        span = {
            "s": specification.at(points[0].start),
            "e": specification.at(points[-1].start),
        }
        rows.append({**span, "l": numbers.middle(limits.mean), "mean": True})
        for end in (limits.lower, limits.upper):
            if end > 0:  # a rate is never below, so neither is what is drawn
                rows.append({**span, "l": numbers.middle(end), "mean": False})
    return rows


def _mark(point: Point, figure: Figure) -> dict[str, Any]:
    return {"s": specification.at(point.start), "l": _value(point, figure)}
