"""`describe.html`: a data report as one file that opens anywhere and asks for
nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence

from measures.describe.codes import MOST_CODES, title_of
from measures.describe.figures import MOST_BARS, MOST_PANELS, by_code, figures_of_report
from measures.describe.found import Described, FoundCodes, Report
from measures.describe.saying import missing, shape, share, value
from measures.release.report import numbers
from measures.release.report.asking import table
from measures.release.report.html import Html, join, tag
from measures.release.report.inputs import Bundle
from measures.release.report.page import MADE_UP, head, part
from measures.release.report.pictures import (
    Picture,
    Spec,
    definitions,
    jobs_of,
    pictures,
)

Draw = Callable[[Sequence[Spec]], list[str]]
# columns
NUMBERS = ("people", "share", "missing", "rows", "codes", "people in the whole time")
TRUE_COUNTS = "Its counts are true, because made-up people need no protection."


def page(report: Report, bundle: Bundle, draw: Draw, *, true: bool) -> str:
    """The whole file; the same bytes from the same numbers. `true`: whether they are of
    made-up people.
    """
    drawn = pictures(jobs_of(bundle, figures_of_report(report, bundle).values()), draw)
    style = part("style.css")
    body = join(
        [
            tag("a", "Skip to the numbers", href="#people", class_="skip"),
            definitions(drawn),
            _header(report, true=true),
            tag(
                "main",
                _people(report),
                _variables(report, drawn),
                _codes(report, drawn),
                _reading(true=true),
            ),
            tag(
                "footer",
                tag(
                    "p", "Made by cohortflow from these counts, and from nothing else."
                ),
            ),
        ]
    )
    top = head(_title(report), style, made_up=true)
    return f'<!DOCTYPE html>\n<html lang="en-GB">{top}{tag("body", body)}</html>\n'


def _title(report: Report) -> str:
    return f"{report.study}: data report"


def _header(report: Report, *, true: bool) -> Html:
    when = "" if report.period is None else " from {} to {}".format(*report.period)
    lead = f"What its variables look like{when}, and how often its codes are found."
    places = {
        "people": "People",
        "variables": "Variables",
        "codes": "Codes",
        "reading": "How to read this",
    }
    links = [
        tag("li", tag("a", words, href=f"#{place}")) for place, words in places.items()
    ]
    banner = (
        tag("p", tag("strong", MADE_UP), f" {TRUE_COUNTS}", class_="banner")
        if true
        else ""
    )
    return tag(
        "header",
        tag("p", "cohortflow data report", class_="eyebrow"),
        tag("h1", _title(report)),
        tag("p", lead, class_="lead"),
        banner,
        tag("nav", tag("ul", *links), aria_label="Sections"),
    )


def _people(report: Report) -> Html:
    rows = [
        _row("everybody of whom there are records", numbers.count(report.everybody))
    ]
    rows += [_row(each.name, numbers.count(people)) for each, people in report.people]
    return tag(
        "section",
        tag("h2", "People"),
        _table("People", ("who", "people"), rows),
        id="people",
    )


# Variables ----------------------------------------------------------------------------


def _variables(report: Report, drawn: Mapping[str, Picture]) -> Html:
    heads = ("variable", "what", "type", "among", "missing", "shape")
    rows = [_summary(each) for each in report.variables]
    parts = [tag("h2", "Variables"), _table("All variables", heads, rows)]
    parts += [_variable(each, drawn) for each in report.variables]
    return tag("section", *parts, id="variables")


def _summary(found: Described) -> Html:
    variable = found.variable
    name = tag("a", variable.name, href=f"#{variable.measure}")
    return _row(
        name, variable.role, variable.type, found.among, missing(found), shape(found)
    )


def _variable(found: Described, drawn: Mapping[str, Picture]) -> Html:
    variable = found.variable
    said = (
        f"{variable.role}, {variable.type}; among {numbers.count(found.people)} "
        f"people of the {found.among}; "
    )
    parts = [
        tag("h3", variable.name),
        tag("p", f"{said}{missing(found)} missing; {shape(found)}.", class_="note"),
    ]
    picture = drawn.get(variable.measure)
    if picture:
        parts.append(tag("figure", *picture.panels, *_left_out(found)))
    rows = [
        _row(
            value(each.value),
            numbers.count(each.people),
            share(each.people, found.people),
        )
        for each in found.values
    ]
    listed = _table(f"Values of {variable.name}", ("value", "people", "share"), rows)
    parts.append(
        tag("details", tag("summary", numbers.plural(len(rows), "value")), listed)
    )
    return tag("section", *parts, id=variable.measure)


def _left_out(found: Described) -> Iterator[Html]:
    if len(found.values) > MOST_BARS:
        which = "lowest" if found.ordered else "most frequent"
        yield tag(
            "figcaption",
            f"The {MOST_BARS} {which} of {len(found.values):,} values; the table has "
            "all.",
        )


# Codes --------------------------------------------------------------------------------


def _codes(report: Report, drawn: Mapping[str, Picture]) -> Html:
    parts = [tag("h2", "Codes")]
    if not report.codelists:
        parts.append(tag("p", "The definition looks for no codes."))
    else:
        heads = ("codelist", "codes", "people in the whole time")
        rows = [
            _row(_linked(each), f"{len(each.codes.codes):,}", numbers.count(each.ever))
            for each in report.codelists
        ]
        parts.append(_table("All codelists", heads, rows))
    parts += [_codelist(each, drawn) for each in report.codelists]
    return tag("section", *parts, id="codes")


def _linked(found: FoundCodes) -> Html:
    return tag("a", title_of(found.codes), href=f"#{found.codes.ever}")


def _codelist(found: FoundCodes, drawn: Mapping[str, Picture]) -> Html:
    codes = found.codes
    said = (
        f"{numbers.plural(len(codes.codes), 'code')}; {numbers.count(found.ever)} "
        "people in the whole time."
    )
    parts: list[Html] = [tag("h3", title_of(codes)), tag("p", said, class_="note")]
    if not codes.date:
        parts.append(
            tag(
                "p",
                "The definition reads no day of these rows, so nothing is shown over "
                "time.",
            )
        )
        return tag("section", *parts, id=codes.ever)
    if picture := drawn.get(codes.patients):
        caption = tag(
            "figcaption",
            f"People with a row of the list, by {codes.date}, per 1,000 of everybody.",
        )
        parts.append(tag("figure", picture.wide, *picture.panels, caption))
    rows = [
        _row(each.start, numbers.count(each.people), *_rows_of(found, each.rows))
        for each in found.steps
    ]
    heads = ("from", "people", "rows")[: 3 if codes.rows else 2]
    listed = _table(f"Over time: {title_of(codes)}", heads, rows)
    parts.append(tag("details", tag("summary", "Table over time"), listed))
    parts += _single_codes(found, drawn)
    return tag("section", *parts, id=codes.ever)


def _rows_of(found: FoundCodes, rows: int | None) -> list[str]:
    return [numbers.count(rows)] if found.codes.rows else []


def _single_codes(found: FoundCodes, drawn: Mapping[str, Picture]) -> Iterator[Html]:
    if not found.by_code:
        yield tag(
            "p",
            f"The list has more than {MOST_CODES} codes, so none is shown by itself.",
        )
        return
    yield tag("h4", "Code by code")
    if picture := drawn.get(by_code(found.codes)):
        names = [code for code, _ in most_found(found)]
        panels = []
        for name, panel in zip(names, picture.panels, strict=False):
            panels.append(tag("li", tag("h5", name), panel))
        yield tag("ul", *panels, class_="panels")
        if len(names) > MOST_PANELS:
            yield tag(
                "p",
                f"The {MOST_PANELS} codes that are found most; the table has all.",
                class_="note",
            )
    heads = ("code", *(each.start for each in found.steps))
    rows = [
        _row(code, *(numbers.count(step.people) for step in steps))
        for code, steps in found.by_code.items()
    ]
    summary = tag(
        "summary", f"People by code and time ({numbers.plural(len(rows), 'code')})"
    )
    yield tag(
        "details", summary, _table(f"By code: {title_of(found.codes)}", heads, rows)
    )


def most_found(found: FoundCodes) -> list[tuple[str, int]]:
    """The codes that are found, those of most people first, as the chart has them."""
    hits = [
        (code, sum(step.people or 0 for step in steps))
        for code, steps in found.by_code.items()
    ]
    return sorted((each for each in hits if each[1]), key=lambda each: -each[1])


# Words and tables ---------------------------------------------------------------------


def _reading(*, true: bool) -> Html:
    protected = (
        "Every count is rounded, and what counts few people is withheld, [c]: "
        "it may be none at all. A share and the shape are made of released counts "
        "alone, so they are near the true ones and not equal to them."
    )
    rows = [
        ("Numbers", TRUE_COUNTS if true else protected),
        ("Missing", "People for whom the variable has no value."),
        (
            "Shape",
            "The band in which the lowest quarter of the people with a value ends, "
            "the lower half (the median), and the lower three quarters. Borders of "
            "bands are round numbers that no record decides on.",
        ),
        (
            "Codes",
            "All rows of the table with a code of the list, whatever else the "
            "definition asks of them, of everybody of whom there are records. A code "
            "that is never found may be wrong, or of another coding system.",
        ),
    ]
    parts = [join([tag("dt", name), tag("dd", words)]) for name, words in rows]
    return tag(
        "section", tag("h2", "How to read this"), tag("dl", *parts), id="reading"
    )


def _table(name: str, heads: Sequence[str], rows: Sequence[Html]) -> Html:
    cells = [
        tag("th", each, scope="col", class_="number" if each in NUMBERS else None)
        for each in heads
    ]
    return table(tag("caption", name), cells, rows, name)


def _row(first: object, *others: object) -> Html:
    return tag("tr", tag("th", first, scope="row"), *map(_cell, others))


def _cell(content: object) -> Html:
    """Numbers and shares are at the right."""
    is_number = (
        str(content) == numbers.WITHHELD
        or str(content).strip("<%").replace(",", "").isdigit()
    )
    return tag("td", content, class_="number" if is_number else None)
