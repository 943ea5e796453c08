"""All charts of a page: their specifications, drawn, and cut into what the page and the files hold."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from measures.release.report import bars, saying, specification, svg
from measures.release.report.html import Html
from measures.release.report.parts import Figure

Spec = dict[str, object]
Draw = Callable[[Sequence[Spec]], list[str]]


@dataclass(frozen=True)
class Picture:
    """One figure as it is drawn."""

    # as wide as the page; "" for what has panels only
    wide: Html
    # one for each panel, in order
    panels: tuple[Html, ...]
    # for the file in charts/: SVG, and the specification
    file: str
    spec: Spec = field(default_factory=dict)


def pictures(figures: Iterable[Figure], draw: Draw) -> dict[str, Picture]:
    """By the names of the figures; those of which all is withheld have none."""
    drawn = [figure for figure in figures if figure.can_be_drawn]
    wanted: list[Spec] = []
    for figure in drawn:
        wanted += _specs(figure)
    made = iter(draw(wanted))
    return {figure.name: _picture(figure, [next(made) for _ in _specs(figure)]) for figure in drawn}


def specs(figures: Iterable[Figure]) -> list[Spec]:
    """What `pictures` has drawn, so that it can be drawn before."""
    wanted: list[Spec] = []
    for figure in figures:
        if figure.can_be_drawn:
            wanted += _specs(figure)
    return wanted


def _specs(figure: Figure) -> list[Spec]:
    if figure.whole_time:
        return [bars.bars(figure)]
    if figure.group_by:
        return [specification.panels(figure)]
    return [specification.wide(figure), specification.panels(figure)]


def _picture(figure: Figure, drawings: list[str]) -> Picture:
    if figure.whole_time:
        return _of_bars(figure, drawings[0])
    title = _title(figure)
    cells = svg.cells(drawings[-1], len(figure.panels))
    panels = [_panel(title, figure, place, cell) for place, cell in enumerate(cells)]
    box, wide = svg.grid(len(cells)), Html("")
    if not figure.group_by:
        box = svg.WIDE_FILE
        story = saying.story(figure.panels[0], figure.unit)
        [whole] = svg.cells(drawings[0], 1)
        wide = svg.inline(whole, svg.WIDE, title, story, class_="wide", **_read(figure, 0, svg.WIDE_PLOT))
    file = svg.as_file(drawings[0], box, title, _story(figure))
    return Picture(wide, tuple(panels), file, _specs(figure)[0])


def _of_bars(figure: Figure, drawing: str) -> Picture:
    title, story = _title(figure), bars.story(figure)
    [cell] = svg.cells(drawing, 1)
    whole = svg.inline(cell, bars.box(figure), title, story, class_="bars")
    file = svg.as_file(drawing, bars.file_box(figure), title, story)
    return Picture(Html(""), (whole,), file, _specs(figure)[0])


def _panel(title: str, figure: Figure, place: int, cell: svg.Element) -> Html:
    panel = figure.panels[place]
    name = f"{panel.label}, {title}" if panel.label else title
    story = saying.story(panel, figure.unit)
    return svg.inline(cell, svg.PANEL, name, story, class_="small", **_read(figure, place, svg.PLOT))


def _read(figure: Figure, place: int, plot: str) -> dict[str, object]:
    """By what the script finds the numbers under the pointer: the panel, the plot, its first and last period."""
    first, last = figure.intervals[0][0], figure.intervals[-1][0]
    return {"data_panel": place, "data_plot": plot, "data_time": f"{first} {last}"}


def _title(figure: Figure) -> str:
    by = f", by {figure.by}" if figure.by else ""
    return f"{figure.title}, {figure.unit.words}{by}"


def _story(figure: Figure) -> str:
    told = [f"{panel.label}: " * bool(panel.label) + saying.story(panel, figure.unit) for panel in figure.panels]
    return " ".join(told)
