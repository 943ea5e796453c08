"""Released numbers as tables: every period of every group, and each group at a
glance.
"""

from collections.abc import Iterator, Sequence

from measures.release.report import dots, numbers, saying
from measures.release.report.comparing import Change, last_change
from measures.release.report.html import Html, tag, text
from measures.release.report.parts import Figure, Panel, Point
from measures.release.words import Unit

# The sign is the style's, so that the day alone is what the page's script and a
# downloaded table have.
KEPT = (
    "†: what is counted in this period has changed since; its numbers are as they "
    "were released."
)


def full(figure: Figure) -> Html:
    """All rows of a figure, folded; the page's script reads from here what it shows on
    hover.
    """
    head = tag("thead", tag("tr", *_heads(figure)))
    bodies = [_body(figure, panel) for panel in figure.panels]
    kept = f" {KEPT}" if any(point.kept for point in figure.all_points) else ""
    caption = tag(
        "caption", f"{_named(figure)}: {saying.span(figure)}. [c] is withheld.{kept}"
    )
    table = tag("table", caption, head, *bodies, data_of=figure.name)
    region = tag(
        "div",
        table,
        class_="scroll",
        tabindex=0,
        role="region",
        aria_label=f"Table: {_named(figure)}",
    )
    summary = tag(
        "summary",
        f"Table of released numbers: {_named(figure)} "
        f"({numbers.plural(figure.rows, 'row')})",
    )
    button = tag(
        "button",
        "Download this table (CSV)",
        type="button",
        data_csv=figure.name,
        hidden=True,
    )
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
    """Cells are not closed, as HTML allows, and withheld rates share one: most of a
    page's bytes are rows.
    """
    start = (
        f'<tr class="kept"><th>{point.start}'
        if point.kept
        else f"<tr><th>{point.start}"
    )
    if not point.shown:
        counts = f"<td>{numbers.count(point.numerator)}<td>{numbers.count(point.denominator)}"
        return Html(f'{start}{counts}<td colspan="{wide - 3}">{numbers.WITHHELD}')
    low, high = saying.ends(point, unit)
    cells = [
        numbers.count(point.numerator),
        numbers.count(point.denominator),
        saying.bare(point, unit),
        low,
        high,
    ]
    if wide > 6:
        cells += saying.chance(point, unit) or (numbers.WITHHELD, numbers.WITHHELD)
    return Html(start + "".join(f"<td>{cell}" for cell in cells))


def glance(figure: Figure) -> Html:
    """A row for each group: its last and its highest released rate, its change, and how
    much of it is withheld.
    """
    heads = [tag("th", _first_word(figure.by), scope="col")]
    names = [
        f"last {figure.unit.words}",
        "certainly between",
        "95 % interval",
        "period",
        "highest",
        "withheld",
    ]
    changed = any(last_change(figure, panel) for panel in figure.panels)
    if changed:
        names += ["change since baseline", "in words"]
    heads += [tag("th", name, scope="col", class_="number") for name in names]
    rows = [_glance_row(figure, panel, changed=changed) for panel in figure.panels]
    caption = tag(
        "caption", f"{_named(figure)}: the last released period of each group"
    )
    table = tag(
        "table",
        caption,
        tag("thead", tag("tr", *heads)),
        tag("tbody", *rows),
        class_="words",
    )
    name = f"At a glance: {_named(figure)}"
    return tag(
        "div", table, class_="scroll whole", tabindex=0, role="region", aria_label=name
    )


def _first_word(by: str) -> str:
    return by[:1].upper() + by[1:]


def _glance_row(figure: Figure, panel: Panel, *, changed: bool) -> Html:
    held = f"{panel.withheld} of {len(panel.points)}"
    changes: list[Html] = []
    cells = [
        numbers.WITHHELD,
        numbers.WITHHELD,
        numbers.WITHHELD,
        "",
        numbers.WITHHELD,
        held,
    ]
    if panel.shown:
        last = panel.shown[-1]
        top = max(panel.shown, key=lambda point: point.ratio or 0)
        low, high = saying.ends(last, figure.unit)
        chance = saying.chance(last, figure.unit)
        interval = f"{chance[0]} to {chance[1]}" if chance else "none"
        rates = [saying.bare(last, figure.unit), f"{low} to {high}", interval]
        cells = [*rates, str(last.start), saying.bare(top, figure.unit), held]
    if changed:
        change = last_change(figure, panel)
        since = [dots.said(change), change.words] if change else ["", "not there then"]
        changes = [tag("td", each, class_="number wraps") for each in since]
    return tag(
        "tr", tag("th", panel.label, scope="row"), *map(_number, cells), *changes
    )


def compared(figure: Figure, found: Sequence[Change]) -> Html:
    """Each compared period of the total: the rates, the change with its interval, and
    which way it went.
    """
    heads = [tag("th", "period", scope="col")]
    for name in (figure.unit.words, "change", "95 % from", "to", "in words"):
        heads.append(tag("th", name, scope="col", class_="number"))
    then = found[0].then
    before = tag("th", f"{saying.when(then)} (baseline)", scope="row")
    rows = [
        tag(
            "tr",
            before,
            _number(saying.bare(then, figure.unit)),
            *(_number("") for _ in range(4)),
        )
    ]
    for change in found:
        cells = [
            saying.bare(change.now, figure.unit),
            dots.percent(change.ratio),
            dots.percent(change.low),
            dots.percent(change.high),
            change.words,
        ]
        rows.append(
            tag(
                "tr",
                tag("th", saying.when(change.now), scope="row"),
                *map(_number, cells),
            )
        )
    caption = tag("caption", f"{figure.title}: change since {saying.when(then)}")
    table = tag(
        "table",
        caption,
        tag("thead", tag("tr", *heads)),
        tag("tbody", *rows),
        class_="words",
    )
    return tag(
        "div",
        table,
        class_="scroll whole",
        tabindex=0,
        role="region",
        aria_label=f"Changes: {figure.title}",
    )


def _number(words: str) -> Html:
    return tag("td", words, class_="number")
