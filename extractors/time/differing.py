"""Which periods a new load of the records has changed, of those that are counted for
all periods at once.

Two loads are compared that begin with the same shards. Only people who have changed in
one of them can have other rows, so only their rows are looked at; and counts are
compared as they are.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa

from extractors.errors import EngineError
from extractors.sql.cells import PLACE
from extractors.time import shards
from extractors.time.touched import touched_of


def periods_that_differ(before: Path, now: Path, chain: int, periods: int) -> set[int]:
    """The places of a chain whose counts or touched rows are others than before.

    `now` begins with the shards that `before` has or begins with. Raises EngineError
    where something of either is damaged or gone.
    """
    try:
        return _differing(before, now, chain, periods)
    except (pa.ArrowException, OSError) as error:
        raise EngineError(
            "What was counted for all periods at once is damaged.", str(error)
        ) from error


def _differing(before: Path, now: Path, chain: int, periods: int) -> set[int]:
    name = f"counts-{chain}.arrow"
    counts = [shards.all_counts(each / name) for each in (before, now)]
    people = _changed_in_any(before, now)
    touched = [touched_of(each, chain, people) for each in (before, now)]
    differing = _places_that_differ(counts[0], counts[1], periods)
    if touched[0] is None or touched[1] is None:
        return differing if touched[0] is touched[1] else set(range(periods))
    return differing | _places_that_differ(touched[0], touched[1], periods)


def _changed_in_any(*folders: Path) -> np.ndarray:
    """The people who have changed since the shards that all folders begin with."""
    changed = [np.zeros(0, np.int64)]
    for folder in folders:
        if (people := shards.changed_in(folder)) is not None:
            changed.append(people)
    return np.unique(np.concatenate(changed))


def _places_that_differ(one: pa.Table, other: pa.Table, periods: int) -> set[int]:
    """Those with other rows in one of two tables, both in order of PLACE."""
    if one.column_names != other.column_names:
        return set(range(periods))
    both = _alike(one, other)
    edges = [np.searchsorted(each[PLACE], np.arange(periods + 1)) for each in both]
    return {
        place
        for place in range(periods)
        if not _cut(both[0], edges[0], place).equals(_cut(both[1], edges[1], place))
    }


def _cut(table: pa.Table, edges: np.ndarray, place: int) -> pa.Table:
    return table.slice(edges[place], edges[place + 1] - edges[place])


def are_equal(one: pa.Table, other: pa.Table) -> bool:
    """Whether two tables say the same, however narrow their integers are and whatever
    their lists of texts.
    """
    if len(one) != len(other) or one.column_names != other.column_names:
        return False
    first, second = _alike(one, other)
    return first.equals(second)


def _alike(one: pa.Table, other: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Two tables with the same types of integers and the same lists of texts."""
    both = (
        pa.concat_tables([one, other], promote_options="permissive")
        .unify_dictionaries()
        .combine_chunks()
    )
    return both.slice(0, len(one)), both.slice(len(one))
