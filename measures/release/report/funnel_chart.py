"""The funnel as a chart and as a table: people across, rates upward, limits around the
average.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from measures.release.report import numbers, saying, scales, specification, theme
from measures.release.report.asking import table
from measures.release.report.funnels import Ends, Funnel, Unit
from measures.release.report.html import Html, tag
from measures.release.report.parts import Figure
from measures.release.report.svg import Box
from measures.statistics.normal import CONTROL, NOMINAL

PLACES = 60  # of a curve
LETTER = 0.56  # of the size of text, about, is the width of a letter
LONGEST = 24
MARGIN = 28  # at the right, for half of the last number


@dataclass(frozen=True)
class Size:
    """How large the plot of a funnel is, without its axes."""

    # in pixels
    width: int
    # in pixels
    height: int
    # how many equal steps each axis has
    steps: int

    @property
    def box(self) -> Box:
        return Box(
            -theme.LEFT,
            -12,
            theme.LEFT + self.width + MARGIN,
            12 + self.height + theme.BOTTOM,
        )


LARGE = Size(theme.WIDE - 20, 300, 4)
SMALL = Size(theme.WIDTH - 20, 190, 2)
# In files there is a title above.
FILE = Box(LARGE.box.left - 10, -62, LARGE.box.width + 20, LARGE.box.height + 60)


def chart(figure: Figure, found: Funnel, size: Size) -> dict[str, Any]:
    """The specification."""
    per = figure.unit.per
    across = scales.ticks(
        max(unit.point.denominator or 0 for unit in found.units), size.steps
    )
    upward = scales.ticks(max(_heights(found, per)), size.steps)
    x, y = _people_axis(across), specification.rate_axis(upward)
    line = {"type": "line", "invalid": "break-paths-show-path-domains"}
    curves = _curves(found, across[-1], per)
    rule = {"type": "rule", "strokeWidth": 2, "color": theme.LINE}
    spot = {"type": "point", "filled": True, "size": 50, "opacity": 1}
    average = {"type": "rule", "color": theme.MEAN, "strokeWidth": 1.5}
    layers = [
        *(_curve(name, curves, x, y, line | how) for name, how in CURVES.items()),
        _layer(
            "average",
            _average(found, across, per),
            average,
            {"x": x, "x2": {"field": "e"}, "y": y("r")},
        ),
    ]
    for name, how, outside in (("usual", SPOT, False), ("outside", DIAMOND, True)):
        rows = [_row(unit, per) for unit in found.units if unit.outside == outside]
        layers.append(
            _layer(
                f"{name}_range", rows, rule, {"x": x, "y": y("a"), "y2": {"field": "b"}}
            )
        )
        layers.append(_layer(name, rows, spot | how, {"x": x, "y": y("r")}))
    layers.append(_names(found, per, size, (across[-1], upward[-1])))
    return {
        **_head(figure, found),
        "width": size.width,
        "height": size.height,
        "layer": layers,
    }


SPOT = {"shape": "circle", "color": theme.SPOT}
DIAMOND = {"shape": "diamond", "size": 90, "color": theme.SIGNAL}
INNER = {"color": theme.LIMIT, "strokeWidth": 1.5, "strokeDash": [5, 3]}
OUTER = {"color": theme.OUTER, "strokeWidth": 1.5, "strokeDash": [1.5, 3]}
CURVES = {"near_low": INNER, "near_high": INNER, "far_low": OUTER, "far_high": OUTER}


def _head(figure: Figure, found: Funnel) -> dict[str, Any]:
    head = specification.head(figure)
    subtitle = f"{figure.unit.words}, by {figure.by}, against the denominator; "
    subtitle += numbers.period(found.start, found.end)
    head["title"] = head["title"] | {"subtitle": specification.short(subtitle, 100)}
    return head


def _heights(found: Funnel, per: int) -> Iterator[float]:
    """Of all that must have room: ranges, and limits where units lie."""
    for unit in found.units:
        yield numbers.upper(unit.point.at_most or 0, per)
        yield numbers.middle(unit.far[1], per)


def _people_axis(ticks: Sequence[float]) -> dict[str, Any]:
    names = dict(
        zip(map(specification.js_number, ticks), scales.labels(ticks), strict=True)
    )
    return {
        "field": "n",
        "type": "quantitative",
        "scale": {"domain": [0, ticks[-1]], "nice": False, "zero": True},
        "axis": {"values": list(ticks), "labelExpr": specification.lookup(names)},
    }


def _layer(
    name: str, rows: list[dict[str, Any]], how: dict[str, Any], encoding: dict[str, Any]
) -> dict[str, Any]:
    return {"name": name, "data": {"values": rows}, "mark": how, "encoding": encoding}


def _curve(
    name: str,
    rows: list[dict[str, Any]],
    x: dict[str, Any],
    y: Any,
    how: dict[str, Any],
) -> dict[str, Any]:
    return _layer(name, rows, how, {"x": x, "y": y(name)})


def _curves(found: Funnel, last: float, per: int) -> list[dict[str, Any]]:
    """The limits at many sizes, from that of the smallest unit on; none below 0."""
    first = min(unit.point.denominator or 0 for unit in found.units) * 0.98
    rows: list[dict[str, Any]] = []
    for place in range(PLACES + 1):
        of = first + (last - first) * place / PLACES
        near, far = found.limits(of, NOMINAL), found.limits(of, CONTROL)
        ends = dict(zip(CURVES, (*near, *far), strict=True))
        # five digits, for steps of three are seen in a curve; limits say nothing that
        # released rates do not
        row = {}
        for name, end in ends.items():
            row[name] = float(f"{end * per:.5g}") if end > 0 else None
        rows.append({"n": round(of, 1), **row})
    return rows


def _average(found: Funnel, across: Sequence[float], per: int) -> list[dict[str, Any]]:
    return [{"n": 0, "e": across[-1], "r": numbers.middle(found.average, per)}]


def _row(unit: Unit, per: int) -> dict[str, Any]:
    point = unit.point
    return {
        "n": point.denominator,
        "r": numbers.middle(point.ratio or 0, per),
        "a": numbers.lower(point.at_least or 0, per),
        "b": numbers.upper(point.at_most or 0, per),
    }


# Names --------------------------------------------------------------------------------


def _names(
    found: Funnel, per: int, size: Size, tops: tuple[float, float]
) -> dict[str, Any]:
    """Of the units outside, as far as there is room: no name covers another, or a
    unit.
    """
    at = [(unit, *_place(unit, per, size, tops)) for unit in found.units]
    taken = [_around(x, y) for _, x, y in at]
    rows: list[dict[str, Any]] = []
    for unit, x, y in at:
        if not unit.outside:
            continue  # the average goes through most names of these; the table has them
        words = specification.short(unit.label, LONGEST)
        free = (
            each
            for each in _choices(x, y, words, size)
            if not any(_overlap(each[2], other) for other in taken)
        )
        beside, anchor, room = next(free, (0.0, "", None))
        if room:
            taken.append(room)
            rows.append(
                {
                    "x": round(beside, 1),
                    "y": round(y + 4, 1),
                    "words": words,
                    "at": anchor,
                }
            )
    text = {
        "type": "text",
        "baseline": "alphabetic",
        "fontSize": theme.TEXT,
        "color": theme.WORDS,
    }
    where = {
        "x": {"expr": "datum.x"},
        "y": {"expr": "datum.y"},
        "align": {"expr": "datum.at"},
    }
    return _layer(
        "names",
        rows,
        {**text, **where},
        {"text": {"field": "words", "type": "nominal"}},
    )


def _place(
    unit: Unit, per: int, size: Size, tops: tuple[float, float]
) -> tuple[float, float]:
    rate = numbers.middle(unit.point.ratio or 0, per)
    return (unit.point.denominator or 0) / tops[0] * size.width, size.height * (
        1 - rate / tops[1]
    )


Rectangle = tuple[float, float, float, float]  # left, top, right, bottom


def _around(x: float, y: float) -> Rectangle:
    return x - 5, y - 5, x + 5, y + 5


def _choices(
    x: float, y: float, words: str, size: Size
) -> Iterator[tuple[float, str, Rectangle]]:
    """Right of a unit, else left of it, within the drawing."""
    wide = len(words) * theme.TEXT * LETTER
    if x + 9 + wide <= size.width + MARGIN:
        yield x + 9, "left", (x + 7, y - 7, x + 9 + wide, y + 7)
    if x - 9 - wide >= 0:
        yield x - 9, "right", (x - 9 - wide, y - 7, x - 7, y + 7)


def _overlap(one: Rectangle, other: Rectangle) -> bool:
    return (
        one[0] < other[2]
        and other[0] < one[2]
        and one[1] < other[3]
        and other[1] < one[3]
    )


# The table ----------------------------------------------------------------------------


def units_table(figure: Figure, found: Funnel) -> Html:
    """Every unit with its limits, those outside first."""
    heads = [tag("th", figure.by[:1].upper() + figure.by[1:], scope="col")]
    names = (
        "denominator",
        figure.unit.words,
        "certainly between",
        "inner limits (95 %)",
        "outer limits (99.8 %)",
    )
    heads += [tag("th", name, scope="col", class_="number") for name in names]
    heads.append(tag("th", "where it lies", scope="col"))
    ordered = sorted(found.units, key=lambda unit: not unit.outside)
    rows = [_unit_row(unit, figure) for unit in ordered]
    title = f"{figure.title}, by {figure.by}: {numbers.period(found.start, found.end)}"
    return table(tag("caption", title), heads, rows, f"Funnel: {title}")


def _unit_row(unit: Unit, figure: Figure) -> Html:
    low, high = saying.ends(unit.point, figure.unit)
    cells = [
        numbers.count(unit.point.denominator),
        saying.bare(unit.point, figure.unit),
        f"{low} to {high}",
        _ends_shown(unit.near, figure),
        _ends_shown(unit.far, figure),
    ]
    shown = [tag("td", each, class_="number") for each in cells]
    return tag("tr", tag("th", unit.label, scope="row"), *shown, tag("td", unit.where))


def _ends_shown(ends: Ends, figure: Figure) -> str:
    low, high = (numbers.number(numbers.middle(end, figure.unit.per)) for end in ends)
    return f"{low} to {high}"
