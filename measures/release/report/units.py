"""What a figure has beside its rates: deciles over units, standardised rates, a funnel,
ranks and shares.
"""

from collections.abc import Iterator, Mapping, Sequence

from measures.release.report import funnel_chart, funnels, numbers, ranking, tenths
from measures.release.report.html import Html, mark, tag
from measures.release.report.inputs import Bundle
from measures.release.report.keys import key_of
from measures.release.report.parts import Figure
from measures.release.report.pictures import (
    Picture,
    deciles_of,
    funnel_of,
    standardised_of,
)

Drawn = Mapping[str, Picture]


def further(bundle: Bundle, figure: Figure, drawn: Drawn, level: int) -> Iterator[Html]:
    """Funnel and ranks where the author asks for them; deciles and standardised rates
    where the release has them.
    """
    if figure.funnel:
        yield from _funnel(figure, drawn, level)
    if figure.ranks:
        yield from _ranks(figure, level)
    units = tenths.tenths_of(bundle, figure)
    if units:
        words = (
            "The thick line is the median unit, thin ones are the other deciles. No "
            "single unit is released."
        )
        yield tag(f"h{level}", "Deciles over units")
        yield tag("p", words, class_="note")
        names = [label for label, _ in units.groups]
        yield from _small(drawn.get(deciles_of(figure)), names, level + 1)
        yield tag(
            "details", tag("summary", "Table of deciles"), tenths.deciles_table(units)
        )
    standard = tenths.standardised_of(bundle, figure)
    if standard:
        yield tag(f"h{level}", f"As in a standard population, {standard.unit.words}")
        names = [panel.label for panel in standard.panels]
        yield from _small(drawn.get(standardised_of(figure)), names, level + 1)
        yield tag(
            "details",
            tag("summary", "Table of standardised rates"),
            tenths.standardised_table(standard),
        )


def _small(picture: Picture | None, names: Sequence[str], level: int) -> Iterator[Html]:
    if picture is None:
        yield tag("p", "Withheld in all periods.")
        return
    panels = []
    for name, drawing in zip(names, picture.panels, strict=True):
        panels.append(tag("li", tag(f"h{level}", name) if name else "", drawing))
    yield tag("ul", *panels, class_="panels")


def _funnel(figure: Figure, drawn: Drawn, level: int) -> Iterator[Html]:
    found = funnels.funnel(figure)
    yield tag(f"h{level}", f"Funnel by {figure.by}")
    if found.refused:
        yield tag("p", found.refused)
        return
    yield tag("p", _funnel_words(figure, found), class_="note")
    picture = drawn.get(funnel_of(figure))
    if picture:
        yield key_of(FUNNEL_KEY)
        caption = tag("figcaption", funnels.story(figure, found))
        yield tag("figure", picture.wide, *picture.panels, caption)
    table = funnel_chart.units_table(figure, found)
    summary = f"Table of the funnel ({numbers.plural(len(found.units), 'group')})"
    yield tag("details", tag("summary", summary), table)


def _funnel_words(figure: Figure, found: funnels.Funnel) -> str:
    words = (
        f"Upward is the rate, {figure.unit.words}; across the denominator. Lines "
        "through groups are certain ranges. Outside of the limits is what chance "
        "would hardly give; they do not say why."
    )
    if found.widened:
        words += " These groups vary more than chance, so the limits are wider by that."
    return words


FUNNEL_KEY = (
    (mark("path", class_="m", d="M2,7H28"), "rate of these groups together"),
    (mark("path", class_="k", d="M2,7H28"), "inner limits (95\N{NO-BREAK SPACE}%)"),
    (mark("path", class_="f", d="M2,7H28"), "outer limits (99.8\N{NO-BREAK SPACE}%)"),
    (
        mark("path", class_="o", d="M11,7a4,4,0,1,1,8,0a4,4,0,1,1,-8,0Z"),
        "group within the limits",
    ),
    (mark("path", class_="s", d="M15,2L20,7L15,12L10,7Z"), "group outside"),
)


def _ranks(figure: Figure, level: int) -> Iterator[Html]:
    found = ranking.ranking(figure)
    yield tag(f"h{level}", f"Ranks and shares by {figure.by}")
    if found.refused:
        yield tag("p", found.refused)
        return
    yield tag("p", ranking.story(found))
    yield ranking.ranks_table(figure, found)
