"""What was asked, in plain words, and for everybody who is counted: who, what a code
is, what withheld means.
"""

from collections.abc import Mapping, Sequence

from measures.release.report import numbers, saying
from measures.release.report.html import Html, tag
from measures.release.report.inputs import Asked, Bundle
from measures.release.report.parts import Family


def populations(bundle: Bundle) -> dict[str, str]:
    """Words of a denominator -> its name in the page, the one of most measures
    first.
    """
    uses: dict[str, int] = {}
    for asked in bundle.asked.values():
        uses[asked.denominator] = uses.get(asked.denominator, 0) + 1
    ranked = sorted(uses, key=lambda words: -uses[words])
    if len(ranked) == 1:
        return {ranked[0]: "the population"}
    return {
        words: f"population {number}" for number, words in enumerate(ranked, start=1)
    }


def in_short(bundle: Bundle, family: Family) -> Html:
    """Of one family: what exactly is counted, and out of whom."""
    figure = family.figures[0]
    asked = bundle.asked.get(figure.measure)
    if asked is None:
        return tag("p", f"{saying.span(figure)}.", class_="note")
    name = populations(bundle)[asked.denominator]
    same = asked.numerator == asked.denominator
    counted = f"everybody in {name}" if same else asked.numerator
    rows = [
        ("Counted", counted),
        ("Out of", f"{asked.denominator} ({name}; a person is counted once a period)"),
        ("Periods", saying.span(figure)),
    ]
    summary = tag("summary", "What exactly is counted, and out of whom")
    return tag("details", summary, _list(rows))


def public(bundle: Bundle) -> Html:
    """For everybody: who is counted, what a code is, what withheld means, how it was
    made, whom to ask.
    """
    words = bundle.words
    parts = [tag("h2", "Who is counted, and how")]
    for denominator, name in populations(bundle).items():
        parts.append(
            tag(
                "p", tag("strong", f"{name[:1].upper()}{name[1:]}: "), f"{denominator}."
            )
        )
    rows = [
        (
            "What a code is",
            "A code is what a health professional or a service wrote into a person's "
            "record. Something that was done and never written down is not counted.",
        ),
        (
            "What withheld means",
            _what_withheld_means(bundle),
        ),
        (
            "What the range means",
            "Because numbers are rounded, the true rate is not known exactly from "
            "this page; it certainly lies within the range. The 95 % interval is "
            "wider: it also allows for chance, as if the same people had lived "
            "through the same time again.",
        ),
        (
            "How it was made",
            "The records stayed in a closed server. A definition, written without "
            "seeing them, was run there; counts were protected and attacked by an "
            "auditor; only what passed is here.",
        ),
    ]
    rows += _of_sites(bundle)
    if words.contact:
        rows.append(("Whom to ask", words.contact))
    return tag("section", *parts, _list(rows), id="public")


def _what_withheld_means(bundle: Bundle) -> str:
    words = (
        "A number is withheld, shown as [c] in tables and as dots on the base line of "
        "charts, where it is of so few people that it could say something of "
        "one of them. It may be none at all. No line is drawn through it."
    )
    base = bundle.manifest.get("disclosure", {}).get("base")
    if not base:
        return words
    return (
        f"{words} Every number of people is rounded up or down to a multiple of {base}."
    )


def asked_section(bundle: Bundle, found: Sequence[Family]) -> Html:
    """For output checkers: every question, group and codelist, and the definition
    itself.
    """
    parts = [tag("h2", "What was asked")]
    if not bundle.asked:
        parts.append(
            tag("p", "This release does not say it: an older cohortflow wrote it.")
        )
        return tag("section", *parts, id="asked")
    parts.append(
        tag(
            "p",
            "These words are made of the definition's model, not of what its author "
            "says of it.",
            class_="note",
        )
    )
    parts += [tag("h3", "Populations: the denominators"), _list(_populations(bundle))]
    parts += [
        tag("h3", "Numerators"),
        _folded(f"{len(found)} questions", _list(_numerators(bundle, found))),
    ]
    groups = _groups(bundle.asked)
    if groups:
        listed = _list(
            [(_group_title(bundle, name), words) for name, words in groups.items()]
        )
        parts += [
            tag("h3", "Groups"),
            _folded(numbers.plural(len(groups), "group"), listed),
        ]
    parts += [tag("h3", "Codelists"), _codelists(bundle)]
    parts += [tag("h3", "The definition"), *_texts(bundle)]
    return tag("section", *parts, id="asked")


def _populations(bundle: Bundle) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for words, name in populations(bundle).items():
        found.append((name[:1].upper() + name[1:], f"{words}."))
    return found


def _numerators(bundle: Bundle, found: Sequence[Family]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for family in found:
        asked = bundle.asked.get(family.figures[0].measure)
        if asked is None:
            continue
        name = populations(bundle)[asked.denominator]
        counted = (
            f"everybody in {name}"
            if asked.numerator == asked.denominator
            else asked.numerator
        )
        by = [figure.by for figure in family.grouped]
        broken = f" By {', by '.join(by)}." if by else ""
        rows.append(
            (
                family.title,
                f"{counted}; out of {name}; {saying.span(family.figures[0])}.{broken}",
            )
        )
    return rows


def _groups(asked: Mapping[str, Asked]) -> dict[str, str]:
    found: dict[str, str] = {}
    for each in asked.values():
        found |= each.groups
    return found


def _group_title(bundle: Bundle, name: str) -> str:
    title = bundle.words.group_title(name)
    return name if title == name else f"{title} ({name})"


def _codelists(bundle: Bundle) -> Html:
    if not bundle.codelists:
        return tag("p", "None.")
    heads = []
    for name in ("codelist", "codes", "SHA-256 of the file"):
        heads.append(tag("th", name, scope="col"))
    rows = []
    for each in bundle.codelists:
        rows.append(
            tag(
                "tr",
                tag("th", each["name"], scope="row"),
                tag("td", f"{each['codes']:,}", class_="number"),
                tag("td", each["sha256"], class_="hash"),
            )
        )
    caption = tag("caption", "The files of codes that the definition reads")
    return table(caption, heads, rows, "Codelists")


def table(
    caption: Html, heads: Sequence[Html], rows: Sequence[Html], name: str
) -> Html:
    """A table of words that scrolls within the page."""
    whole = tag(
        "table",
        caption,
        tag("thead", tag("tr", *heads)),
        tag("tbody", *rows),
        class_="words",
    )
    return tag(
        "div", whole, class_="scroll", tabindex=0, role="region", aria_label=name
    )


def _texts(bundle: Bundle) -> list[Html]:
    parts = [
        tag(
            "p",
            "SHA-256 of all its files: ",
            tag("span", bundle.manifest.get("definition", ""), class_="hash"),
        )
    ]
    for each in bundle.definition:
        lines = each["text"].count("\n")
        text = tag(
            "pre",
            tag("code", each["text"]),
            tabindex=0,
            role="region",
            aria_label=each["name"],
        )
        parts.append(_folded(f"{each['name']} ({numbers.plural(lines, 'line')})", text))
    return parts


def _folded(summary: str, inside: Html) -> Html:
    return tag("details", tag("summary", summary), inside)


def _list(rows: Sequence[tuple[str, str]]) -> Html:
    parts: list[Html] = []
    for name, words in rows:
        parts += [tag("dt", name), tag("dd", words)]
    return tag("dl", *parts)


def _of_sites(bundle: Bundle) -> list[tuple[str, str]]:
    """Of a release of several sites, how it was made of them."""
    made_of = bundle.manifest.get("sites", {})
    released = [str(each["name"]) for each in made_of.get("releases", ())]
    masked = [str(each) for each in made_of.get("masked", {}).get("sites", ())]
    if not released and not masked:
        return []
    words = (
        f"Every number is the sum of what {len(released)} sites "
        f"({', '.join(released)}) have released. Each has rounded its numbers by "
        "itself, so the range is wider than that of one site. Where one of them "
        "withholds a number, or has no row of the group, the sum is withheld; it is "
        "not zero."
    )
    if masked:
        words = (
            f"Every number is of {len(masked)} sites together ({', '.join(masked)}). "
            "Each has masked its counts, so that only the sum of all meant "
            "anything; the sum was rounded once."
        )
    return [("Which sites it is of", words)]
