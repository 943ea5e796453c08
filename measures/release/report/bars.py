"""Measures of one period: a bar for each group, with its words above it and its range
upon it.
"""

from typing import Any

from measures.release.report import numbers, saying, scales, specification, theme
from measures.release.report.parts import Figure, Panel
from measures.release.report.svg import Box

FULL = theme.LEFT + theme.WIDTH - 12  # of a panel the plot and what is left of it
LONGEST = 34


def box(figure: Figure) -> Box:
    return Box(-6, -4, FULL + 12, theme.BAR * len(figure.panels) + 8)


def file_box(figure: Figure) -> Box:
    inner = box(figure)
    return Box(inner.left - 10, inner.top - 60, inner.width + 20, inner.height + 70)


def story(figure: Figure) -> str:
    """The description: every group with its number."""
    return " ".join(
        f"{panel.label or 'Everybody'}: {_said(figure, panel)}."
        for panel in figure.panels
    )


def _said(figure: Figure, panel: Panel) -> str:
    point = panel.points[0]
    if not point.shown:
        return "withheld"
    if is_distribution(figure):
        return f"{numbers.count(point.numerator)} people"
    low, high = saying.ends(point, figure.unit)
    return f"{saying.bare(point, figure.unit)} ({low} to {high})"


def is_distribution(figure: Figure) -> bool:
    """Whether its ratio is 1 whatever was released, so that its counts are what it
    says.
    """
    shown = [point for point in figure.all_points if point.shown]
    return all(point.numerator == point.denominator for point in shown)


def bars(figure: Figure) -> dict[str, Any]:
    """The specification."""
    rows = [_row(figure, place, panel) for place, panel in enumerate(figure.panels)]
    top = scales.ticks(
        scales.highest([row["b"] for row in rows if row["b"] is not None]), 2
    )[-1]
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, top], "nice": False},
        "axis": None,
    }
    y = {"field": "y", "type": "quantitative", "scale": None, "axis": None}
    words_at = {**y, "field": "words_at"}
    place = {"y": words_at}
    words = {name: {"field": name, "type": "nominal"} for name in ("name", "said")}
    layers = [
        _mark("name", LEFT, {**place, "text": words["name"]}),
        _mark("said", RIGHT, {**place, "text": words["said"]}),
        _mark("bar", LENGTH, {"x": {**x, "field": "r"}, "y": y}),
        _mark("range", ENDS, {"x": {**x, "field": "a"}, "x2": {"field": "b"}, "y": y}),
        _mark("withheld", HELD, {"x": {**x, "field": "w"}, "y": y}),
    ]
    return {
        **specification.head(figure),
        "data": {"values": rows},
        "width": FULL,
        "height": theme.BAR * len(rows),
        "layer": layers,
    }


# How the marks of a bar look.
TEXT = {
    "type": "text",
    "baseline": "alphabetic",
    "fontSize": theme.TEXT,
    "color": theme.WORDS,
}
LEFT = {**TEXT, "align": "left", "x": 0}
RIGHT = {**TEXT, "align": "right", "x": FULL}
LENGTH = {"type": "bar", "orient": "horizontal", "color": theme.LINE, "height": 12}
ENDS = {"type": "rule", "color": theme.RANGE, "strokeWidth": 2}
HELD = {
    "type": "tick",
    "orient": "vertical",
    "color": theme.HELD,
    "thickness": 4,
    "size": 12,
    "invalid": "filter",
}


def _mark(name: str, how: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "mark": how, "encoding": encoding}


def _row(figure: Figure, place: int, panel: Panel) -> dict[str, Any]:
    point = panel.points[0]
    middle = theme.BAR * place + 26
    label = panel.label or "everybody"
    row = {
        "y": middle,
        "words_at": middle - 12,
        "name": specification.short(label, LONGEST),
        "said": "withheld [c]",
    }
    if not point.shown:
        return row | {"r": None, "a": None, "b": None, "w": 0}
    row["said"] = _said(figure, panel)
    if is_distribution(figure):
        return row | {"r": point.numerator, "a": None, "b": point.numerator, "w": None}
    assert (
        point.ratio is not None
        and point.at_least is not None
        and point.at_most is not None
    )
    per = figure.unit.per
    return row | {
        "r": numbers.middle(point.ratio, per),
        "a": numbers.lower(point.at_least, per),
        "b": numbers.upper(point.at_most, per),
        "w": None,
    }
