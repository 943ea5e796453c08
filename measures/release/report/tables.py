"""Released numbers as tables: every period of every group, and each group at a glance."""

from collections.abc import Iterator

from measures.release.report import numbers, saying
from measures.release.report.html import Html, tag, text
from measures.release.report.parts import Figure, Panel, Point, Unit


def full(figure: Figure) -> Html:
    """All rows of a figure, folded; the page's script reads from here what it shows on hover."""
    head = tag("thead", tag("tr", *_heads(figure)))
    bodies = [_body(figure, panel) for panel in figure.panels]
    caption = tag("caption", f"{_named(figure)}: {saying.span(figure)}. [c] is withheld.")
    table = tag("table", caption, head, *bodies, data_of=figure.name)
    region = tag("div", table, class_="scroll", tabindex=0, role="region", aria_label=f"Table: {_named(figure)}")
    summary = tag("summary", f"Table of released numbers: {_named(figure)} ({numbers.plural(figure.rows, 'row')})")
    button = tag("button", "Download this table (CSV)", type="button", data_csv=figure.name, hidden=True)
    return tag("details", summary, region, button)


def _named(figure: Figure) -> str:
    return f"{figure.title}, by {figure.by}" if figure.by else figure.title


def _heads(figure: Figure) -> Iterator[Html]:
    yield tag("th", "from", scope="col")
    for name in ("numerator", "denominator", figure.unit.words, "at least", "at most"):
        yield tag("th", name, scope="col")
    if _has_chance(figure):
        yield tag("th", "95 % from", scope="col")
        yield tag("th", "to", scope="col")


def _has_chance(figure: Figure) -> bool:
    return any(point.ci_low is not None for point in figure.all_points)


def _body(figure: Figure, panel: Panel) -> Html:
    wide = 8 if _has_chance(figure) else 6
    rows: list[Html] = []
    if panel.label:
        rows.append(Html(f'<tr class="group"><th colspan="{wide}">{text(panel.label)}'))
    rows += [_row(point, figure.unit, wide) for point in panel.points]
    return tag("tbody", *rows)


def _row(point: Point, unit: Unit, wide: int) -> Html:
    """Cells are not closed, as HTML allows: most of a page's bytes are rows."""
    low, high = saying.ends(point, unit)
    cells = [numbers.count(point.numerator), numbers.count(point.denominator), saying.bare(point, unit), low, high]
    if wide > 6:
        cells += saying.chance(point, unit) or (numbers.WITHHELD, numbers.WITHHELD)
    return Html(f"<tr><th>{point.start}" + "".join(f"<td>{cell}" for cell in cells))


def glance(figure: Figure) -> Html:
    """A row for each group: its last and its highest released rate, and how much of it is withheld."""
    heads = [tag("th", _first_word(figure.by), scope="col")]
    for name in (f"last {figure.unit.words}", "certainly between", "period", "highest", "withheld"):
        heads.append(tag("th", name, scope="col", class_="number"))
    rows = [_glance_row(panel, figure.unit) for panel in figure.panels]
    caption = tag("caption", f"{_named(figure)}: the last released period of each group")
    table = tag("table", caption, tag("thead", tag("tr", *heads)), tag("tbody", *rows), class_="words")
    return tag(
        "div", table, class_="scroll whole", tabindex=0, role="region", aria_label=f"At a glance: {_named(figure)}"
    )


def _first_word(by: str) -> str:
    return by[:1].upper() + by[1:]


def _glance_row(panel: Panel, unit: Unit) -> Html:
    held = f"{panel.withheld} of {len(panel.points)}"
    name = tag("th", panel.label, scope="row")
    if not panel.shown:
        cells = [numbers.WITHHELD, numbers.WITHHELD, "", numbers.WITHHELD, held]
    else:
        last = panel.shown[-1]
        top = max(panel.shown, key=lambda point: point.ratio or 0)
        low, high = saying.ends(last, unit)
        cells = [saying.bare(last, unit), f"{low} to {high}", str(last.start), saying.bare(top, unit), held]
    return tag("tr", name, *(tag("td", cell, class_="number") for cell in cells))
