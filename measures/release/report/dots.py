"""Changes by group as dots with ranges, on a scale of ratios around "no change"."""

import math
from collections.abc import Sequence
from typing import Any

from measures.release.report import numbers, specification, theme
from measures.release.report.comparing import Change, last_change
from measures.release.report.parts import Figure
from measures.release.report.svg import Box

FULL = theme.LEFT + theme.WIDTH - 12
LONGEST = 26
AXIS = 22
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
ROOM = 62  # pixels for the words of a tick
TWICE, TEN = 2, 10


def box(figure: Figure) -> Box:
    return Box(-8, -4, FULL + 24, theme.BAR * len(figure.panels) + AXIS + 8)


def file_box(figure: Figure) -> Box:
    inner = box(figure)
    return Box(inner.left - 10, inner.top - 60, inner.width + 20, inner.height + 70)


def can_be_drawn(figure: Figure) -> bool:
    """Whether a change of at least one group is known."""
    return any(change.ratio is not None for change in _all(figure))


def _all(figure: Figure) -> list[Change]:
    found = [last_change(figure, panel) for panel in figure.panels]
    return [change for change in found if change]


def percent(ratio: float | None) -> str:
    """A ratio as a change, as `+24 %`; from a doubling on in times, as `5.7 times`."""
    if ratio is None:
        return numbers.WITHHELD
    if ratio >= TWICE:
        return (
            f"{ratio:.0f} times"
            if ratio >= TEN or ratio == int(ratio)
            else f"{ratio:.1f} times"
        )
    change = round((ratio - 1) * 100)
    signed = f"{change:+d}" if change else "0"
    return signed.replace("-", "\N{MINUS SIGN}") + "\N{NO-BREAK SPACE}%"


def said(change: Change) -> str:
    """As `+24 % (+2 % to +51 %)`."""
    if change.ratio is None:
        return f"withheld {numbers.WITHHELD}"
    return f"{percent(change.ratio)} ({percent(change.low)} to {percent(change.high)})"


def story(figure: Figure) -> str:
    """The description: every group with its change."""
    parts: list[str] = []
    for panel in figure.panels:
        change = last_change(figure, panel)
        if change:
            parts.append(
                f"{panel.label or 'Everybody'}: {said(change)}, {change.words}."
            )
    return " ".join(parts)


def dots(figure: Figure) -> dict[str, Any]:
    """The specification."""
    rows = [_row(place, figure) for place in range(len(figure.panels))]
    ends = []
    for row in rows:
        for end in ("a", "b"):
            if row[end] is not None:
                ends.append(row[end])
    ticks = _ticks(min([*ends, 0.9]), max([*ends, 1.1]))
    scale = {"type": "log", "domain": [ticks[0], ticks[-1]], "nice": False}
    named = _spaced(ticks)
    names = {}
    for tick in named:
        names[specification.js_number(tick)] = "same" if tick == 1 else percent(tick)
    axis = {
        "values": named,
        "labelExpr": specification.lookup(names),
        "domain": True,
        "domainColor": theme.GRID,
    }
    x = {"type": "quantitative", "scale": scale, "axis": axis}
    y = {"field": "y", "type": "quantitative", "scale": None, "axis": None}
    at = {**y, "field": "words_at"}
    words = {key: {"field": key, "type": "nominal"} for key in ("name", "said")}
    layers = [
        _mark("none", NONE, {"x": {**x, "field": "same"}, "y": y}),
        _mark("name", LEFT, {"y": at, "text": words["name"]}),
        _mark("said", RIGHT, {"y": at, "text": words["said"]}),
        _mark("range", ENDS, {"x": {**x, "field": "a"}, "x2": {"field": "b"}, "y": y}),
        _mark("change", CHANGE, {"x": {**x, "field": "r"}, "y": y}),
    ]
    return {
        **specification.head(figure),
        "data": {"values": rows},
        "width": FULL,
        "height": theme.BAR * len(rows),
        "layer": layers,
    }


# How the marks of a change look.
TEXT = {
    "type": "text",
    "baseline": "alphabetic",
    "fontSize": theme.TEXT,
    "color": theme.WORDS,
}
LEFT = {**TEXT, "align": "left", "x": 0}
RIGHT = {**TEXT, "align": "right", "x": FULL}
# short, so that it goes through no words
NONE = {
    "type": "tick",
    "orient": "vertical",
    "color": theme.BASE,
    "thickness": 2,
    "size": 12,
}
ENDS = {"type": "rule", "strokeWidth": 2, "color": theme.LINE}
CHANGE = {
    "type": "point",
    "filled": True,
    "size": 60,
    "opacity": 1,
    "color": theme.SPOT,
    "invalid": "filter",
}


def _mark(name: str, how: dict[str, Any], encoding: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "mark": how, "encoding": encoding}


def _row(place: int, figure: Figure) -> dict[str, Any]:
    panel = figure.panels[place]
    change = last_change(figure, panel)
    middle = theme.BAR * place + 27
    label = specification.short(panel.label or "everybody", LONGEST)
    row = {
        "y": middle,
        "words_at": middle - 11,
        "name": label,
        "said": "not there then",
        "same": 1,
    }
    if change is None:
        return row | {"r": None, "a": None, "b": None}
    row["said"] = said(change)
    ends = {"r": change.ratio, "a": change.low, "b": change.high}
    return row | {
        key: None if value is None else numbers.middle(value)
        for key, value in ends.items()
    }


def _ticks(low: float, high: float) -> list[float]:
    """Round ratios from below the lowest to above the highest, few enough to be
    read.
    """
    first = max(
        [step for step in STEPS if step <= low],
        default=10.0 ** math.floor(math.log10(low)),
    )
    last = min(
        [step for step in STEPS if step >= high],
        default=10.0 ** math.ceil(math.log10(high)),
    )
    return [first, *(step for step in STEPS if first < step < last), last]


def _spaced(ticks: Sequence[float]) -> list[float]:
    """Those with room for their words: no change always, others where they are far
    enough from it and each other.
    """
    reach = math.log(ticks[-1] / ticks[0])
    place = {tick: math.log(tick / ticks[0]) / reach * FULL for tick in ticks}
    kept = [1.0] if 1 in place else []
    for tick in (ticks[-1], *ticks):
        if all(abs(place[tick] - place[other]) >= ROOM for other in kept):
            kept.append(tick)
    # words of ends would leave the drawing by half
    found = []
    for each in kept:
        if ROOM / 2 <= place[each] <= FULL - ROOM / 2 or each == 1:
            found.append(each)
    return sorted(found)
