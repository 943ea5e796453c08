"""`data_dictionary.csv`: what each column of each file means, its unit, and its
values.
"""

from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from measures.counts.columns import CONFIDENCE, KEYS, PARTS, Kind
from measures.release.files import (
    CSV,
    DECILES,
    MEASURES,
    PARQUET,
    REDACTIONS,
    REVISIONS,
    SITES,
    STANDARDISED,
)
from measures.release.wide import Wide

MOST_LABELS = 30  # that are listed; a group may have more


class Entry(NamedTuple):
    """One column of one file."""

    file: str
    column: str
    meaning: str
    unit: str
    values: str


class About(NamedTuple):
    """What a column means, in whatever file."""

    meaning: str
    unit: str
    values: str


DAY = "a day, as 2019-04-01"
RATE = "none; for a rate per 1,000 multiply by 1,000"
OPEN = "empty if the sites' rules do not say it"
COLUMNS = {
    "measure": About("the name that the definition gives the measure", "", ""),
    "interval_start": About(
        "the first day of the interval, which belongs to it", "", DAY
    ),
    "interval_end": About("the last day of the interval, which belongs to it", "", DAY),
    "group_by": About(
        "the names of the groups that the row is broken down by, joined by +",
        "",
        "empty for the total",
    ),
    "group": About(
        "the values of these groups, in their order",
        "",
        "a JSON array; null for a missing value, [] for the total",
    ),
    "numerator": About(
        "how many are counted, after disclosure control",
        "people, or what a measure adds up",
        "[REDACTED] if withheld",
    ),
    "denominator": About(
        "of how many, after disclosure control",
        "people, or what a measure adds up",
        "[REDACTED] if withheld",
    ),
    "ratio": About(
        "numerator / denominator, with three significant digits",
        RATE,
        "empty if there is none",
    ),
    "ratio_at_least": About(
        "the true ratio of these people is not below this, for certain",
        RATE,
        "rounded down",
    ),
    "ratio_at_most": About(
        "the true ratio of these people is not above this, for certain",
        RATE,
        "rounded up",
    ),
    "ci_low": About(
        "lower end of a 95 % interval, for the rate as one of a longer run",
        RATE,
        "rounded down; none for means",
    ),
    "ci_high": About(
        "upper end of a 95 % interval, for the rate as one of a longer run",
        RATE,
        "rounded up; none for means",
    ),
    "status": About(
        "what became of the row",
        "",
        "released; redacted: a count is too small; withheld: it cannot be rounded so "
        "that tables agree, or too little is known; range only: a standardised rate "
        "with a withheld band",
    ),
    "percentile": About(
        "which decile: so many percent of the units have at most this ratio",
        "percent",
        "10 to 90",
    ),
    "units": About(
        "how many units the deciles are of, rounded down to tens",
        "units",
        "empty if withheld",
    ),
    "standard": About(
        "the standard population", "", "ESP2013, or own weights: in the definition"
    ),
    "bands_withheld": About("how many bands have no released rate", "bands", ""),
    "numerator_redacted": About(
        "why the numerator is withheld", "", "empty if it is shown"
    ),
    "denominator_redacted": About(
        "why the denominator is withheld", "", "empty if it is shown"
    ),
    "numerator_at_least": About(
        "the true sum is not below this, for certain",
        "people, or what is added up",
        OPEN,
    ),
    "numerator_at_most": About(
        "the true sum is not above this, for certain",
        "people, or what is added up",
        OPEN,
    ),
    "denominator_at_least": About(
        "the same of the denominator", "people, or what is added up", OPEN
    ),
    "denominator_at_most": About(
        "the same of the denominator", "people, or what is added up", OPEN
    ),
    "numerator_not_shown": About(
        "which sites show no numerator, and why", "", "empty if all show one"
    ),
    "denominator_not_shown": About(
        "which sites show no denominator, and why", "", "empty if all show one"
    ),
    "changed": About(
        "what changed after the interval was released",
        "",
        "the records, or the definition",
    ),
    "outcome": About(
        "what became of the change", "", "the numbers stay, or they are new ones"
    ),
}
KINDS = {
    Kind.PROPORTION: "a part of its denominator",
    Kind.RATE: "a rate of events, or by time",
    Kind.MEAN: "a mean of amounts",
}
RATES = ("ratio", "ratio_at_least", "ratio_at_most", *CONFIDENCE)
IN_MEASURE = ("interval_start", "interval_end", "ratio", *map(str, PARTS))
IN_REVISIONS = (
    "measure",
    "group_by",
    "changed",
    "interval_start",
    "interval_end",
    "outcome",
)
ENDS = [f"{part}_{end}" for part, end in product(PARTS, ("at_least", "at_most"))]
IN_SITES = (*KEYS, "group", *ENDS, *(f"{part}_not_shown" for part in PARTS))
IN_DECILES = (*KEYS, "group", "percentile", *RATES[:3], "units", "status")
IN_STANDARDISED = (*KEYS, "group", "standard", *RATES, "bands_withheld", "status")


def dictionary(rows: Wide, folder: Path, manifest: Mapping[str, Any]) -> pa.Table:
    """A row for each column of the tables that lie in a folder."""
    groups = manifest.get("structure", {}).get("groups", {})
    entries = list(
        _entries(rows, folder, {name: _group(groups.get(name)) for name in rows.groups})
    )
    columns = zip(*entries, strict=True)
    found = {}
    for name, each in zip(Entry._fields, columns, strict=True):
        found[name] = pa.array(each, pa.string())
    return pa.table(found)


def _entries(rows: Wide, folder: Path, groups: Mapping[str, About]) -> Iterator[Entry]:
    tidy = (*KEYS, "group", *map(str, PARTS), *RATES, "status")
    wide = (*KEYS, *groups, *map(str, PARTS), *RATES, "status")
    known = {**COLUMNS, **groups}
    yield from _of(CSV, tidy, COLUMNS | {"measure": _measures(rows)})
    yield from _of(PARQUET, wide, known)
    yield from _of(f"{MEASURES}/*.csv", (*IN_MEASURE, *groups), known)
    for name, columns in ((DECILES, IN_DECILES), (STANDARDISED, IN_STANDARDISED)):
        if (folder / name).exists():
            yield from _of(f"{name}/*.csv", columns, COLUMNS)
    reasons = [f"{part}_redacted" for part in PARTS]
    yield from _of(REDACTIONS, (*KEYS, *groups, *reasons), known)
    if (folder / SITES).exists():
        yield from _of(SITES, IN_SITES, COLUMNS)
    if (folder / REVISIONS).exists():
        yield from _of(REVISIONS, IN_REVISIONS, COLUMNS)


def _of(
    file: str, columns: tuple[str, ...], known: Mapping[str, About]
) -> Iterator[Entry]:
    for column in columns:
        yield Entry(file, column, *known[column])


def _measures(rows: Wide) -> About:
    """What the ratio of each measure is."""
    shapes = [shape for shape in rows.released.measures if not shape.over]
    said = sorted(f"{shape.name}: {KINDS[shape.kind]}" for shape in shapes)
    return COLUMNS["measure"]._replace(values="; ".join(said))


def _group(described: Mapping[str, Any] | None) -> About:
    """What the definition says of the values of a group."""
    meaning = (
        "a group of the definition; empty: a missing value, or the row is not broken "
        "down by it"
    )
    if described is None:
        return About(meaning, "", "")
    labels = [str(label) for label in described.get("labels", ())]
    listed = ", ".join(labels[:MOST_LABELS])
    if len(labels) > MOST_LABELS:
        listed += f" and {len(labels) - MOST_LABELS} more"
    if described.get("open", False):
        listed = f"{listed}; others from the records" if listed else "from the records"
    return About(meaning, "", listed)
