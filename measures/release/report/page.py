"""`report.html`: one file that opens anywhere, asks for nothing, and says what the
release says.
"""

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

from measures.release.report import asking, checking, numbers, sections
from measures.release.report.html import Html, join, tag
from measures.release.report.inputs import Bundle
from measures.release.report.parts import Family, figures_of
from measures.release.report.pictures import definitions
from measures.release.report.sections import Drawn
from measures.release.words import plain

MADE_UP = "Made-up records."
NO_PATIENTS = "This release comes from a trial run. Nothing here is about real people."


def page(
    bundle: Bundle, found: Sequence[Family], drawn: Drawn, *, with_tables: bool = True
) -> str:
    """The whole file."""
    style, script = part("style.css"), part("script.js")
    headlines = sections.headline_families(bundle, found)
    others = [family for family in found if family not in headlines]
    body = join(
        [
            tag("a", "Skip to the numbers", href="#overview", class_="skip"),
            definitions(drawn),
            _header(bundle, found, headlines, others),
            tag(
                "main",
                *_main(bundle, headlines, others, drawn, with_tables=with_tables),
                **_data(bundle),
            ),
            _footer(bundle),
            tag("script", Html(script)),
        ]
    )
    top = head(title(bundle), style, script, made_up=bundle.made_up)
    return f'<!DOCTYPE html>\n<html lang="en-GB">{top}{tag("body", body)}</html>\n'


def part(name: str) -> str:
    return files("measures.release.report").joinpath(name).read_text(encoding="utf-8")


def head(words: str, style: str, script: str = "", *, made_up: bool = False) -> Html:
    """What may run or colour the page is named by its hash; nothing is fetched."""
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src "
        f"'{_hash(script)}'; base-uri 'none'; form-action 'none'"
    )
    banner = f" ({MADE_UP.rstrip('.').lower()})" if made_up else ""
    return tag(
        "head",
        Html('<meta charset="utf-8">'),
        Html(f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        Html('<meta name="viewport" content="width=device-width, initial-scale=1">'),
        tag("title", words + banner),
        tag("style", Html(style)),
    )


def _hash(content: str) -> str:
    return (
        "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
    )


def title(bundle: Bundle) -> str:
    return bundle.words.title or plain(bundle.study)


def _data(bundle: Bundle) -> dict[str, object]:
    """What every CSV that is made of the page begins with."""
    records = bundle.manifest.get("records", {}).get("kind", "")
    release = str(bundle.manifest.get("files", {}).get("measures.parquet", ""))[:16]
    return {
        "data_study": bundle.study,
        "data_release": release,
        "data_records": f"made up ({records})" if bundle.made_up else records,
    }


def _header(
    bundle: Bundle,
    found: Sequence[Family],
    headlines: Sequence[Family],
    others: Sequence[Family],
) -> Html:
    parts = [
        tag("p", f"cohortflow release · {bundle.study}", class_="eyebrow"),
        tag("h1", title(bundle)),
        tag("p", bundle.words.sentence or _span(found), class_="lead"),
    ]
    if bundle.words.sentence:
        parts.append(tag("p", _span(found), class_="note"))
    if bundle.made_up:
        parts.append(
            tag("p", tag("strong", MADE_UP), f" {NO_PATIENTS}", class_="banner")
        )
    return tag("header", *parts, _nav(headlines, others))


def _span(found: Sequence[Family]) -> str:
    figures = figures_of(found)
    first = min(figure.intervals[0][0] for figure in figures)
    last = max(figure.intervals[-1][1] for figure in figures)
    return (
        f"{numbers.plural(len(figures), 'measure')}, {numbers.day(first)} to "
        f"{numbers.day(last)}."
    )


def _nav(headlines: Sequence[Family], others: Sequence[Family]) -> Html:
    places = [("overview", "Overview")]
    places += [(sections.place(family), family.title) for family in headlines]
    if others:
        places.append(("others", "All other measures"))
    places += [
        ("public", "Who is counted, and how"),
        ("asked", "What was asked"),
        ("checker", "For the output checker"),
        ("dictionary", "Data dictionary"),
    ]
    links = [tag("li", tag("a", words, href=f"#{place}")) for place, words in places]
    return tag("nav", tag("ul", *links), aria_label="Sections")


def _main(
    bundle: Bundle,
    headlines: Sequence[Family],
    others: Sequence[Family],
    drawn: Drawn,
    *,
    with_tables: bool,
) -> list[Html]:
    parts = [sections.overview(headlines, drawn)]
    for family in headlines:
        parts.append(
            sections.family_section(
                bundle, family, drawn, level=2, with_tables=with_tables
            )
        )
    if others:
        inside = [
            sections.family_section(
                bundle, family, drawn, level=3, with_tables=with_tables
            )
            for family in others
        ]
        links = [
            tag("li", tag("a", family.title, href=f"#{sections.place(family)}"))
            for family in others
        ]
        listed = tag(
            "details", tag("summary", f"List of these {len(others)}"), tag("ul", *links)
        )
        index = [listed] if len(others) > 1 else []
        parts.append(
            tag(
                "section", tag("h2", "All other measures"), *index, *inside, id="others"
            )
        )
    found = [*headlines, *others]
    parts += [
        asking.public(bundle),
        asking.asked_section(bundle, found),
        checking.checker(bundle, found),
        checking.dictionary(bundle),
    ]
    return parts


def _footer(bundle: Bundle) -> Html:
    version = bundle.manifest.get("versions", {}).get("cohortflow", "")
    words = (
        f"Made by cohortflow {version} from the files of this release, and from "
        "nothing else."
    )
    return tag("footer", tag("p", words))
