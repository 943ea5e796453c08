"""Charts as Vega-Lite specifications: plain data, drawn by vl-convert, and given away
as `.vl.json`.

A withheld period is a gap: no line and no band crosses it, and a dash on the base line
says where it is. All panels of a figure have one scale, which ends above the highest
number that is shown.
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

from measures.release.report import numbers, scales, theme
from measures.release.report.parts import Figure, Panel

SCHEMA = "https:" + "//vega.github.io/schema/vega-lite/v6.json"
Spec = dict[str, Any]
LONGEST_LABEL = 40


def panels(figure: Figure) -> Spec:
    """Small multiples of a line over time, a panel for each group; without groups one
    panel and no facet.
    """
    if not figure.group_by:
        return one(figure)
    rows = _rows(figure)
    names = [panel.label for panel in figure.panels]
    drawn = _layers(figure, rows, _top(figure, 2), theme.WIDTH)
    return small_multiples(figure, names, rows, drawn)


def small_multiples(
    figure: Figure, names: Sequence[str], rows: list[dict[str, Any]], drawn: list[Spec]
) -> Spec:
    """A panel for each name, on one scale; `p` of a row is the place of its panel."""
    shown = [short(name) for name in names]
    header: dict[str, Any] = {
        "labelExpr": f"{json.dumps(shown)}[datum.value]",
        "labelPadding": 12,
    }
    return {
        **head(figure),
        "data": {"values": rows, "format": {"parse": {"t": "utc:'%Y-%m-%d'"}}},
        "facet": {"field": "p", "type": "ordinal", "title": None, "header": header},
        "columns": theme.COLUMNS,
        "bounds": "flush",
        "spacing": {
            "row": theme.TOP + theme.BOTTOM + theme.HEADER,
            "column": theme.LEFT + theme.RIGHT,
        },
        "spec": {"width": theme.WIDTH, "height": theme.HEIGHT, "layer": drawn},
        "resolve": {"axis": {"x": "independent", "y": "independent"}},
    }


def one(figure: Figure) -> Spec:
    """One panel without its neighbours, for a phone."""
    return _alone(figure, theme.WIDTH, theme.HEIGHT, 2)


def wide(figure: Figure) -> Spec:
    """The same of one panel, as wide as the page."""
    return _alone(figure, theme.WIDE, theme.TALL, 4)


def _alone(figure: Figure, width: int, height: int, parts: int) -> Spec:
    rows = _rows(figure)
    return {
        **head(figure),
        "data": {"values": rows, "format": {"parse": {"t": "utc:'%Y-%m-%d'"}}},
        "width": width,
        "height": height,
        "layer": _layers(figure, rows, _top(figure, parts), width),
    }


def head(figure: Figure) -> Spec:
    """What the chart says of itself in a file; the layout is none of text's width."""
    title = short(figure.title, 2 * LONGEST_LABEL)
    subtitle = figure.unit.words + (f", by {figure.by}" if figure.by else "")
    return {
        "$schema": SCHEMA,
        "description": f"{title}, {subtitle}",
        "title": {
            "text": title,
            "subtitle": short(subtitle, 2 * LONGEST_LABEL),
            "frame": "group",
            "offset": 24,
        },
        "autosize": {"type": "none"},
        "config": theme.config(),
    }


def short(text: str, most: int = LONGEST_LABEL) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _top(figure: Figure, parts: int) -> list[float]:
    """The ticks of the rate's axis: from zero to above the highest that is drawn."""
    ends = []
    for point in figure.all_points:
        if point.at_most is not None:
            ends.append(numbers.upper(point.at_most, figure.unit.per))
    return scales.ticks(scales.highest(ends), parts)


def _rows(figure: Figure) -> list[dict[str, Any]]:
    """The rows of all panels; `p` is the place of a row's panel."""
    found: list[dict[str, Any]] = []
    for place, panel in enumerate(figure.panels):
        found += _panel_rows(panel, place, figure.unit.per)
    return found


def _panel_rows(panel: Panel, place: int, per: int) -> list[dict[str, Any]]:
    """A row for each period: what is withheld has no number, and 0 in `w` or `v`, where
    its mark is.

    What is alone, shown (`d`) or withheld (`v`), is a dot, for a line through one
    place is none.
    """
    points = panel.points
    found: list[dict[str, Any]] = []
    for number, point in enumerate(points):
        row: dict[str, Any] = {
            "p": place,
            "t": point.start.isoformat(),
            **dict.fromkeys("rabwdv"),
        }
        alone = not any(
            points[other].shown == point.shown
            for other in _neighbours(number, len(points))
        )
        if point.at_least is None or point.at_most is None:
            row["v" if alone else "w"] = 0
        else:
            row["a"] = numbers.lower(point.at_least, per)
            row["b"] = numbers.upper(point.at_most, per)
        if point.ratio is not None:
            row["r"] = numbers.middle(point.ratio, per)
            row["d"] = row["r"] if alone else None
        found.append(row)
    return found


def _neighbours(place: int, count: int) -> list[int]:
    return [other for other in (place - 1, place + 1) if 0 <= other < count]


def ticks_to(highest: float, parts: int) -> list[float]:
    """From zero to above a number."""
    return scales.ticks(highest, parts)


def at(date: datetime.date) -> int:
    """A day as time axes have it."""
    return scales.milliseconds(date)


def layers(figure: Figure, top: Sequence[float], width: int) -> list[Spec]:
    """The phases, the band, the line, and the marks of withheld periods."""
    return _layers(figure, _rows(figure), top, width)


def _layers(
    figure: Figure, rows: Sequence[dict[str, Any]], top: Sequence[float], width: int
) -> list[Spec]:
    x, y = time_axis(figure), rate_axis(top)
    line = {"type": "line", "invalid": "break-paths-show-path-domains"}
    band = {**line, "type": "area", "color": theme.BAND, "line": False}
    edge = {"stroke": theme.BAND, "strokeWidth": 1.5, "strokeJoin": "round"}
    held = {**line, "strokeWidth": 3, "strokeCap": "square"}
    marks: list[tuple[str, dict[str, Any], str]] = [
        ("withheld", {**held, "color": theme.HELD, "strokeDash": [0, 4.5]}, "w"),
        ("withheld_alone", {**held, "color": theme.HELD_ALONE}, "v"),
        ("rate", {**line, "color": theme.LINE}, "r"),
        ("alone", {**line, "color": theme.DOT, "strokeWidth": 5}, "d"),
    ]
    drawn = _drawn(rows)
    return [
        *_phases(figure, width),
        _layer("band", {**band, **edge}, {"x": x, "y": y("a"), "y2": {"field": "b"}}),
        *(
            _layer(name, mark, {"x": x, "y": y(field)})
            for name, mark, field in marks
            if field in drawn
        ),
    ]


def _drawn(rows: Sequence[dict[str, Any]]) -> set[str]:
    """The fields that have a value anywhere: a layer without any costs as much as
    another.
    """
    found: set[str] = set()
    for row in rows:
        found.update(name for name, value in row.items() if value is not None)
    return found


def _layer(name: str, mark: dict[str, Any], encoding: dict[str, Any]) -> Spec:
    return {"name": name, "mark": mark, "encoding": encoding}


def time_axis(figure: Figure) -> Spec:
    starts = [start for start, _ in figure.intervals]
    at, form = scales.dates(starts)
    domain = [scales.milliseconds(starts[0]), scales.milliseconds(starts[-1])]
    values = [scales.milliseconds(each) for each in at]
    return {
        "field": "t",
        "type": "temporal",
        "scale": {"type": "utc", "domain": domain, "nice": False},
        "axis": {"values": values, "format": form},
    }


def rate_axis(top: Sequence[float]) -> Any:
    names = dict(zip(map(js_number, top), scales.labels(top), strict=True))
    axis = {"values": list(top), "labelExpr": lookup(names)}
    scale = {"domain": [0, top[-1]], "nice": False}
    return lambda field: {
        "field": field,
        "type": "quantitative",
        "scale": scale,
        "axis": axis,
    }


def lookup(names: Mapping[str, str]) -> str:
    """The expression that gives each tick its words."""
    return f"{json.dumps(names)}[toString(datum.value)]"


def js_number(value: float) -> str:
    """As JavaScript writes a number."""
    return str(int(value)) if value == int(value) else repr(value)


def _phases(figure: Figure, width: int) -> list[Spec]:
    """Their shades, and above them words or, on a narrow chart, letters that the page
    explains.
    """
    if not figure.phases:
        return []
    x = {**time_axis(figure), "field": "s"}
    words = {
        "type": "text",
        "x": {"expr": "datum.m"},
        "y": {"expr": "datum.y"},
        "fontSize": theme.TEXT,
        "color": theme.PHASE_WORDS,
        "baseline": "alphabetic",
    }
    data = {"values": _spans(figure, width)}
    text = {"field": "words", "type": "nominal"}
    shades = {"x": x, "x2": {"field": "e"}}
    return [
        {
            "name": "phases",
            "data": data,
            "mark": {"type": "rect", "color": theme.PHASE},
            "encoding": shades,
        },
        {"name": "words", "data": data, "mark": words, "encoding": {"text": text}},
    ]


def _spans(figure: Figure, width: int) -> list[dict[str, Any]]:
    """From when to when, the words, and where they have room: in one of two lines."""
    first, last = figure.intervals[0][0], figure.intervals[-1][0]
    days = max(1, (last - first).days)
    free = [-30.0, -30.0]  # the end of the words in each line
    rows: list[dict[str, Any]] = []
    for place, phase in enumerate(figure.phases):
        if phase.end < first or phase.start > last:
            continue  # it keeps its letter all the same
        start = min(max(phase.start, first), last)
        end = max(min(phase.end, last), first)
        middle = ((start - first).days + (end - first).days) / 2 / days * width
        narrow = width < theme.WIDE
        words = letter(place) if narrow else short(phase.words, LONGEST_LABEL)
        half = len(words) * theme.TEXT * 0.27  # about how wide they are
        line = 0 if free[0] + 4 <= middle - half else 1
        free[line] = middle + half
        rows.append(
            {
                "s": scales.milliseconds(start),
                "e": scales.milliseconds(end),
                "m": round(middle, 1),
                "y": -6 if narrow else -6 - 14 * line,
                "words": words,
            }
        )
    return rows


def letter(place: int) -> str:
    """The letter of a phase whose words are too wide: a, b, c, …"""
    return chr(ord("a") + place % 26)
