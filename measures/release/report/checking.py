"""For the output checker: may this leave? The policy, the audit, what is derived, and
every file with its size.
"""

from collections.abc import Sequence
from itertools import chain

from measures.release.report import numbers
from measures.release.report.asking import table
from measures.release.report.html import Html, join, tag
from measures.release.report.inputs import Bundle
from measures.release.report.parts import Family, figures_of

MOST_ROWS = 5_000  # of a CSV file that OpenSAFELY's checkers look at
MOST_NAMES = 20  # of measures that differ
FOR_PROGRAMS = ("measures.csv", "redactions.csv", "revisions.csv", "sites.csv")

# What is computed of released numbers, and how.
DERIVED = (
    ("ratio", "numerator / denominator, as released, with three significant digits"),
    (
        "at least, at most",
        "the smallest and the largest ratio that true counts can have that are "
        "released so: (numerator - most that it can be too high) / (denominator + "
        "most that it can be too low), and the other way round; a part never exceeds "
        "its whole; rounded outward",
    ),
    (
        "95 % from, to",
        "the union of the ordinary intervals of all true counts that are released "
        "so. Proportions: Wilson's score interval. Events and person-time: exact "
        "Poisson below 10, Byar's from 10 on. Rounded outward",
    ),
    (
        "change",
        "the ratio of two released ratios, less one; its interval is the union over "
        "all true counts of exp(ln(ratio) -/+ z * se), where se is the root of 1/x1 "
        "- 1/n1 + 1/x0 - 1/n0, without the n for events",
    ),
    (
        "limits of usual variation",
        "XmR: the mean of the released ratios -/+ 2.66 times the mean difference of "
        "neighbours; differences above 3.267 times their mean are left out once; no "
        "difference crosses a withheld period",
    ),
    (
        "funnel limits",
        "around the rate of all groups drawn, sum of released numerators / sum of "
        "released denominators: where Wilson's interval (events: the exact Poisson "
        "interval) of a group of that size meets it, 95 % and 99.8 %. With ten "
        "groups or more that vary more than chance, on the scale of arcsine root, "
        "with their variance beyond chance added (Spiegelhalter 2005). A group lies "
        "outside where its whole certain range does",
    ),
    (
        "rank",
        "1 + the groups whose certain range lies above, to the number of groups - "
        "those whose certain range lies below",
    ),
    (
        "share of all counted",
        "numerator / sum of the numerators of all groups shown; certainly between "
        "smallest / (smallest + largest of all others) and largest / (largest + "
        "smallest of all others)",
    ),
    (
        "first, last, highest",
        "of the released ratios alone; withheld periods are passed over, and counted",
    ),
)


def checker(bundle: Bundle, found: Sequence[Family]) -> Html:
    """The whole section."""
    parts = [
        tag("h2", "For the output checker: may this leave?"),
        tag("p", *_verdict(bundle)),
        tag("h3", "What this release is"),
        _facts(bundle),
        *_rules(bundle),
        *_audit(bundle),
        tag("h3", "Since the release before"),
        tag("p", _since(bundle)),
        _items(_differences(bundle, found)),
        tag("h3", "What people decided"),
        _decided(bundle),
        tag("h3", "What is withheld"),
        _withheld(bundle, found),
        tag("h3", "Numbers that are derived of released ones"),
        _pairs(DERIVED),
        tag("h3", "Files"),
        _files(bundle),
    ]
    return tag("section", *parts, id="checker")


def _verdict(bundle: Bundle) -> list[Html | str]:
    audit = bundle.audit
    if not audit:
        return ["This release has no audit."]
    disclosure = bundle.manifest.get("disclosure", {})
    policy = str(disclosure.get("policy", ""))
    if audit.get("passed"):
        words = f" No count was found that the policy {policy} does not allow."
        return [
            tag("strong", "The audit passed."),
            words,
            f" Largest error: {_error(bundle)}.",
        ]
    return [
        tag("strong", "The audit found what the policy gives away."),
        " " + " ".join(audit.get("refusals", ())),
    ]


def _error(bundle: Bundle) -> str:
    return str(bundle.manifest.get("disclosure", {}).get("largest_error", "not known"))


def _facts(bundle: Bundle) -> Html:
    manifest = bundle.manifest
    records, disclosure = manifest.get("records", {}), manifest.get("disclosure", {})
    change = disclosure.get("ledger", {}).get("last_change", {})
    rows = [
        ("Study", bundle.study),
        (
            "Release",
            f"number {change['release']}" if "release" in change else "not numbered",
        ),
        (
            "Records",
            f"{records.get('kind', 'not known')}, fingerprint "
            f"{records.get('fingerprint', 'not known')}",
        ),
        ("Definition", str(manifest.get("definition", ""))),
        ("Snapshot", str(manifest.get("snapshot", ""))),
        ("Policy", str(disclosure.get("policy", ""))),
        ("Rows", f"{manifest.get('rows', 0):,}"),
        (
            "Made with",
            ", ".join(
                f"{name} {number}"
                for name, number in sorted(manifest.get("versions", {}).items())
            ),
        ),
    ]
    rows += [("Warning", str(each)) for each in manifest.get("warnings", ())]
    return _pairs(rows, short=True)


def _rules(bundle: Bundle) -> list[Html]:
    disclosure = bundle.manifest.get("disclosure", {})
    parts = [tag("h3", "The policy's rules"), _items(disclosure.get("rules", ()))]
    error = [f"Largest error: {_error(bundle)}."]
    if "expected_error" in disclosure:
        error.append(f"Expected error: {disclosure['expected_error']}.")
    parts += [tag("h3", "How wrong a number can be"), _items(error)]
    for title, name in (
        ("What is promised", "guaranteed"),
        ("What is not promised", "not_guaranteed"),
    ):
        if disclosure.get(name):
            parts += [tag("h3", title), _items(disclosure[name])]
    return parts


def _audit(bundle: Bundle) -> list[Html]:
    audit = bundle.audit
    if not audit:
        return []
    parts = [tag("h3", "What the auditor did"), _items(audit.get("summary", ()))]
    questions = audit.get("questions", {}).get("said")
    unseen = [
        *audit.get("bound", {}).get("not_together", ()),
        *([questions] if questions else []),
    ]
    if unseen:
        parts += [tag("h3", "What the auditor did not look at"), _items(unseen)]
    return parts


def _since(bundle: Bundle) -> str:
    ledger = bundle.manifest.get("disclosure", {}).get("ledger", {})
    said = str(ledger.get("said", "The release does not say it."))
    kept = ledger.get("intervals_changed_since_and_kept_as_released", 0)
    if kept:
        said += (
            f" In {numbers.plural(kept, 'interval')} the records have changed since; "
            "the numbers stayed."
        )
    return said


def _differences(bundle: Bundle, found: Sequence[Family]) -> list[str]:
    """Definition, policy, measures, groups and periods, against the release that this
    one replaced.
    """
    then = bundle.before
    if not then:
        return []
    groupings = {name: "+".join(columns) for name, columns in bundle.group_by.items()}
    old: dict[str, str] = then["measures"]
    changed = [
        name
        for name, grouping in groupings.items()
        if old.get(name, grouping) != grouping
    ]
    intervals = list(
        chain.from_iterable(figure.intervals for figure in figures_of(found))
    )
    first, last = min(start for start, _ in intervals), max(end for _, end in intervals)
    return [
        _same(
            "The definition",
            then["definition"],
            str(bundle.manifest.get("definition", "")),
        ),
        _same(
            "The policy",
            then["policy"],
            str(bundle.manifest.get("disclosure", {}).get("policy", "")),
        ),
        _listed("New measures", [name for name in groupings if name not in old]),
        _listed(
            "Measures that are no more", [name for name in old if name not in groupings]
        ),
        _listed("Measures with other groups", changed),
        f"Periods: {then['first']} to {then['last']} then, {first} to {last} now.",
        f"Rows: {then['rows']:,} then, {bundle.manifest.get('rows', 0):,} now.",
    ]


def _same(what: str, then: str, now: str) -> str:
    return (
        f"{what} is the same."
        if then == now
        else f"{what} is another: {then or 'none'} then, {now or 'none'} now."
    )


def _listed(what: str, names: Sequence[str]) -> str:
    shown = ", ".join(names[:MOST_NAMES]) + (
        f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    )
    return f"{what}: {shown or 'none'}."


def _decided(bundle: Bundle) -> Html:
    """What was decided about this very release, if the page is made after that."""
    number = (
        bundle.manifest.get("disclosure", {})
        .get("ledger", {})
        .get("last_change", {})
        .get("release", 0)
    )
    known = bundle.decided
    if not known or known.get("release") != number:
        words = (
            "This page was made before anybody decided. cohortflow status says what "
            "people have decided since."
        )
        return tag("p", words)
    lines = []
    for each in known["decisions"]:
        lines.append(
            f"{each['verdict']} by {each['by']} ({each['at']}): {each['note']}"
        )
    state = tag("strong", f"The release is {known['state']}.")
    return join([tag("p", state), _items(lines)])


def _withheld(bundle: Bundle, found: Sequence[Family]) -> Html:
    heads = [
        tag("th", "measure", scope="col"),
        *(
            tag("th", name, scope="col", class_="number")
            for name in ("cells", "withheld", "share")
        ),
    ]
    rows: list[Html] = []
    for family in found:
        for figure in family.figures:
            name = f"{figure.title}, by {figure.by}" if figure.by else figure.title
            share = f"{figure.withheld / figure.rows:.0%}"
            cells = [f"{figure.rows:,}", f"{figure.withheld:,}", share]
            rows.append(
                tag(
                    "tr",
                    tag("th", name, scope="row"),
                    *(tag("td", each, class_="number") for each in cells),
                )
            )
    reasons: list[str] = []
    for part, tally in bundle.manifest.get("disclosure", {}).get("reasons", {}).items():
        for reason, times in tally.items():
            reasons.append(f"{numbers.plural(times, part)}: {reason}")
    caption = tag("caption", "Cells without a rate, by measure. " + "; ".join(reasons))
    return table(caption, heads, rows, "What is withheld")


def _files(bundle: Bundle) -> Html:
    heads = [
        tag("th", "file", scope="col"),
        tag("th", "type", scope="col"),
        tag("th", "rows", scope="col", class_="number"),
        tag("th", "bytes", scope="col", class_="number"),
        tag("th", "for checkers", scope="col"),
        tag("th", "SHA-256", scope="col"),
    ]
    rows = [
        tag(
            "tr",
            tag("th", name, scope="row"),
            tag("td", name.rpartition(".")[2].upper()),
            tag("td", "" if rows is None else f"{rows:,}", class_="number"),
            tag("td", f"{size:,}", class_="number"),
            tag("td", _fits(name, rows)),
            tag("td", str(bundle.manifest["files"][name])[:16] + "…", class_="hash"),
        )
        for name, (size, rows) in bundle.files.items()
    ]
    words = (
        f"Checkers take CSV files of at most {MOST_ROWS:,} rows; measures.csv and "
        "its like are for programs. This page and charts/ are made of these files "
        "alone: cohortflow report makes the same bytes again."
    )
    return table(tag("caption", words), heads, rows, "Files")


def _fits(name: str, rows: int | None) -> str:
    if rows is None or name in FOR_PROGRAMS:
        return "for programs" if name in FOR_PROGRAMS else ""
    return "fits" if rows <= MOST_ROWS else f"more than {MOST_ROWS:,} rows"


def _items(lines: Sequence[str]) -> Html:
    return tag("ul", *(tag("li", each) for each in lines))


def _pairs(rows: Sequence[tuple[str, str]], *, short: bool = False) -> Html:
    parts: list[Html] = []
    for name, words in rows:
        parts += [tag("dt", name), tag("dd", words)]
    return tag("dl", *parts, class_="short" if short else None)


# The data dictionary ------------------------------------------------------------------

COLUMNS = (
    ("measure", "the name of the measure in the definition"),
    (
        "interval_start, interval_end",
        "the first and the last day of the period, both included",
    ),
    (
        "group_by",
        "the columns that the measure is grouped by, joined by +; empty for everybody",
    ),
    (
        "group",
        "their values as a JSON array, in the same order; null is missing, [] is "
        "everybody",
    ),
    (
        "numerator",
        "how many were counted, as released; [REDACTED] where it is withheld",
    ),
    ("denominator", "out of how many, as released; the same"),
    ("ratio", "numerator / denominator, with three significant digits"),
    (
        "ratio_at_least, ratio_at_most",
        "between which the true ratio certainly lies, whatever rounding did",
    ),
    ("ci_low, ci_high", "the 95 % interval over all true counts that are released so"),
    ("status", "released, redacted, or withheld"),
)


def dictionary(bundle: Bundle) -> Html:
    """What the columns of measures.csv mean, and what each group is called."""
    groups = set(chain.from_iterable(bundle.group_by.values()))
    named = [(name, bundle.words.group_title(name)) for name in sorted(groups)]
    return tag(
        "section",
        tag("h2", "Data dictionary"),
        tag("h3", "Columns of measures.csv"),
        _pairs(COLUMNS),
        tag("h3", "Groups"),
        tag(
            "details",
            tag("summary", numbers.plural(len(named), "group")),
            _pairs(named, short=True),
        ),
        id="dictionary",
    )
