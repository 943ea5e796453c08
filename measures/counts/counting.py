"""Which counts a run makes for a period, and how the sums of a cohort become rows of
raw counts.

Measures that share a denominator and a set of groupings are counted in one pass over
the cohort.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pyarrow as pa

from extractors.model import nodes
from extractors.model.types import ConceptId
from extractors.sql import columns
from extractors.sql.columns import CountColumns
from extractors.sql.tally import Grouping, Tally
from measures.counts.columns import Part
from measures.counts.types import MeasureShape, raw_schema
from measures.definitions import Interval, Measure

ARROW = {
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    datetime.date: pa.date32(),
    ConceptId: pa.int64(),
}
Row = Mapping[str, Any]
# of a digest in the name of a column; of millions of series hardly two share them
DIGITS = 12


@dataclass(frozen=True)
class Share:
    """Where one measure's counts are. Its name is no part of it: a renamed measure
    counts the same.
    """

    measure: int  # its place among the measures that are counted in the period
    tally: int  # the tally that counts it
    numerator: int  # which numerator of the tally
    grouping: int  # which grouping of the tally


@dataclass(frozen=True)
class Needed:
    """What one period needs so that its measures can be counted."""

    # of its cohort; only series that a measure uses
    columns: tuple[str, ...]
    # of these, those that say who is counted
    populations: tuple[str, ...]
    # a pass over the cohort for each
    tallies: tuple[Tally, ...]
    # which of the sums of a tally are whose
    shares: tuple[Share, ...]
    # the numbers of the tallies that only a cohort of the period can give; all others
    # count stretches of time
    general: tuple[int, ...] = ()
    # the columns that are the reason for it
    slow: frozenset[str] = frozenset()


def name_columns(measures: Iterable[Measure]) -> dict[str, nodes.Series]:
    """Every series of the measures once, by the name of its column in a cohort.

    A group has its own name, because it leaves with the counts. Every other name
    follows from what the series computes: a measure that is called otherwise tomorrow
    finds what there is.
    """
    return _named(list(measures), lambda _, __, node: f"value_{node.digest[:DIGITS]}")


def titled_columns(measures: Iterable[Measure]) -> dict[str, nodes.Series]:
    """The same series in the same order, under the names by which people know them."""
    return _named(list(measures), lambda measure, part, _: f"{measure.name}_{part}")


def titles(measures: Sequence[Measure]) -> dict[str, str]:
    """Column -> the name by which people know it."""
    return dict(zip(name_columns(measures), titled_columns(measures), strict=True))


def _named(
    measures: Sequence[Measure], call: Callable[[Measure, str, nodes.Series], str]
) -> dict[str, nodes.Series]:
    named: dict[str, nodes.Series] = {}
    for measure in measures:
        named |= measure.group_by
    known = set(named.values())
    for measure in measures:
        for part, node in (
            ("denominator", measure.denominator),
            ("numerator", measure.numerator),
        ):
            if node not in known:
                known.add(node)
                named[_free_name(call(measure, part, node), named)] = node
    return named


def populations(
    measures: Iterable[Measure], named: Mapping[str, nodes.Series]
) -> tuple[str, ...]:
    """The columns that say who is counted."""
    columns = _column_of(named)
    return tuple(dict.fromkeys(columns[measure.denominator] for measure in measures))


def needed(
    measures: Sequence[Measure],
    named: Mapping[str, nodes.Series],
    general: Iterable[str] = (),
) -> Needed:
    """What a period needs in which exactly these measures are counted.

    `general`: columns that must be computed period by period; measures with one of them
    have tallies of their own.
    """
    column, slow = _column_of(named), set(general)
    is_slow = {
        measure.name: not slow.isdisjoint(_columns(measure, column))
        for measure in measures
    }
    # those that are counted at once first; a slow one shares no tally with them
    families: list[tuple[list[Measure], bool]] = []
    for which in (False, True):
        alike = [measure for measure in measures if is_slow[measure.name] is which]
        families += [(family, which) for family in _families(alike)]
    tallies: list[Tally] = []
    shares: list[Share] = []
    place = {measure.name: place for place, measure in enumerate(measures)}
    for number, (family, _) in enumerate(families):
        tally = _tally(family, column)
        tallies.append(tally)
        shares += [
            _share(place[measure.name], measure, number, tally, column)
            for measure in family
        ]
    used = set(chain.from_iterable(_columns(each, column) for each in measures))
    numbers = tuple(number for number, (_, which) in enumerate(families) if which)
    return Needed(
        columns=tuple(name for name in named if name in used),
        populations=populations(measures, named),
        tallies=tuple(tallies),
        shares=tuple(shares),
        general=numbers,
        slow=frozenset(slow),
    )


def _columns(measure: Measure, column: Mapping[nodes.Series, str]) -> set[str]:
    return {column[measure.denominator], column[measure.numerator], *measure.group_by}


def raw_counts(
    needed: Needed,
    sums: Sequence[Sequence[Row]],
    interval: Interval,
    groups: Mapping[str, pa.DataType],
) -> pa.Table:
    """The sums of each tally as raw counts in the layout of `raw_schema`.

    Its measures are called by their places; `with_names` says their names.
    """
    rows: list[dict[str, Any]] = []
    for share in needed.shares:
        rows += _rows(needed.tallies[share.tally], share, sums[share.tally])
    fixed = {"interval_start": interval[0], "interval_end": interval[1]}
    return pa.Table.from_pylist(
        [fixed | row for row in rows], schema=raw_schema(groups)
    )


def with_names(counts: pa.Table, names: Sequence[str]) -> pa.Table:
    """Raw counts whose measures are called by these names instead of their places.

    Raises ValueError or IndexError if the counts are of other measures.
    """
    called = [names[int(place)] for place in counts["measure"].to_pylist()]
    index = counts.schema.get_field_index("measure")
    return counts.set_column(
        index, counts.schema.field(index), pa.array(called, pa.string())
    )


def group_types(measures: Iterable[Measure]) -> dict[str, pa.DataType]:
    """The Arrow type of each group of the study."""
    series: dict[str, nodes.Series] = {}
    for measure in measures:
        series |= measure.group_by
    return {name: ARROW.get(series[name].type, pa.string()) for name in sorted(series)}


def shapes(
    measures: Iterable[Measure], intervals: Iterable[Interval]
) -> list[MeasureShape]:
    """What the complete grid needs to know of each measure: those of its intervals that
    were run.
    """
    ran = set(intervals)
    return [
        MeasureShape(
            measure.name,
            tuple(sorted(measure.group_by)),
            tuple(interval for interval in measure.intervals if interval in ran),
            is_proportion=measure.numerator.type is bool
            and measure.denominator.type is bool,
            places=measure.places,
            most=measure.most,
            over=measure.over,
            standard=measure.standard,
        )
        for measure in measures
    ]


def _column_of(named: Mapping[str, nodes.Series]) -> dict[nodes.Series, str]:
    return {node: name for name, node in reversed(list(named.items()))}


def _free_name(name: str, taken: Iterable[str]) -> str:
    """DuckDB takes names for the same that differ in capitals only."""
    lower = {each.lower() for each in taken}
    while name.lower() in lower:
        name += "_"
    return name


def _grouping(measure: Measure) -> Grouping:
    return tuple(sorted(measure.group_by))


def _families(measures: Sequence[Measure]) -> list[list[Measure]]:
    """Measures with one denominator whose numerators are wanted by the same
    groupings.
    """
    wanted: dict[tuple, set[Grouping]] = {}
    for measure in measures:
        wanted.setdefault((measure.denominator, measure.numerator), set()).add(
            _grouping(measure)
        )
    families: dict[tuple, list[Measure]] = {}
    for measure in measures:
        groupings = frozenset(wanted[measure.denominator, measure.numerator])
        families.setdefault((measure.denominator, groupings), []).append(measure)
    return list(families.values())


def _tally(family: Sequence[Measure], column: Mapping[nodes.Series, str]) -> Tally:
    denominator = family[0].denominator
    numerators = dict.fromkeys((column[m.numerator], m.numerator.type) for m in family)
    groupings = dict.fromkeys(_grouping(measure) for measure in family)
    return Tally(
        (column[denominator], denominator.type), tuple(numerators), tuple(groupings)
    )


def _share(
    place: int,
    measure: Measure,
    number: int,
    tally: Tally,
    column: Mapping[nodes.Series, str],
) -> Share:
    names = [name for name, _ in tally.numerators]
    return Share(
        measure=place,
        tally=number,
        numerator=names.index(column[measure.numerator]),
        grouping=tally.groupings.index(_grouping(measure)),
    )


def _rows(tally: Tally, share: Share, sums: Iterable[Row]) -> list[dict[str, Any]]:
    grouping = tally.groupings[share.grouping]
    numerator = columns.numerator(share.numerator)
    return [
        {
            "measure": str(share.measure),
            "group_by": "+".join(grouping),
            **{name: row[name] for name in grouping},
            **_counts(row, Part.NUMERATOR, numerator),
            **_counts(row, Part.DENOMINATOR, columns.DENOMINATOR),
        }
        for row in sums
        if row["grouping"] == share.grouping
    ]


def _counts(row: Row, part: Part, column: CountColumns) -> dict[str, int]:
    """One of the two counts of a row of a tally, as raw counts name its columns."""
    count, largest = row[column.count], row.get(column.largest)
    if largest is None:
        largest = min(count, 1)  # of people, each adds one
    return {
        part: count,
        part.patients: row[column.patients],
        part.largest: largest,
        part.fingerprint: row[column.fingerprint],
    }
