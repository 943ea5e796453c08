"""What a release shows: a row for each cell, a column for each group, rates with their
ranges.

Rates have three significant digits. Ends of ranges are rounded outward, so that they
stay true.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from extractors.late import pc
from measures.counts.columns import CONFIDENCE, KEYS, RELEASED, Kind, Part
from measures.disclosure.types import ReleasedCounts
from measures.statistics.digits import down, nearest, up
from measures.statistics.unions import Range, proportion_union, rate_union

ROUNDED: dict[str, Callable[[float], float]] = {
    "ratio": nearest,
    "ratio_at_least": down,
    "ratio_at_most": up,
    "ci_low": down,
    "ci_high": up,
}
RATES = (*RELEASED, *CONFIDENCE)
UNIONS = {Kind.PROPORTION: proportion_union, Kind.RATE: rate_union}


@dataclass(frozen=True, eq=False, repr=False)
class Wide:
    """The rows of a release as its files have them.

    `table`: KEYS, one column per group name, the counts, `ratio`, its range, `ci_low`,
    `ci_high`, `status`.
    """

    # the counts that passed disclosure control
    released: ReleasedCounts
    # what is written of them
    table: pa.Table
    # which rows of the counts are written: not those of units, of which only deciles
    # are
    shown: pa.ChunkedArray

    @property
    def groups(self) -> tuple[str, ...]:
        """The columns of groups that have values."""
        return tuple(self.table.column_names[len(KEYS) : -len(RATES)])


def wide(released: ReleasedCounts) -> Wide:
    """The rows of a release with rounded rates and 95 % intervals."""
    last = len(KEYS) + len(released.groups) + len(RELEASED) - 1
    table = released.table
    for place, (name, column) in enumerate(_intervals(released).items()):
        table = table.add_column(last + place, name, column)
    for name, rounding in ROUNDED.items():
        place = table.column_names.index(name)
        table = table.set_column(place, name, _each(table[name], rounding))
    shown = pc.invert(
        rows_of(released, (shape.name for shape in released.measures if shape.over))
    )
    units = [shape.over for shape in released.measures if shape.over]
    if units:
        table = _coded_anew(table.drop_columns(units).filter(shown))
    return Wide(released, table, shown)


def _coded_anew(table: pa.Table) -> pa.Table:
    """A file keeps the whole dictionary of a column, also what no row of it says."""
    for place, field in enumerate(table.schema):
        if pa.types.is_dictionary(field.type):
            plain = table[place].cast(field.type.value_type)
            coded = plain.combine_chunks().dictionary_encode()
            table = table.set_column(place, field.name, coded)
    return table


def rows_of(released: ReleasedCounts, names: Iterable[str]) -> pa.ChunkedArray:
    """Where the rows of some measures are."""
    return pc.is_in(
        released.table["measure"].cast(pa.string()),
        value_set=pa.array(names, pa.string()),
    )


def _each(column: pa.ChunkedArray, change: Callable[[float], float]) -> pa.Array:
    """The column with every distinct value changed once."""
    coded = column.combine_chunks().dictionary_encode()
    changed = [change(value) for value in coded.dictionary.to_pylist()]
    return pa.array(changed, pa.float64()).take(coded.indices)


def _intervals(released: ReleasedCounts) -> dict[str, pa.Array]:
    """The ends of the 95 % intervals, from what the release says of the true counts.

    A mean has none: how amounts vary among people is not known.
    """
    low = np.zeros(len(released.table))
    high = np.zeros(len(released.table))
    has = np.zeros(len(released.table), bool)
    counts = _Counts(released)
    for kind, union in UNIONS.items():
        rows = counts.rows_of(kind)
        low[rows], high[rows] = union(
            counts.range(Part.NUMERATOR, rows), counts.range(Part.DENOMINATOR, rows)
        )
        has[rows] = True
    ends = zip(CONFIDENCE, (low, high), strict=True)
    return {name: pa.array(end, mask=~has) for name, end in ends}


class _Counts:
    """The ranges of the counts of a release as arrays; 0 where one is redacted."""

    def __init__(self, released: ReleasedCounts):
        self._released = released
        self._has_ratio = pc.is_valid(released.table["ratio"]).to_numpy()
        self._ends = {
            name: pc.fill_null(released.ranges[name], 0).to_numpy()
            for name in released.ranges.column_names
        }

    def rows_of(self, kind: Kind) -> np.ndarray:
        """The places of all rows that have a rate of this kind."""
        names = [shape.name for shape in self._released.measures if shape.kind == kind]
        mine = rows_of(self._released, names).to_numpy()
        known = self._ends["denominator_at_least"] > 0
        # events may be taken back in some records; their number is then no count
        counted = self._ends["numerator_at_most"] >= 0
        return np.flatnonzero(mine & known & counted & self._has_ratio)

    def range(self, part: Part, rows: np.ndarray) -> Range:
        ends = (self._ends[f"{part}_{end}"][rows] for end in ("at_least", "at_most"))
        return Range.of(*ends)
