"""The sections of the page that show numbers: the overview, and one for each family of
measures.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from measures.release.report import (
    asking,
    dots,
    numbers,
    saying,
    tables,
    units,
    variation,
)
from measures.release.report.comparing import Change, changes, last_change
from measures.release.report.html import Html, join, tag
from measures.release.report.inputs import Bundle
from measures.release.report.keys import VARIATION_KEY, key, key_of
from measures.release.report.parts import Family, Figure, Panel
from measures.release.report.pictures import Picture, change_of, variation_of

MOST_HEADLINES = 6
Drawn = Mapping[str, Picture]


def headline_families(bundle: Bundle, found: Sequence[Family]) -> list[Family]:
    """Those that the author puts first; else those that are broken down; else all with
    a total: six at most.
    """
    named: list[Family] = []
    for name in bundle.words.headline:
        named += [each for each in found if _is_of(each, name)]
    with_total = [family for family in found if family.total]
    broken_down = [family for family in with_total if family.grouped]
    return named or (broken_down or with_total)[:MOST_HEADLINES]


def _is_of(family: Family, name: str) -> bool:
    return any(figure.measure == name for figure in family.figures)


def overview(headlines: Sequence[Family], drawn: Drawn) -> Html:
    """One number with its range for each headline measure, and its line over time."""
    cards = [_card(family, drawn) for family in headlines if family.total]
    return tag(
        "section",
        tag("h2", "Overview"),
        key([family.total for family in headlines if family.total]),
        tag("ul", *cards, class_="cards"),
        id="overview",
    )


def _card(family: Family, drawn: Drawn) -> Html:
    total = family.total
    assert total is not None
    panel = total.panels[0]
    title = tag("h3", tag("a", family.title, href=f"#{place(family)}"))
    picture = drawn.get(total.name)
    shown = Html(picture.panels[0]) if picture else Html("")
    since = tag("p", _since(panel, total), class_="note")
    return tag(
        "li",
        title,
        *_last(panel, total),
        tag("div", shown, data_chart=total.name),
        since,
    )


def _last(panel: Panel, figure: Figure) -> Iterator[Html]:
    if not panel.shown:
        yield tag("p", tag("span", "withheld", class_="big"), class_="card-text")
        return
    last = panel.shown[-1]
    low, high = saying.ends(last, figure.unit)
    yield tag(
        "p",
        tag("span", saying.bare(last, figure.unit), class_="big"),
        f" {figure.unit.words} in {saying.when(last)}. The true rate is certainly "
        f"between {low} and {high}.",
        class_="card-text",
    )


def _since(panel: Panel, figure: Figure) -> str:
    if not panel.shown:
        return saying.story(panel, figure.unit)
    compared = changes(figure, panel)
    if compared and compared[-1].ratio is not None:
        return _in_words(compared[-1], figure)
    first, last = panel.shown[0], panel.shown[-1]
    late = "" if last is panel.points[-1] else "Later periods are withheld. "
    early = "" if first is panel.points[0] else "Earlier ones are withheld. "
    return f"First released: {saying.bare(first, figure.unit)} in {saying.when(first)}. {early}{late}".strip()


def place(family: Family) -> str:
    """Of a family in the page."""
    return f"m-{family.key}"


# Families -----------------------------------------------------------------------------


def family_section(
    bundle: Bundle, family: Family, drawn: Drawn, *, level: int, with_tables: bool
) -> Html:
    """One question: everybody, then by each group, with tables."""
    heading = f"h{level}"
    parts: list[Html] = [tag(heading, family.title)]
    if family.sentence:
        parts.append(tag("p", family.sentence))
    parts.append(asking.in_short(bundle, family))
    if family.total:
        parts += _total(family.total, drawn, with_tables=with_tables)
        parts += _changes(family.total, level + 1)
        if family.total.spc:
            parts += _variation(family.total, drawn, level + 1)
        parts += units.further(bundle, family.total, drawn, level + 1)
    grouped = []
    for figure in family.grouped:
        grouped.append(
            _group_block(
                bundle, figure, drawn, level=level + 1, with_tables=with_tables
            )
        )
    if len(grouped) > 1:
        parts.append(_picker(family))
    return tag("section", *parts, *grouped, id=place(family))


def _total(figure: Figure, drawn: Drawn, *, with_tables: bool) -> Iterator[Html]:
    picture = drawn.get(figure.name)
    story = saying.story(figure.panels[0], figure.unit)
    if picture is None:
        yield tag("p", story)
    else:
        if not figure.whole_time:
            yield key([figure])
        caption = tag("figcaption", story)
        yield tag(
            "figure", picture.wide, *picture.panels, caption, data_chart=figure.name
        )
    if with_tables:
        yield tables.full(figure)


def _changes(figure: Figure, level: int) -> Iterator[Html]:
    """Each compared period against the baseline, in words and numbers."""
    found = changes(figure, figure.panels[0])
    if not found:
        return
    yield tag(f"h{level}", f"Change since {saying.when(found[0].then)}")
    yield tag("p", _in_words(found[-1], figure))
    yield tables.compared(figure, found)


def _in_words(change: Change, figure: Figure) -> str:
    """The last change as a sentence."""
    then, now = saying.when(change.then), saying.when(change.now)
    if change.ratio is None:
        return f"How {now} compares with {then} is not known: one of them is withheld."
    rates = (
        f"{saying.bare(change.then, figure.unit)} in {then} and "
        f"{saying.rate(change.now, figure.unit)} in {now}"
    )
    interval = (
        f"95\N{NO-BREAK SPACE}% interval {dots.percent(change.low)} to "
        f"{dots.percent(change.high)}"
    )
    if change.words == "is not known":
        return (
            f"Whether it rose or fell is not known: {rates}, "
            f"{dots.percent(change.ratio)} ({interval})."
        )
    verb = "rose" if change.words == "higher" else "fell"
    return f"It {verb}: {rates}, {dots.percent(change.ratio)} ({interval})."


def _variation(figure: Figure, drawn: Drawn, level: int) -> Iterator[Html]:
    """The chart of unusual variation, and each mark with its reason."""
    found = variation.variation(figure)
    yield tag(f"h{level}", "Unusual variation")
    if found.refused:
        yield tag("p", found.refused)
        return
    picture = drawn.get(variation_of(figure))
    words = (
        "Made of released rates alone. Diamonds mark what chance would hardly give; "
        "they do not say why."
    )
    yield tag("p", f"{words} {found.warning}".strip(), class_="note")
    if picture:
        yield key_of(VARIATION_KEY)
        caption = tag("figcaption", variation.story(figure, found))
        yield tag("figure", picture.wide, *picture.panels, caption)
    if found.signals:
        items = []
        for signal in found.signals:
            items.append(tag("li", f"{saying.when(signal.point)}: {signal.why}"))
        summary = tag("summary", f"What is marked, and by which rule ({len(items)})")
        yield tag("details", summary, tag("ul", *items))


def _picker(family: Family) -> Html:
    """Chooses one grouping; the script fills it and shows it, without it all are
    there.
    """
    options = [tag("option", "all groups", value="")]
    for figure in family.grouped:
        options.append(tag("option", f"by {figure.by}", value=figure.name))
    name = f"pick-{family.key}"
    label = tag("label", "Show ", for_=name)
    return tag(
        "p",
        label,
        tag("select", *options, id=name, data_pick=place(family)),
        class_="tools",
        hidden=True,
    )


def _group_block(
    bundle: Bundle, figure: Figure, drawn: Drawn, *, level: int, with_tables: bool
) -> Html:
    parts: list[Html] = [tag(f"h{level}", f"By {figure.by}")]
    for name in figure.group_by:
        if bundle.words.group(name).sentence:
            parts.append(tag("p", bundle.words.group(name).sentence))
    picture = drawn.get(figure.name)
    if picture is None:
        parts.append(
            tag("p", f"Withheld in all {numbers.plural(figure.rows, 'cell')}.")
        )
    elif figure.whole_time:
        parts.append(tag("figure", *picture.panels))
    else:
        parts.append(_panels(figure, picture, level))
    if picture and not figure.whole_time:
        parts += _change_picture(figure, drawn, level + 1)
        parts.append(tables.glance(figure))
    if with_tables:
        parts.append(tables.full(figure))
    parts += units.further(bundle, figure, drawn, level + 1)
    return tag("div", *parts, data_group=figure.name)


def _change_picture(figure: Figure, drawn: Drawn, level: int) -> Iterator[Html]:
    picture = drawn.get(change_of(figure))
    change = next(
        (each for each in map(partial(last_change, figure), figure.panels) if each),
        None,
    )
    if picture is None or change is None:
        return
    span = f"{saying.when(change.then)} to {saying.when(change.now)}"
    yield tag(f"h{level}", f"Change by {figure.by}, {span}")
    yield tag(
        "p",
        "Dots are changes of released rates, lines their 95\N{NO-BREAK SPACE}% "
        "intervals.",
        class_="note",
    )
    yield tag("figure", *picture.panels)


def _panels(figure: Figure, picture: Picture, level: int) -> Html:
    shared = (
        f"All panels have one scale, {figure.unit.words}. "
        f"{saying.share_withheld(figure)} withheld."
    )
    most = saying.most(figure)
    panels = []
    for panel, drawing in zip(figure.panels, picture.panels, strict=True):
        panels.append(tag("li", tag(f"h{level + 1}", panel.label), drawing))
    return join(
        [
            tag("p", most) if most else "",
            tag("p", shared, class_="note"),
            tag("ul", *panels, class_="panels", data_chart=figure.name),
        ]
    )
