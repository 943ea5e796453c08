"""What stands in a report.html, read without anything of ours: its drawings and its
tables.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from xml.etree import ElementTree

Place = tuple[float, float]
GROUND = re.compile(
    r'<g id="([^"]*)" class="ground">(.*?)</g>(?=<g id=|</defs>)', re.DOTALL
)
USE = re.compile(r'<use href="#([^"]*)"/>')
SVG = re.compile(r"<svg [^>]*data-panel=.*?</svg>", re.DOTALL)
TABLE = re.compile(r'<table data-of="([^"]*)">(.*?)</table>', re.DOTALL)
COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Drawing:
    """One panel of a line chart: its paths by class, its ticks, its plot."""

    chart: str
    panel: int
    classes: str
    width: float
    height: float
    paths: dict[str, str]
    # of the rate's axis: height in the drawing, number
    ticks: list[tuple[float, float]]
    name: str
    description: str


def drawings(page: str) -> Iterator[Drawing]:
    """All panels that the page's script reads, with the chart that they belong to."""
    whole = with_grounds(page)
    for found in SVG.finditer(whole):
        before = whole[: found.start()]
        chart = re.findall(r'data-chart="([^"]*)"', before)[-1]
        yield _drawing(chart, ElementTree.fromstring(found[0]))


def with_grounds(page: str) -> str:
    """The page with the axes that panels share in each of them, where a browser shows
    them.
    """
    grounds = dict(GROUND.findall(page))
    return USE.sub(lambda use: grounds[use[1]], page)


def _drawing(chart: str, svg: ElementTree.Element) -> Drawing:
    width, height = map(float, svg.attrib["data-plot"].split())
    paths: dict[str, str] = {}
    for path in svg.iter("path"):
        paths[path.attrib["class"]] = (
            paths.get(path.attrib["class"], "") + path.attrib["d"]
        )
    ticks = [
        # a label's middle lies four pixels below its line
        (float(text.attrib["y"]) - 4, float((text.text or "").replace(",", "")))
        for text in svg.iter("text")
        if "e" in text.get("class", "").split()
    ]
    name, description = svg.findtext("title") or "", svg.findtext("desc") or ""
    return Drawing(
        chart=chart,
        panel=int(svg.attrib["data-panel"]),
        classes=svg.attrib["class"],
        width=width,
        height=height,
        paths=paths,
        ticks=ticks,
        name=name,
        description=description,
    )


def strokes(path: str) -> list[list[Place]]:
    """The places of each stretch that is drawn without a gap."""
    found: list[list[Place]] = []
    for letter, written in COMMAND.findall(path):
        numbers = [float(number) for number in NUMBER.findall(written)]
        if letter == "M":
            found.append([(numbers[0], numbers[1])])
            continue
        for across, down in _steps(letter, numbers):
            x, y = found[-1][-1]
            found[-1].append((x + across, y + down))
    return found


def _steps(letter: str, numbers: list[float]) -> list[Place]:
    """How far each step of a command leads, as the standard of SVG has it."""
    if letter == "h":
        return [(number, 0.0) for number in numbers]
    if letter == "v":
        return [(0.0, number) for number in numbers]
    assert letter in "lZ", f"a command that this reader does not know: {letter}"
    return list(zip(numbers[::2], numbers[1::2], strict=True))


Cells = list[str]


def tables(page: str) -> dict[str, dict[str, list[Cells]]]:
    """Measure -> group in words -> cells of each period."""
    return {unescape(name): _groups(inside) for name, inside in TABLE.findall(page)}


def _groups(inside: str) -> dict[str, list[Cells]]:
    found: dict[str, list[Cells]] = {}
    for body in re.findall(r"<tbody>(.*?)</tbody>", inside, re.DOTALL):
        group = ""
        for row in body.split("<tr")[1:]:
            cells = []
            for attributes, cell in re.findall(r"<t[hd]([^>]*)>([^<]*)", row):
                spans = re.search(r'colspan="(\d+)"', attributes)
                cells += [unescape(cell)] * (int(spans[1]) if spans else 1)
            if row.startswith(' class="group"'):
                group = cells[0]
            else:
                found.setdefault(group, []).append(cells)
    return found
