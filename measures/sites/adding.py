"""Released counts of several sites, added up: what is shown of the sums, and what is
known of them.

Each site has rounded its counts by itself, with a key of its own. So the errors add up:
of two counts that may each be 9 off, the sum may be 18 off. A count that one site
withholds is not zero: the sum is withheld, too, and lies between the least and the most
that the sites' rules leave possible.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pyarrow as pa

from measures.counts.columns import KEYS, PARTS, Kind, Part
from measures.release.layout import as_json
from measures.release.reading import ReleasedRow
from measures.sites.bundles import SiteRelease

REDACTED, WITHHELD, SHOWN = "redacted", "withheld", "released"
NO_ROW = "no row"
END = {"at_least": 0, "at_most": 1}

Key = tuple
Rows = Mapping[Key, ReleasedRow]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Rules:
    """What a reader knows of the rules that a site rounds by."""

    # the most people that a redacted count can be; None: the rules do not say
    most_redacted: int | None
    # there is no ratio where fewer are shown
    least_denominator: int


class Known(NamedTuple):
    """What is known of one count; None: it has no such end, or is not shown."""

    shown: int | None
    low: int | None
    high: int | None


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Added:
    """The sums, row by row, in the columns of released counts."""

    # KEYS, a column for each group, RELEASED
    table: pa.Table
    # why a sum is withheld; NULL: it is shown
    reasons: pa.Table
    # the least and the most that each true sum can be; NULL: no end is known
    ranges: pa.Table
    # the same for people, with the sites that show no number
    said: pa.Table


def added(sites: Sequence[SiteRelease], rules: Sequence[Rules]) -> Added:
    """The sums of the sites' releases; `rules` of each, in the same order.

    Sorted by measure, interval and group. There is a row for each that any site has.
    """
    found = [{_key(row): row for row in site.rows} for site in sites]
    keys = sorted(set().union(*found), key=_in_order)
    sums = [_sum_of(key, sites, rules, found) for key in keys]
    return Added(
        table=_table(keys, sums, sites[0].groups),
        reasons=_reasons(sums),
        ranges=_ranges(sums),
        said=_said(keys, sums),
    )


def _key(row: ReleasedRow) -> Key:
    return row.measure, row.interval_start, row.interval_end, row.group_by, row.group


def _in_order(key: Key) -> Key:
    """A missing value comes first."""
    measure, start, end, group_by, group = key
    values = tuple(
        (value is not None, False if value is None else value) for value in group
    )
    return measure, start, end, group_by, values


# One sum ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Sum:
    """One row of the combined release."""

    # both counts
    parts: Mapping[Part, Known]
    # the ratio of what is shown, and the range of the true one; None: there is none
    ratio: tuple[float, float, float] | None
    # released, redacted or withheld
    status: str
    # by count, what each site is like that shows none, as `redacted at B`; empty where
    # the sum is shown
    why: Mapping[Part, str]


def _sum_of(
    key: Key,
    sites: Sequence[SiteRelease],
    rules: Sequence[Rules],
    found: Sequence[Rows],
) -> Sum:
    rows = [of_site.get(key) for of_site in found]
    parts: dict[Part, Known] = {}
    why: dict[Part, str] = {}
    for part in PARTS:
        each = [
            known_of(row, part, key[0], site, rule)
            for row, site, rule in zip(rows, sites, rules, strict=True)
        ]
        parts[part] = together(each)
        why[part] = _why(rows, part, sites)
    kind = sites[0].measures[key[0]].kind
    least = sum(rule.least_denominator for rule in rules)
    return Sum(
        parts=parts,
        ratio=_ratio(parts, kind, least),
        status=_status(parts, rows),
        why=why,
    )


def known_of(
    row: ReleasedRow | None, part: Part, measure: str, site: SiteRelease, rules: Rules
) -> Known:
    """What a site's release says of one count.

    A site without a row says nothing of it: no person may be there, or the group has no
    name at this site.
    """
    people = site.counts_people(measure, part)
    least = 0 if people else None
    shown = getattr(row, part) if row else None
    if shown is None:
        redacted = people and row is not None and row.status == REDACTED
        return Known(None, least, rules.most_redacted if redacted else None)
    off = site.measures[measure]
    below, above = off.numerator_off if part == Part.NUMERATOR else off.denominator_off
    low = shown - below
    return Known(shown, max(low, 0) if people else low, shown + above)


def together(each: Iterable[Known]) -> Known:
    """What is known of a sum: an end that is not known of one count is not known of the
    sum.
    """
    shown, lows, highs = zip(*each, strict=True)
    return Known(_sum(shown), _sum(lows), _sum(highs))


def _sum(numbers: Iterable[int | None]) -> int | None:
    total = 0
    for number in numbers:
        if number is None:
            return None
        total += number
    return total


def _why(
    rows: Sequence[ReleasedRow | None], part: Part, sites: Sequence[SiteRelease]
) -> str:
    said = []
    for row, site in zip(rows, sites, strict=True):
        if row is None:
            said.append(f"{NO_ROW} at {site.name}")
        elif getattr(row, part) is None:
            said.append(f"{row.status} at {site.name}")
    return "; ".join(said)


def _status(parts: Mapping[Part, Known], rows: Sequence[ReleasedRow | None]) -> str:
    if all(known.shown is not None for known in parts.values()):
        return SHOWN
    few = all(row is not None and row.status in (SHOWN, REDACTED) for row in rows)
    return REDACTED if few else WITHHELD


def _ratio(
    parts: Mapping[Part, Known], kind: Kind, least: int
) -> tuple[float, float, float] | None:
    """The ratio of the sums, and the extremes of the true one: quotients of the ends of
    the two counts.
    """
    top, bottom = parts[Part.NUMERATOR], parts[Part.DENOMINATOR]
    if top.shown is None or bottom.shown is None or bottom.shown < max(least, 1):
        return None
    # what is shown has both ends
    assert (
        top.low is not None
        and top.high is not None
        and bottom.low is not None
        and bottom.high is not None
    )
    if bottom.low < 1:
        return None
    quotients = []
    for one in (top.low, top.high):
        quotients += [one / bottom.low, one / bottom.high]
    high = min(max(quotients), 1.0) if kind is Kind.PROPORTION else max(quotients)
    return top.shown / bottom.shown, min(quotients), high


# Tables -------------------------------------------------------------------------------


def _table(
    keys: Sequence[Key], sums: Sequence[Sum], groups: Mapping[str, pa.DataType]
) -> pa.Table:
    columns: dict[str, pa.Array] = _keys(keys)
    for name, kind in groups.items():
        columns[name] = _coded(pa.array([_value(key, name) for key in keys], kind))
    for part in PARTS:
        columns[part.value] = pa.array(
            [each.parts[part].shown for each in sums], pa.int64()
        )
    for place, name in enumerate(("ratio", "ratio_at_least", "ratio_at_most")):
        columns[name] = pa.array(
            [each.ratio[place] if each.ratio else None for each in sums], pa.float64()
        )
    columns["status"] = _coded(pa.array([each.status for each in sums], pa.string()))
    return pa.table(columns)


def _keys(keys: Sequence[Key]) -> dict[str, pa.Array]:
    columns = {}
    for place, (name, kind) in enumerate(KEYS.items()):
        values = [
            "+".join(key[place]) if name == "group_by" else key[place] for key in keys
        ]
        columns[name] = _coded(pa.array(values, kind))
    return columns


def _value(key: Key, name: str) -> Any:
    names, values = key[3], key[4]
    return values[names.index(name)] if name in names else None


def _coded(column: pa.Array) -> pa.Array:
    return column.dictionary_encode() if pa.types.is_string(column.type) else column


def _reasons(sums: Sequence[Sum]) -> pa.Table:
    return pa.table(
        {
            part.value: _coded(
                pa.array([s.why[part] or None for s in sums], pa.string())
            )
            for part in PARTS
        }
    )


def _ranges(sums: Sequence[Sum]) -> pa.Table:
    columns = {}
    for part in PARTS:
        columns[f"{part}_at_least"] = pa.array(
            [each.parts[part].low for each in sums], pa.int64()
        )
        columns[f"{part}_at_most"] = pa.array(
            [each.parts[part].high for each in sums], pa.int64()
        )
    return pa.table(columns)


def _said(keys: Sequence[Key], sums: Sequence[Sum]) -> pa.Table:
    """A row for each sum: the groups as JSON, both ends of both counts, and who shows
    no number.
    """
    columns = _keys(keys)
    columns["group"] = pa.array([as_json(key[4]) for key in keys], pa.string())
    ranges = _ranges(sums)
    for name in ranges.column_names:
        columns[name] = ranges[name]
    for part in PARTS:
        columns[f"{part}_not_shown"] = pa.array(
            [each.why[part] or None for each in sums], pa.string()
        )
    return pa.table(columns)
