"""All periods together: the raw counts of a run as one complete grid.

A group that exists anywhere in a grouping exists in every period of every measure with
that grouping, with zeros where no person was counted; otherwise a missing row would say
what a redacted zero hides, and measures that nest in each other would have different
rows.

Everything is done on ranks (small integers that sort like the values they stand for),
so the work per row happens in numpy and the values themselves are only fetched at the
end.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from extractors.errors import ensure
from extractors.late import pc
from extractors.ranks import joint_ranks, places_of
from measures.counts.columns import COUNTS, FINGERPRINTS, KEYS, PARTS, Part
from measures.counts.types import MeasureShape, RawCounts, raw_schema

# an interval as one integer: first day in the upper half, last day in the lower
DAY_BITS = 32


@dataclass(frozen=True, eq=False)
class Combinations:
    """The distinct group values of one grouping, sorted."""

    # group -> its value in each combination
    values: Mapping[str, pa.Array]
    # how many combinations there are
    width: int
    # which rows of all the counts have this grouping
    rows: np.ndarray
    # for each of those rows the number of its combination
    index: np.ndarray


def gather(
    tables: Iterable[pa.Table],
    measures: Sequence[MeasureShape],
    groups: Mapping[str, pa.DataType],
) -> RawCounts:
    """The complete grid of the raw counts of all periods.

    `tables`: one per period, in the columns of `raw_schema(groups)`; strings may be
    dictionary-coded. Sorted by measure, interval, grouping and group values, NULL
    first. A total has its row in every interval, even when no person was there. Raises
    CohortflowError for rows that occur twice, that no measure asked for, or that have a
    value in a group they are not grouped by.
    """
    ensure(
        len({(m.name, m.grouping) for m in measures}) == len(measures),
        "a measure occurs twice",
    )
    rows = _rows(tables, raw_schema(groups))
    places = places_of(shape_of_rows(rows, measures), len(measures))
    combination_of = np.zeros(len(rows), np.int64)
    combinations = {}
    for name, group_by in {m.grouping: m.group_by for m in measures}.items():
        combinations[name] = found = _combinations(rows, group_by, list(groups))
        combination_of[found.rows] = found.index
    blocks = {}
    for shape, mine in zip(measures, places, strict=True):
        blocks[shape] = _complete(
            rows.take(mine),
            shape,
            combination_of[mine],
            combinations[shape.grouping],
        )
    return RawCounts(_together(blocks, rows.schema, list(groups)), tuple(measures))


def _together(
    blocks: Mapping[MeasureShape, pa.Table], schema: pa.Schema, groups: list[str]
) -> pa.Table:
    """The blocks as one table in order. Each is in order, so names that differ are all
    that is left to sort.
    """
    by_name = [blocks[shape] for shape in sorted(blocks, key=lambda shape: shape.name)]
    grid = pa.concat_tables([schema.empty_table(), *by_name])
    names = {shape.name for shape in blocks}
    return grid.combine_chunks() if len(names) == len(blocks) else _sorted(grid, groups)


def _rows(tables: Iterable[pa.Table], schema: pa.Schema) -> pa.Table:
    typed = [schema.empty_table()]
    for table in tables:
        same = table.column_names == schema.names
        ensure(same, "the counts of a period have other columns than they should")
        typed.append(table if table.schema.equals(schema) else table.cast(schema))
    return _without_negative_zero(
        _with_largest(pa.concat_tables(typed).combine_chunks())
    )


def _with_largest(table: pa.Table) -> pa.Table:
    """Where nothing is said of the largest amount that one patient adds, people are
    counted, and each adds one.
    """
    for part in PARTS:
        index = table.schema.get_field_index(part.largest)
        one = pc.min_element_wise(table[part.patients], 1)
        table = table.set_column(
            index, table.schema.field(index), pc.coalesce(table[index], one)
        )
    return table


def _without_negative_zero(table: pa.Table) -> pa.Table:
    """0.0 and -0.0 are one group to a database, but two values to a dictionary."""
    for index, field in enumerate(table.schema):
        if pa.types.is_floating(field.type):
            table = table.set_column(
                index, field, pc.add(table[index], pa.scalar(0.0, field.type))
            )
    return table


def shape_of_rows(rows: pa.Table, measures: Sequence[MeasureShape]) -> np.ndarray:
    """For each row, which of the measures it belongs to. Raises CohortflowError."""
    names = pc.binary_join_element_wise(rows["measure"], rows["group_by"], "\n")
    known = pa.array(
        [f"{shape.name}\n{shape.grouping}" for shape in measures], pa.string()
    )
    shapes = pc.index_in(names, value_set=known)
    ensure(shapes.null_count == 0, "there are counts that no measure asked for")
    return shapes.to_numpy()


def _combinations(
    rows: pa.Table, group_by: tuple[str, ...], groups: list[str]
) -> Combinations:
    chosen = np.flatnonzero(pc.equal(rows["group_by"], "+".join(group_by)).to_numpy())
    here = rows.select(groups).take(chosen)
    for name in set(groups) - set(group_by):
        ensure(
            here[name].null_count == len(here),
            f"some counts have a {name} but are not grouped by it",
        )
    if not group_by:
        return Combinations({}, 1, chosen, np.zeros_like(chosen))
    _, first, index = np.unique(
        joint_ranks(here, group_by), return_index=True, return_inverse=True
    )
    return Combinations(
        {name: here[name].take(first) for name in group_by}, len(first), chosen, index
    )


def _complete(
    counted: pa.Table,
    shape: MeasureShape,
    combination: np.ndarray,
    combinations: Combinations,
) -> pa.Table:
    """The block of one measure: its intervals times the combinations of its
    grouping.

    `counted`: its rows. `combination`: of each the number of its combination.
    """
    intervals = sorted(set(shape.intervals))
    width = combinations.width
    size = len(intervals) * width
    places = _interval_indices(counted, intervals) * width + combination
    ensure(
        len(np.unique(places)) == len(places), f"some rows of {shape.name} occur twice"
    )
    starts, ends = (
        pa.array([i[side] for i in intervals], pa.date32()) for side in (0, 1)
    )
    period = np.repeat(np.arange(len(intervals)), width)
    group = np.tile(np.arange(width), len(intervals))
    nothing = {}
    for field in counted.schema:
        nothing[field.name] = pa.nulls(size, field.type)
    columns = nothing | {
        "measure": pa.repeat(shape.name, size),
        "interval_start": starts.take(period),
        "interval_end": ends.take(period),
        "group_by": pa.repeat(shape.grouping, size),
        **{name: values.take(group) for name, values in combinations.values.items()},
        **{name: _scattered(counted[name], places, size) for name in COUNTS},
        **{
            name: _scattered_known(counted[name], places, size) for name in FINGERPRINTS
        },
    }
    # What a definition says of the most that anybody adds is better than the truth,
    # which says something of a person.
    said = np.where(columns[Part.NUMERATOR.patients] > 0, shape.most, 0)
    columns[Part.NUMERATOR.largest] = np.maximum(columns[Part.NUMERATOR.largest], said)
    return pa.table(columns, schema=counted.schema)


def _interval_indices(rows: pa.Table, intervals: list) -> np.ndarray:
    wanted = _interval_numbers(
        *(pa.array([i[side] for i in intervals], pa.date32()) for side in (0, 1))
    )
    got = _interval_numbers(rows["interval_start"], rows["interval_end"])
    places = np.searchsorted(wanted, got)
    known = len(wanted) > 0 and bool(
        (wanted[np.minimum(places, len(wanted) - 1)] == got).all()
    )
    ensure(
        known or not len(got),
        "there are counts for an interval that is not of this run",
    )
    return places


def _interval_numbers(start: pa.Array, end: pa.Array) -> np.ndarray:
    """Sorts as the intervals do; the shift makes last days before 1970, which are
    negative, sort too.
    """
    first, last = (
        day.cast(pa.int32()).to_numpy().astype(np.int64) for day in (start, end)
    )
    return (first << DAY_BITS) + (last + (1 << (DAY_BITS - 1)))


def _scattered(counts: pa.ChunkedArray, places: np.ndarray, size: int) -> np.ndarray:
    filled = np.zeros(size, np.int64)
    filled[places] = counts.to_numpy()
    return filled


def _scattered_known(
    fingerprints: pa.ChunkedArray, places: np.ndarray, size: int
) -> pa.Array:
    """Where no person is counted it is known who is; where a row says nothing, it stays
    unknown.
    """
    filled, unknown = np.zeros(size, np.uint64), np.zeros(size, bool)
    filled[places] = fingerprints.fill_null(0).to_numpy()
    unknown[places] = fingerprints.is_null().to_numpy()
    return pa.array(filled, mask=unknown)


def _sorted(table: pa.Table, groups: list[str]) -> pa.Table:
    order = np.argsort(joint_ranks(table, (*KEYS, *groups)), kind="stable")
    return table.take(order).combine_chunks()
