"""Deciles over units, such as practices, and directly standardised rates: the bundle's
own tables of them, drawn.
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from measures.release.report import numbers, saying, specification, theme
from measures.release.report.asking import table
from measures.release.report.html import Html, tag
from measures.release.report.inputs import Bundle
from measures.release.report.parts import Figure, Panel, Point

PERCENTILES = tuple(range(10, 100, 10))
MEDIAN = 50
Row = Mapping[str, str]


@dataclass(frozen=True)
class Period:
    """The deciles of one period of one group."""

    # the first day of the period
    start: datetime.date
    # the last day of the period
    end: datetime.date
    # the nine deciles from the lowest, as ratios; each None where they are withheld
    rates: tuple[float | None, ...]
    # how many units they are of, rounded down to tens; None where they are withheld
    units: int | None

    @property
    def shown(self) -> bool:
        return all(rate is not None for rate in self.rates)


@dataclass(frozen=True)
class Tenths:
    """All deciles of a measure."""

    # the measure, for its title, unit and phases
    figure: Figure
    # each group in words ("" for everybody), and its periods in order of time
    groups: tuple[tuple[str, tuple[Period, ...]], ...]

    @property
    def can_be_drawn(self) -> bool:
        every = chain.from_iterable(periods for _, periods in self.groups)
        return any(period.shown for period in every)


def tenths_of(bundle: Bundle, figure: Figure) -> Tenths | None:
    """Of a measure that has them."""
    rows = bundle.deciles.get(figure.measure)
    if not rows:
        return None
    groups = [(_label(bundle, each[0]), _periods(each)) for each in _by_group(rows)]
    return Tenths(figure, tuple(groups))


def standardised_of(bundle: Bundle, figure: Figure) -> Figure | None:
    """The same figure with standardised rates in the place of its own, which have no
    counts.
    """
    rows = bundle.standardised.get(figure.measure)
    if not rows:
        return None
    panels = []
    for each in _by_group(rows):
        points = sorted((_point(row) for row in each), key=lambda point: point.start)
        panels.append(Panel(_label(bundle, each[0]), (), tuple(points)))
    names = []
    for name in rows[0]["group_by"].split("+"):
        if name:
            names.append(bundle.words.group_title(name))
    standard = rows[0]["standard"]
    unit = replace(figure.unit, words=f"{figure.unit.words}, standardised ({standard})")
    return replace(
        figure,
        group_by=tuple(names),
        by=" and ".join(names),
        unit=unit,
        panels=tuple(panels),
        spc=False,
    )


def _by_group(rows: Sequence[Row]) -> list[list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["group"], []).append(row)
    return list(found.values())


def _label(bundle: Bundle, row: Row) -> str:
    names = [name for name in row["group_by"].split("+") if name]
    values = json.loads(row["group"])
    labels = [
        bundle.words.value_label(name, value)
        for name, value in zip(names, values, strict=True)
    ]
    return ", ".join(labels)


def _point(row: Row) -> Point:
    names = ("ratio", "ratio_at_least", "ratio_at_most", "ci_low", "ci_high")
    ratio, at_least, at_most, low, high = (_float(row[name]) for name in names)
    return Point(
        _day(row, "interval_start"),
        _day(row, "interval_end"),
        None,
        None,
        ratio,
        at_least,
        at_most,
        low,
        high,
    )


def _periods(rows: Sequence[Row]) -> tuple[Period, ...]:
    found: dict[tuple[datetime.date, datetime.date], dict[int, Row]] = {}
    for row in rows:
        key = (_day(row, "interval_start"), _day(row, "interval_end"))
        found.setdefault(key, {})[int(row["percentile"])] = row
    return tuple(_period(key, found[key]) for key in sorted(found))


def _period(
    key: tuple[datetime.date, datetime.date], rows: Mapping[int, Row]
) -> Period:
    rates = tuple(_float(rows[each]["ratio"]) for each in PERCENTILES)
    units = rows[MEDIAN]["units"]
    return Period(*key, rates, int(units) if units else None)


def _float(text: str) -> float | None:
    return float(text) if text else None


def _day(row: Row, name: str) -> datetime.date:
    return datetime.date.fromisoformat(row[name])


# The chart ----------------------------------------------------------------------------


def chart(found: Tenths) -> dict[str, Any]:
    """A panel for each group: thin lines for the deciles, a thick one for the median; a
    withheld period is a gap.
    """
    per = found.figure.unit.per
    rows: list[dict[str, Any]] = []
    for place, (_, periods) in enumerate(found.groups):
        for percentile, position in zip(
            PERCENTILES, range(len(PERCENTILES)), strict=True
        ):
            for each in periods:
                rows.append(_place(place, percentile, each, each.rates[position], per))
    highest = max((row["r"] for row in rows if row["r"] is not None), default=1.0)
    x = specification.time_axis(replace(found.figure, panels=_panels(found)))
    y = specification.rate_axis(specification.ticks_to(highest, 2))
    line = {"type": "line", "invalid": "break-paths-show-path-domains"}
    held = {**line, "strokeWidth": 3, "strokeCap": "square", "color": theme.HELD_ALONE}
    thin = {**line, "color": theme.TENTH, "strokeWidth": 1}
    thick = {**line, "color": theme.MEAN, "strokeWidth": 2.5}
    others, median = f"datum.q != {MEDIAN}", f"datum.q == {MEDIAN}"
    layers = [
        _layer("withheld", held, median, {"x": x, "y": y("w")}),
        _layer(
            "deciles",
            thin,
            others,
            {"x": x, "y": y("r"), "detail": {"field": "q", "type": "nominal"}},
        ),
        _layer("median", thick, median, {"x": x, "y": y("r")}),
    ]
    return specification.small_multiples(
        found.figure, [label for label, _ in found.groups], rows, layers
    )


def _layer(
    name: str, mark: dict[str, Any], kept: str, encoding: dict[str, Any]
) -> dict[str, Any]:
    return {
        "name": name,
        "transform": [{"filter": kept}],
        "mark": mark,
        "encoding": encoding,
    }


def _place(
    place: int, percentile: int, period: Period, rate: float | None, per: int
) -> dict[str, Any]:
    shown = None if rate is None else numbers.middle(rate, per)
    held = None if period.shown else 0
    return {
        "p": place,
        "q": percentile,
        "t": period.start.isoformat(),
        "r": shown,
        "w": held,
    }


def _panels(found: Tenths) -> tuple[Panel, ...]:
    """The periods, for the axis of time."""
    points = []
    for _, row in found.groups:
        for each in row:
            points.append(Point(each.start, each.end, None, None, None, None, None))
    return (Panel("", (), tuple(points)),)


def story(found: Tenths, label: str, periods: Sequence[Period]) -> str:
    """The description of one panel."""
    unit = found.figure.unit
    shown = [each for each in periods if each.shown]
    who = f"{label}: " if label else ""
    if not shown:
        return f"{who}Withheld in every period: there are too few units."
    first, last = shown[0], shown[-1]
    middles = [
        numbers.number(numbers.middle(each.rates[4] or 0, unit.per))
        for each in (first, last)
    ]
    held = len(periods) - len(shown)
    return (
        f"{who}The median of units is {middles[0]} {unit.words} in "
        f"{numbers.period(first.start, first.end)} and {middles[1]} in "
        f"{numbers.period(last.start, last.end)}; {numbers.plural(held, 'period')} "
        "withheld."
    )


def deciles_table(found: Tenths) -> Html:
    """Every period of every group."""
    names = ["from", *(f"{each} %" for each in PERCENTILES), "units, about"]
    heads = [tag("th", name, scope="col", class_="number") for name in names]
    rows: list[Html] = []
    for label, periods in found.groups:
        if label:
            rows.append(tag("tr", tag("th", label, colspan=len(names)), class_="group"))
        for period in periods:
            rates = [_rate_shown(rate, found.figure) for rate in period.rates]
            units = numbers.count(period.units)
            rows.append(
                tag(
                    "tr",
                    tag("th", period.start, scope="row"),
                    *(tag("td", each) for each in [*rates, units]),
                )
            )
    title = f"{found.figure.title}: deciles over units, {found.figure.unit.words}"
    return table(tag("caption", title), heads, rows, title)


def standardised_table(figure: Figure) -> Html:
    """Every period of every group; `range only` where one band is withheld."""
    names = (
        "from",
        figure.unit.words,
        "at least",
        "at most",
        "95\N{NO-BREAK SPACE}% from",
        "to",
    )
    heads = [tag("th", name, scope="col", class_="number") for name in names]
    rows: list[Html] = []
    for panel in figure.panels:
        if panel.label:
            rows.append(
                tag("tr", tag("th", panel.label, colspan=len(names)), class_="group")
            )
        for point in panel.points:
            low, high = saying.ends(point, figure.unit)
            chance = saying.chance(point, figure.unit) or (
                numbers.WITHHELD,
                numbers.WITHHELD,
            )
            rate = saying.bare(point, figure.unit)
            cells = [
                "range only" if rate == numbers.WITHHELD != low else rate,
                low,
                high,
                *chance,
            ]
            rows.append(
                tag(
                    "tr",
                    tag("th", point.start, scope="row"),
                    *(tag("td", each) for each in cells),
                )
            )
    title = f"{figure.title}: {figure.unit.words}"
    return table(tag("caption", title), heads, rows, title)


def _rate_shown(rate: float | None, figure: Figure) -> str:
    return numbers.number(
        None if rate is None else numbers.middle(rate, figure.unit.per)
    )
