"""Raw counts of all periods that were counted at once, column by column.

The same rows as `counting.raw_counts` makes of each period alone.
"""

from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from extractors.late import pc
from extractors.sql import columns
from extractors.sql.cells import PLACE
from extractors.sql.columns import CountColumns
from measures.counts.columns import Part
from measures.counts.counting import Needed, Share
from measures.counts.types import raw_schema
from measures.definitions import Interval


def raw_counts_at_once(
    needed: Needed,
    counts: pa.Table,
    intervals: Sequence[Interval],
    names: Sequence[str],
    groups: Mapping[str, pa.DataType],
) -> Iterator[pa.Table]:
    """The raw counts of each measure in all intervals, in the columns of
    `raw_schema(groups)`.

    `counts`: rows of tallies with the place of their interval among `intervals`.
    `names`: of the measures.
    """
    schema = raw_schema(groups)
    firsts, lasts = (
        pa.array([interval[end] for interval in intervals], pa.date32())
        for end in (0, 1)
    )
    rows = _by_grouping(counts.combine_chunks())
    for share in needed.shares:
        mine = rows.get((share.tally, share.grouping))
        if mine is None:
            continue
        size = len(mine)
        grouping = needed.tallies[share.tally].groupings[share.grouping]
        found = {
            "measure": pa.repeat(names[share.measure], size),
            "interval_start": firsts.take(mine[PLACE]),
            "interval_end": lasts.take(mine[PLACE]),
            "group_by": pa.repeat("+".join(grouping), size),
            **{name: mine[name] for name in grouping},
            **_counts(mine, share),
        }
        absent = {
            name: pa.nulls(size, type_)
            for name, type_ in groups.items()
            if name not in grouping
        }
        yield pa.table(found | absent).select(schema.names).cast(schema)


def _by_grouping(counts: pa.Table) -> dict[tuple[int, int], pa.Table]:
    """The rows of each grouping of each tally."""
    kinds = (
        counts.select(["tally", "grouping"])
        .group_by(["tally", "grouping"])
        .aggregate([])
    )
    found = {}
    for tally, grouping in zip(
        kinds["tally"].to_pylist(), kinds["grouping"].to_pylist(), strict=True
    ):
        mine = pc.and_(
            pc.equal(counts["tally"], tally), pc.equal(counts["grouping"], grouping)
        )
        found[tally, grouping] = counts.filter(mine).combine_chunks()
    return found


def _counts(rows: pa.Table, share: Share) -> dict[str, pa.ChunkedArray]:
    numerator = columns.numerator(share.numerator)
    return _part(rows, Part.NUMERATOR, numerator) | _part(
        rows, Part.DENOMINATOR, columns.DENOMINATOR
    )


def _part(
    rows: pa.Table, part: Part, column: CountColumns
) -> dict[str, pa.ChunkedArray]:
    """One of the two counts of a tally, as raw counts name its columns."""
    count = rows[column.count]
    largest = pc.min_element_wise(count, 1)  # of people, each adds one
    if column.largest in rows.column_names:
        largest = pc.coalesce(rows[column.largest], largest)
    return {
        part: count,
        part.patients: rows[column.patients],
        part.largest: largest,
        part.fingerprint: rows[column.fingerprint],
    }
