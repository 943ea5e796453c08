"""The two kinds of counts, kept apart by type: raw ones are true, released ones may be
looked at.
"""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass, field
from functools import cached_property
from typing import Any, NoReturn

import pyarrow as pa

from measures.counts.columns import KEYS, RELEASED
from measures.counts.types import MeasureShape

# Held by `control.py` alone; a test reads the sources of all rooms to see that it stays
# so.
_WITNESS = object()


@dataclass(frozen=True, eq=False, repr=False)
class ReleasedCounts:
    """Counts that passed disclosure control; only `protect` can make one.

    `table`: KEYS, one column per group name, RELEASED; strings dictionary-coded; a
    redacted count is NULL. `reasons`: row by row, why the `numerator` and the
    `denominator` were redacted (NULL: shown). `policy`: its name; `rules`: what it did,
    in plain words. `notes`: what else an output checker should know (JSON values).
    `ranges`: row by row, the least and the most that each true count can be, as a
    reader of the rules knows: `numerator_at_least`, `numerator_at_most` and so on, NULL
    where a redacted one is not known so. `revisions`: what changed after it was
    released, and what became of it. Raises TypeError when made, copied, pickled or
    subclassed anywhere else.
    """

    # KEYS, a column for each group, RELEASED; a redacted count is NULL
    table: pa.Table
    # row by row why a count was redacted; NULL where it is shown
    reasons: pa.Table
    # what each measure is: its kind, groups and intervals
    measures: tuple[MeasureShape, ...]
    # its name
    policy: str
    # what the policy did, in plain words
    rules: tuple[str, ...]
    # row by row the least and the most that each true count can be
    ranges: pa.Table
    # what else an output checker should know, as JSON
    notes: Mapping[str, Any] = field(default_factory=dict)
    # what changed after it was released, and what became of it
    revisions: pa.Table | None = None
    # proof that `protect` makes it; TypeError without
    witness: InitVar[object] = None

    def __post_init__(self, witness: object) -> None:
        if witness is not _WITNESS:
            raise TypeError(
                "Only measures.disclosure.control.protect makes released counts."
            )

    def __init_subclass__(cls) -> None:
        raise TypeError(
            "ReleasedCounts has no subclasses: they could skip disclosure control."
        )

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "Released counts don't travel; pass the raw counts on and protect them "
            "there."
        )

    @cached_property
    def groups(self) -> tuple[str, ...]:
        return tuple(self.table.column_names[len(KEYS) : -len(RELEASED)])

    def __repr__(self) -> str:
        return f"ReleasedCounts({len(self.table)} rows, policy {self.policy})"
