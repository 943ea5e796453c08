"""Which periods a new load of the records has changed, of those that are counted for
all periods at once.

Two loads are compared that begin with the same shards. Only people who have changed in
one of them can have other rows, so only their rows are looked at; and counts are
compared as they are.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa

from extractors.time import shards


def is_same(before: Path, now: Path, chain: int, place: int) -> bool:
    """Whether a period has the same counts and touches the same rows in two folders of
    timelines.

    `now` begins with the shards that `before` has or begins with.
    """
    name = f"counts-{chain}.arrow"
    counts = [
        pa.Table.from_batches([shards.counts_in(each / name, place)])
        for each in (before, now)
    ]
    return are_equal(*counts) and _touches_same(before, now, chain, place)


def _touches_same(before: Path, now: Path, chain: int, place: int) -> bool:
    changed = [
        people
        for each in (before, now)
        if (people := shards.changed_in(each)) is not None
    ]
    people = np.unique(np.concatenate([np.zeros(0, np.int64), *changed]))
    rows = [shards.touched_in(each, chain, place, people) for each in (before, now)]
    if rows[0] is None or rows[1] is None:
        return rows[0] is rows[1]
    return are_equal(rows[0], rows[1])


def are_equal(one: pa.Table, other: pa.Table) -> bool:
    """Whether two tables say the same, however narrow their integers are and whatever
    their lists of texts.
    """
    if len(one) != len(other) or one.column_names != other.column_names:
        return False
    both = (
        pa.concat_tables([one, other], promote_options="permissive")
        .unify_dictionaries()
        .combine_chunks()
    )
    return both.slice(0, len(one)).equals(both.slice(len(one)))


def periods_that_differ(before: Path, now: Path, chain: int, periods: int) -> list[int]:
    """The places of a chain whose counts or touched rows are others than before."""
    return [place for place in range(periods) if not is_same(before, now, chain, place)]
