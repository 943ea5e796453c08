"""What lies behind the lines of many panels, drawn once: the axes, and the shades of
phases.

All panels of a figure have one scale, so they have one ground:

    the whole chart     =  its ground          +  its marks
    12.5 ┤ ▒▒   ╱╲         12.5 ┤ ▒▒                     ╱╲
       0 ┼─▒▒──╱──          0 ┼─▒▒──────             ╱
         2020  2021             2020  2021

Vega spends half of its time for a small chart on the axes. The page has each ground
once, and the panels point to it; a file has it in every panel, for nothing else comes
with it. A ground that two panels have at most is drawn with them.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from extractors.errors import ensure
from measures.release.report import svg
from measures.release.report.html import Html, mark, tag

Spec = dict[str, Any]
ENOUGH = 3  # panels; for fewer, a ground of their own costs as much as it saves
LETTERS = 10  # pixels that Vega takes a word to be high above its line
SHADES = ("phases", "words")  # layers that are the same in all panels
NO_MARKS = '<g class="mark-symbol role-mark nothing_marks"'
PLOT = re.compile(
    r'<path class="background" aria-hidden="true" d="M0,0h[1-9][\d.]*v[\d.]+h-[\d.]+Z"/><g>'
)


@dataclass(frozen=True)
class Drawing:
    """A chart as Vega wrote it."""

    # SVG: the chart, without its ground if that is apart
    marks: str
    # SVG: the ground of all its panels; "" for a chart that has its own
    ground: str = ""


@dataclass(frozen=True)
class Ground:
    """A ground as the page has it."""

    # the id that panels point to: a hash of the ground's markup
    key: str
    # SVG: what is inside the drawing
    markup: Html


# Before it is drawn -------------------------------------------------------------------


def parted(specs: Sequence[Spec]) -> list[tuple[Spec, ...]]:
    """The marks and the ground of each line over time; alone and whole, what shares its
    ground with too few.
    """
    halves = [_halves(spec) for spec in specs]
    uses: Counter[str] = Counter()
    for spec, (_, ground) in zip(specs, halves, strict=True):
        if ground is not None:
            uses[_name(ground)] += _panels(spec)
    found: list[tuple[Spec, ...]] = []
    for spec, (marks, ground) in zip(specs, halves, strict=True):
        shared = ground is not None and uses[_name(ground)] >= ENOUGH
        found.append((marks, ground) if shared and ground is not None else (spec,))
    return found


def _halves(spec: Spec) -> tuple[Spec, Spec | None]:
    """The marks and the ground; a chart that is no line over time is all marks."""
    place = _first_place(spec)
    return (
        (spec, None) if place is None else (_without_ground(spec), _ground(spec, place))
    )


def _name(ground: Spec) -> str:
    return json.dumps(ground, sort_keys=True)


def _panels(spec: Spec) -> int:
    """How many panels a chart of lines has."""
    return len({row["p"] for row in spec["data"]["values"]})


def _plot(spec: Spec) -> Spec:
    """What a panel of small multiples looks like; the chart itself if it has no
    panels.
    """
    found: Spec = spec.get("spec", spec)
    return found


def _first_place(spec: Spec) -> Spec | None:
    """The encoding of x and y of the first layer that has both axes, of which x is
    time.
    """
    for layer in _plot(spec).get("layer", ()):
        encoding = layer["encoding"]
        x, y = encoding.get("x", {}), encoding.get("y", {})
        if x.get("type") == "temporal" and y.get("axis"):
            return {"x": x, "y": y}
    return None


def _ground(spec: Spec, place: Spec) -> Spec:
    """The shades, and both axes of a layer that has nothing else."""
    plot = _plot(spec)
    shades = [layer for layer in plot["layer"] if layer["name"] in SHADES]
    nothing = {
        "name": "nothing",
        "data": {"values": []},
        "mark": {"type": "point"},
        "encoding": place,
    }
    kept = {name: spec[name] for name in ("$schema", "autosize", "config")}
    return {
        **kept,
        "width": plot["width"],
        "height": plot["height"],
        "layer": [*shades, nothing],
    }


def _without_ground(spec: Spec) -> Spec:
    plot = _plot(spec)
    layers = []
    for layer in plot["layer"]:
        if layer["name"] not in SHADES:
            layers.append(_without_axes(layer))
    room = _room_for_words(plot)
    bare = {**plot, "layer": layers}
    if plot is spec:
        title = spec["title"]
        return {**bare, "title": {**title, "offset": title["offset"] + room}}
    kept = {name: value for name, value in spec.items() if name != "resolve"}
    header = spec["facet"]["header"]
    raised = {**header, "labelPadding": header["labelPadding"] + room}
    return {**kept, "facet": {**spec["facet"], "header": raised}, "spec": bare}


def _room_for_words(plot: Spec) -> int:
    """The pixels above a plot that the words of phases take, so that what lies above
    them stays there.
    """
    heights = []
    for layer in plot["layer"]:
        if layer["name"] == "words":
            for row in layer["data"]["values"]:
                heights.append(row["y"])
    return LETTERS - min(heights) if heights else 0


def _without_axes(layer: Spec) -> Spec:
    encoding = dict(layer["encoding"])
    for name in ("x", "y"):
        if "axis" in encoding.get(name, {}):
            encoding[name] = {**encoding[name], "axis": None}
    return {**layer, "encoding": encoding}


# In the page --------------------------------------------------------------------------


@lru_cache(maxsize=1000)
def ground_of(drawn: str) -> Ground:
    """The ground that a drawing of it is."""
    [whole] = svg.groups(drawn, 1)
    markup = svg.inside(whole)
    key = f"ground-{hashlib.sha256(markup.encode()).hexdigest()[:12]}"
    return Ground(key, markup)


def cells(drawing: Drawing, count: int) -> list[svg.Cell]:
    """The panels of a drawing, in order; each points to the ground that they share."""
    behind = Html("")
    if drawing.ground:
        behind = mark("use", href=f"#{ground_of(drawing.ground).key}")
    return [svg.Cell(group, behind) for group in svg.groups(drawing.marks, count)]


def definitions(drawings: Iterable[Drawing]) -> Html:
    """All grounds that the panels of a page point to; nothing of it is seen here."""
    grounds = {ground_of(each.ground): None for each in drawings if each.ground}
    inside = []
    for ground in grounds:
        inside.append(tag("g", ground.markup, id=ground.key, class_="ground"))
    return (
        tag("svg", tag("defs", *inside), class_="grounds", aria_hidden="true")
        if inside
        else Html("")
    )


# In a file ----------------------------------------------------------------------------


def with_ground(drawing: Drawing) -> str:
    """The chart with its ground in every panel."""
    if not drawing.ground:
        return drawing.marks
    _, _, after = drawing.ground.partition("<g>")
    ground, found, _ = after.partition(NO_MARKS)
    ensure(bool(found), "a ground has marks of its own")
    whole, panels = PLOT.subn(lambda plot: plot[0] + ground, drawing.marks)
    ensure(panels > 0, "a drawing has no plot to put its ground into")
    return whole
