"""All charts of a page: their specifications, drawn, and cut into what the page and the
files hold.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain

from measures.release.report import (
    bars,
    dots,
    funnel_chart,
    funnels,
    grounds,
    saying,
    specification,
    svg,
    tenths,
    variation,
)
from measures.release.report.grounds import Drawing, parted
from measures.release.report.html import Html
from measures.release.report.inputs import Bundle
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
    # SVG: the file in charts/
    file: str
    # the Vega-Lite specification of the chart in the file; empty: it has none
    spec: Spec = field(default_factory=dict)
    # what it was made of, whose grounds the page must have
    drawings: tuple[Drawing, ...] = ()


ENDING = ".deciles"  # of the name of a picture


@dataclass(frozen=True)
class Job:
    """One picture to be: what is drawn for it, and how that becomes the picture."""

    # of the picture: its measure, for further charts with an ending as `.funnel`
    name: str
    # Vega-Lite specifications of the charts that it consists of
    specs: Sequence[Spec]
    # makes the picture from the drawings of these charts, in their order
    finish: Callable[[list[Drawing]], Picture]


def pictures(jobs: Sequence[Job], draw: Draw) -> dict[str, Picture]:
    """By their names."""
    halves = _halves(jobs)
    made = iter(draw(list(chain.from_iterable(halves))))
    drawings = iter([Drawing(*(next(made) for _ in each)) for each in halves])
    found: dict[str, Picture] = {}
    for job in jobs:
        mine = [next(drawings) for _ in job.specs]
        found[job.name] = replace(job.finish(mine), drawings=tuple(mine))
    return found


def specs_of(jobs: Sequence[Job]) -> list[Spec]:
    """All that is drawn, job by job."""
    return list(chain.from_iterable(_halves(jobs)))


def _halves(jobs: Sequence[Job]) -> list[tuple[Spec, ...]]:
    return parted(list(chain.from_iterable(job.specs for job in jobs)))


def definitions(drawn: Mapping[str, Picture]) -> Html:
    """The grounds that the panels of these pictures point to; a page has them before
    the panels.
    """
    return grounds.definitions(
        chain.from_iterable(picture.drawings for picture in drawn.values())
    )


def change_of(figure: Figure) -> str:
    """The name of the picture of a figure's changes."""
    return f"{figure.name}.change"


def deciles_of(figure: Figure) -> str:
    """The name of the picture of the deciles of a figure's units."""
    return f"{figure.name}{ENDING}"


def standardised_of(figure: Figure) -> str:
    """The name of the picture of a figure's standardised rates."""
    return f"{figure.name}.standardised"


def variation_of(figure: Figure) -> str:
    """The name of the picture of a figure's unusual variation."""
    return f"{figure.name}.variation"


def funnel_of(figure: Figure) -> str:
    """The name of the picture of a figure's funnel."""
    return f"{figure.name}.funnel"


def jobs_of(bundle: Bundle, figures: Iterable[Figure]) -> list[Job]:
    """All pictures of a release; a figure of which all is withheld has none."""
    found: list[Job] = []
    for figure in figures:
        found += _jobs(figure)
        found += _further(bundle, figure)
    return found


def _further(bundle: Bundle, figure: Figure) -> Iterator[Job]:
    """What the bundle has tables of its own of."""
    if figure.funnel:
        yield from _of_units(figure)
    found = tenths.tenths_of(bundle, figure)
    if found and found.can_be_drawn:
        spec = tenths.chart(found)
        yield Job(deciles_of(figure), [spec], partial(_of_tenths, found, spec))
    standard = tenths.standardised_of(bundle, figure)
    if standard and standard.can_be_drawn and not standard.whole_time:
        spec = specification.panels(standard)
        yield Job(
            standardised_of(figure), [spec], partial(_of_standard, standard, spec)
        )


def _of_units(figure: Figure) -> Iterator[Job]:
    found = funnels.funnel(figure)
    if not found.refused:
        sizes = (funnel_chart.LARGE, funnel_chart.SMALL)
        both = [funnel_chart.chart(figure, found, size) for size in sizes]
        yield Job(funnel_of(figure), both, partial(_of_funnel, figure, found, both[0]))


def _of_funnel(
    figure: Figure, found: funnels.Funnel, spec: Spec, drawings: list[Drawing]
) -> Picture:
    title, story = (
        f"{figure.title}, funnel by {figure.by}",
        funnels.story(figure, found),
    )
    boxes = {"wide": funnel_chart.LARGE.box, "small": funnel_chart.SMALL.box}
    both = []
    for drawing, (name, box) in zip(drawings, boxes.items(), strict=True):
        both.append(
            svg.inline(grounds.cells(drawing, 1)[0], box, title, story, class_=name)
        )
    file = svg.as_file(
        grounds.with_ground(drawings[0]), funnel_chart.FILE, title, story
    )
    return Picture(both[0], (both[1],), file, spec)


def _of_tenths(found: tenths.Tenths, spec: Spec, drawings: list[Drawing]) -> Picture:
    title = f"{found.figure.title}, deciles over units, {found.figure.unit.words}"
    stories = [tenths.story(found, *group) for group in found.groups]
    panels = []
    for cell, story in zip(
        grounds.cells(drawings[0], len(stories)), stories, strict=True
    ):
        panels.append(svg.inline(cell, svg.PANEL, title, story, class_="small"))
    file = svg.as_file(
        grounds.with_ground(drawings[0]),
        svg.grid(len(panels)),
        title,
        " ".join(stories),
    )
    return Picture(Html(""), tuple(panels), file, spec)


def _of_standard(figure: Figure, spec: Spec, drawings: list[Drawing]) -> Picture:
    title = _title(figure)
    panels = []
    for cell, panel in zip(
        grounds.cells(drawings[0], len(figure.panels)), figure.panels, strict=True
    ):
        panels.append(
            svg.inline(
                cell, svg.PANEL, title, saying.story(panel, figure.unit), class_="small"
            )
        )
    file = svg.as_file(
        grounds.with_ground(drawings[0]), svg.grid(len(panels)), title, _story(figure)
    )
    return Picture(Html(""), tuple(panels), file, spec)


def _jobs(figure: Figure) -> Iterator[Job]:
    if not figure.can_be_drawn:
        return
    if figure.whole_time:
        yield Job(figure.name, [bars.bars(figure)], partial(_of_bars, figure))
        return
    drawings = [specification.panels(figure)]
    if not figure.group_by:
        drawings.append(specification.wide(figure))
    yield Job(figure.name, drawings, partial(_of_lines, figure, drawings[-1]))
    if figure.group_by and dots.can_be_drawn(figure):
        spec = dots.dots(figure)
        yield Job(change_of(figure), [spec], partial(_of_dots, figure, spec))
    if figure.spc and not figure.group_by:
        found = variation.variation(figure)
        if not found.refused:
            both = [variation.chart(figure, found, wide=each) for each in (True, False)]
            yield Job(
                variation_of(figure),
                both,
                partial(_of_variation, figure, found, both[0]),
            )


def _of_lines(figure: Figure, spec: Spec, drawings: list[Drawing]) -> Picture:
    title = _title(figure)
    cells = grounds.cells(drawings[0], len(figure.panels))
    panels = [_panel(title, figure, place, cell) for place, cell in enumerate(cells)]
    box, wide = svg.grid(len(cells)), Html("")
    if not figure.group_by:
        box = svg.WIDE_FILE
        story = saying.story(figure.panels[0], figure.unit)
        [whole] = grounds.cells(drawings[1], 1)
        wide = svg.inline(
            whole,
            svg.WIDE,
            title,
            story,
            class_="wide",
            **_read(figure, 0, svg.WIDE_PLOT),
        )
    file = svg.as_file(grounds.with_ground(drawings[-1]), box, title, _story(figure))
    return Picture(wide, tuple(panels), file, spec)


def _of_bars(figure: Figure, drawings: list[Drawing]) -> Picture:
    title, story = _title(figure), bars.story(figure)
    [cell] = grounds.cells(drawings[0], 1)
    whole = svg.inline(cell, bars.box(figure), title, story, class_="bars")
    file = svg.as_file(
        grounds.with_ground(drawings[0]), bars.file_box(figure), title, story
    )
    return Picture(Html(""), (whole,), file, bars.bars(figure))


def _of_dots(figure: Figure, spec: Spec, drawings: list[Drawing]) -> Picture:
    title, story = f"{figure.title}, change, by {figure.by}", dots.story(figure)
    [cell] = grounds.cells(drawings[0], 1)
    whole = svg.inline(cell, dots.box(figure), title, story, class_="dots")
    file = svg.as_file(
        grounds.with_ground(drawings[0]), dots.file_box(figure), title, story
    )
    return Picture(Html(""), (whole,), file, spec)


def _of_variation(
    figure: Figure, found: variation.Variation, spec: Spec, drawings: list[Drawing]
) -> Picture:
    title, story = (
        f"{figure.title}, usual and unusual variation",
        variation.story(figure, found),
    )
    boxes = {"wide": svg.WIDE, "small": svg.PANEL}
    both = []
    for drawing, (name, box) in zip(drawings, boxes.items(), strict=True):
        both.append(
            svg.inline(grounds.cells(drawing, 1)[0], box, title, story, class_=name)
        )
    file = svg.as_file(grounds.with_ground(drawings[0]), svg.WIDE_FILE, title, story)
    return Picture(both[0], (both[1],), file, spec)


def _panel(title: str, figure: Figure, place: int, cell: svg.Cell) -> Html:
    panel = figure.panels[place]
    name = f"{panel.label}, {title}" if panel.label else title
    story = saying.story(panel, figure.unit)
    return svg.inline(
        cell, svg.PANEL, name, story, class_="small", **_read(figure, place, svg.PLOT)
    )


def _read(figure: Figure, place: int, plot: str) -> dict[str, object]:
    """By what the script finds the numbers under the pointer: the panel, the plot, its
    first and last period.
    """
    first, last = figure.intervals[0][0], figure.intervals[-1][0]
    return {"data_panel": place, "data_plot": plot, "data_time": f"{first} {last}"}


def _title(figure: Figure) -> str:
    by = f", by {figure.by}" if figure.by else ""
    return f"{figure.title}, {figure.unit.words}{by}"


def _story(figure: Figure) -> str:
    stories = []
    for panel in figure.panels:
        stories.append(
            f"{panel.label}: " * bool(panel.label) + saying.story(panel, figure.unit)
        )
    return " ".join(stories)
