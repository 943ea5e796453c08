"""Vega's SVG made fit for the page and for files: cut into panels, with a name and a
description.

In the page a colour becomes its class (`theme.CLASSES`), so that
dark pages and print have colours of their own; nothing has a style or an address of its
own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from extractors.errors import ensure
from measures.release.report import theme
from measures.release.report.html import Html, join, mark, tag, text

Element = ElementTree.Element
SPACE = "{http:" + "//www.w3.org/2000/svg}"
MOVED = re.compile(r"translate\((-?[\d.e-]+),(-?[\d.e-]+)\)")
STEP = re.compile(r"([MLZ])(?:(-?[\d.]+),(-?[\d.]+))?")
STRAIGHT = re.compile(r"(?:[ML]-?[\d.]+,-?[\d.]+|Z)+")
LONG = re.compile(r"-?\d+\.\d+")
SIZE = re.compile(r'<svg ([^>]*?) width="[^"]*" height="[^"]*" viewBox="[^"]*">')
BACKGROUND = re.compile(r'<rect width="[^"]*" height="[^"]*" fill="white"/>')
ROOT = re.compile(r'(<g fill="none" stroke-miterlimit="10" transform=")[^"]*"')
NOT_DRAWN = re.compile(r' (?:aria-[a-z]+|role|pointer-events|opacity)="[^"]*"')
UNSEEN = re.compile(r'<path class="(?:background|foreground)"[^>]*/>')


@dataclass(frozen=True)
class Box:
    """What is seen of a drawing, in pixels; its plot begins at 0, 0."""

    # from the plot to the left edge; less than 0: the edge is left of it
    left: float
    # from the plot to the upper edge; less than 0: the edge is above it
    top: float
    # from the left edge to the right one
    width: float
    # from the upper edge to the lower one
    height: float

    @property
    def view_box(self) -> str:
        return f"{self.left:g} {self.top:g} {self.width:g} {self.height:g}"


# Of one panel, and of a wide chart.
PANEL = Box(
    -theme.LEFT,
    -theme.TOP,
    theme.LEFT + theme.WIDTH + theme.RIGHT,
    theme.TOP + theme.HEIGHT + theme.BOTTOM,
)
WIDE = Box(
    -theme.LEFT,
    -34,
    theme.LEFT + theme.WIDE + theme.RIGHT,
    34 + theme.TALL + theme.BOTTOM,
)


# Width and height of their plots.
PLOT = f"{theme.WIDTH} {theme.HEIGHT}"
WIDE_PLOT = f"{theme.WIDE} {theme.TALL}"
# In files there is a title above.
WIDE_FILE = Box(WIDE.left - 10, WIDE.top - 50, WIDE.width + 20, WIDE.height + 60)


def grid(count: int) -> Box:
    """Of the panels of a file, in rows of `theme.COLUMNS`."""
    across = min(count, theme.COLUMNS)
    down = -(-count // theme.COLUMNS)
    width = across * PANEL.width + 20
    height = down * (PANEL.height + theme.HEADER) + 70
    return Box(PANEL.left - 10, PANEL.top - theme.HEADER - 60, max(width, 420), height)


def groups(svg: str, count: int) -> list[Element]:
    """The panels of a drawing, in order; a drawing without panels is one."""
    root = ElementTree.fromstring(svg)
    found = []
    for element in root.iter(f"{SPACE}g"):
        if element.get("class") == "mark-group role-scope cell":
            found.append(element)
    if not found:
        whole = next(
            each
            for each in root.iter(f"{SPACE}g")
            if "role-frame" in (each.get("class") or "")
        )
        return [whole[0]]
    panels = list(found[0])
    ensure(len(panels) == count, "a drawing has other panels than its figure")
    return panels


@dataclass(frozen=True)
class Cell:
    """A panel of a drawing."""

    # the SVG group of its marks
    marks: Element
    # the markup of what lies behind them; empty: nothing does
    behind: Html = Html("")


def inline(
    cell: Cell, box: Box, title: str, description: str, **attributes: object
) -> Html:
    """A panel as SVG within the page."""
    named = [tag("title", title), tag("desc", description)]
    return tag(
        "svg",
        *named,
        cell.behind,
        inside(cell.marks),
        role="img",
        viewBox=Html(box.view_box),
        **attributes,
    )


def inside(group: Element) -> Html:
    """What is seen of a group, in the words of the page."""
    return join(_leaves(group))


def _leaves(group: Element) -> Iterator[Html]:
    for element in group:
        name = element.tag.removeprefix(SPACE)
        if name == "g":
            yield from _group(element)
        elif name in DRAWN and element.get("class") not in ("background", "foreground"):
            yield _leaf(name, element)


def _group(element: Element) -> Iterator[Html]:
    if "role-title" in (element.get("class") or ""):
        return  # the page says it in words
    leaves = list(_leaves(element))
    x, y = _moved(element)
    if (x or y) and leaves:
        yield tag("g", *leaves, transform=Html(f"translate({x:g},{y:g})"))
    else:
        yield from leaves


def _leaf(name: str, element: Element) -> Html:
    x, y = _moved(element)
    place: dict[str, object] = {}
    if name == "text":
        place = {"x": _short(x), "y": _short(y)}
    elif name == "line":
        x2, y2 = float(element.get("x2", 0)), float(element.get("y2", 0))
        place = {"x1": _end(x), "y1": _end(y), "x2": _end(x + x2), "y2": _end(y + y2)}
    else:
        move = f"translate({_short(x)},{_short(y)})" if x or y else None
        place = {"d": _path(element.get("d", "")), "transform": move and Html(move)}
    if name == "text":
        return tag(name, element.text or "", class_=_text_class(element), **place)
    return mark(name, class_=_class(element), **place)


DRAWN = ("path", "line", "text")


def _path(drawn: str) -> Html:
    """With one decimal; lines as steps from place to place, which are half as long to
    write.
    """
    if not STRAIGHT.fullmatch(drawn):
        return Html(LONG.sub(_rounded, drawn))
    parts: list[str] = []
    x = y = 0  # in tenths of a pixel, so that steps add up to where they lead
    before = ""
    for step, across, down in STEP.findall(drawn):
        if step == "Z":
            before = "Z"
            parts.append("Z")
            continue
        to_x, to_y = round(float(across) * 10), round(float(down) * 10)
        if step == "M":
            before = "M"
            parts.append(f"M{_pair(to_x, to_y)}")
        else:
            letter, numbers = _step(to_x - x, to_y - y)
            # a step without a letter is as the one before
            between = "" if numbers.startswith("-") else " "
            parts.append((between if letter == before else letter) + numbers)
            before = letter
        x, y = to_x, to_y
    return Html("".join(parts))


def _step(across: int, down: int) -> tuple[str, str]:
    """A line's step in SVG's words: `h` to the side, `v` down, `l` both; tenths of a
    pixel.
    """
    if not down:
        return "h", _short(across / 10)
    if not across:
        return "v", _short(down / 10)
    return "l", _pair(across, down)


def _pair(x: int, y: int) -> str:
    """Two numbers, of tenths; a minus parts them as a comma does."""
    return f"{_short(x / 10)}{'' if y < 0 else ','}{_short(y / 10)}"


def _text_class(element: Element) -> str | None:
    """The class of its colour, and the one that says which part of the text its place
    is.
    """
    anchor = theme.ANCHORS[element.get("text-anchor", "start")]
    return " ".join(filter(None, (_class(element), anchor))) or None


def _class(element: Element) -> str | None:
    for attribute in ("fill", "stroke"):
        colour = element.get(attribute)
        if colour in theme.CLASSES:
            return theme.CLASSES[colour]
    return None


def _moved(element: Element) -> tuple[float, float]:
    found = MOVED.match(element.get("transform", ""))
    return (float(found[1]), float(found[2])) if found else (0.0, 0.0)


def _rounded(found: re.Match[str]) -> str:
    return _short(float(found[0]))


def _end(value: float) -> Html | None:
    """A coordinate of a line; zero is what SVG takes where none is given."""
    digits = _short(value)
    return None if digits == "0" else digits


def _short(value: float) -> Html:
    """With one decimal: a tenth of a pixel is not seen."""
    digits = f"{value:.1f}".removesuffix(".0")
    return Html("0" if digits == "-0" else digits)


# Files --------------------------------------------------------------------------------


def as_file(svg: str, box: Box, title: str, description: str) -> str:
    """A drawing as a file of its own, with its name and description, and a white
    ground.
    """
    size = (
        f'width="{box.width:g}" height="{box.height:g}" viewBox="0 0 {box.width:g} '
        f'{box.height:g}"'
    )
    named = f"<title>{text(title)}</title><desc>{text(description)}</desc>"
    said = NOT_DRAWN.sub("", UNSEEN.sub("", svg))
    said = SIZE.sub(
        lambda found: f'<svg {found[1]} role="img" {size}>{named}', said, count=1
    )
    said = BACKGROUND.sub(
        '<rect width="100%" height="100%" fill="white"/>', said, count=1
    )
    return (
        ROOT.sub(rf'\g<1>translate({-box.left:g},{-box.top:g})"', said, count=1) + "\n"
    )
