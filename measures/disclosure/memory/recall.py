"""What the ledger says to the counts of a run: which stay as they were released, and
what has changed since.

One count in four runs, base 8:

    run               true   released
    1                   13         16   rounded under the key; the ledger keeps it
    2                   13         16   the same people, so the same number
    3, a late row       14         16   the number stays, and a warning says so
    4, --revise         14          8   rounded anew; the report marks the row
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from extractors.errors import DisclosureRefused
from measures.counts.columns import PARTS, Part
from measures.counts.types import RawCounts
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.ledger import Memory, OldRows, OldTable, TableId
from measures.disclosure.memory.setting import Setting
from measures.disclosure.tables.families import Ties, tie
from measures.disclosure.tables.layout import (
    Layout,
    TableKey,
    first_of_each,
    lay_out,
)

RECORDS, DEFINITION = "the records", "the definition"
# the columns that say which rows are shown together, in the order of `Shown`
_SHOWN = ["measure", "group_by", "interval_start", "interval_end"]
STAYS, ANEW = "the released numbers stay", "released anew"


@dataclass(frozen=True, order=True)
class Shown:
    """The rows of one measure, by one grouping, in one interval."""

    # the name that the definition gives the measure
    measure: str
    # the names of its groups joined by +, as the ledger writes them; "" for the total
    grouping: str
    # the first day of the interval
    start: date
    # the last day of the interval
    end: date

    @property
    def place(self) -> tuple[str, str, str]:
        return self.measure, self.grouping, f"{self.start}..{self.end}"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Recalled:
    """What a run protects, beside what was released before."""

    # the tables that this run protects
    layout: Layout
    # how they hang together; None: each count is protected by itself
    ties: Ties | None
    # tables that stay as they were
    frozen: Mapping[TableKey, OldTable]
    # where each measure's rows of an interval are
    rows: Mapping[Shown, np.ndarray]
    # the tables that these rows would show
    now: Mapping[Shown, Mapping[Part, TableId]]
    # rows that show other tables than those of `now`, because the definition changed
    kept: Mapping[Shown, OldRows]
    # what is different from what was released, and why
    changed: Mapping[Shown, str]
    # a keyed hash of the true counts of each table
    inputs: Mapping[TableKey, str]
    # the cell of every row, as text
    old_at: np.ndarray


def recall(
    raw: RawCounts, setting: Setting, policy: str, *, tied: bool
) -> Recalled | None:
    """Compare a run with the ledger; None without a structure, when nothing can be
    compared.

    Raises DisclosureRefused if what was released had another policy.
    """
    if setting.structure is None:
        return None
    layout = lay_out(raw, setting.structure, np.ones(len(raw.table), bool))
    rows, now = _rows_shown(raw, layout)
    redefined = {
        shown: old for shown, old in _last(setting, rows) if old.tables != now[shown]
    }
    kept = {} if setting.revise else redefined
    old_at = _cells(layout)
    if kept:
        asked = np.ones(len(raw.table), bool)
        asked[np.concatenate([rows[shown] for shown in kept])] = False
        layout = lay_out(raw, setting.structure, asked)
    ties = tie(layout) if tied else None
    inputs = {key: _input(setting.key, layout, key) for key in layout.tables}
    known = {
        key: setting.memory.tables[key.id][-1]
        for key in layout.tables
        if key.id in setting.memory.tables
    }
    _check_policy(policy, [*known.values(), *_tables_of(setting, kept)])
    other = {key.id for key, old in known.items() if old.input != inputs[key]}
    frozen = {
        key: old
        for key, old in known.items()
        if not (setting.revise and key.id in other)
    }
    changed = {
        shown: RECORDS for shown, ids in now.items() if other & set(ids.values())
    }
    changed |= dict.fromkeys(redefined, DEFINITION)
    return Recalled(
        layout=layout,
        ties=ties,
        frozen=frozen,
        rows=rows,
        now=now,
        kept=kept,
        changed=changed,
        inputs=inputs,
        old_at=old_at,
    )


def _rows_shown(
    raw: RawCounts, layout: Layout
) -> tuple[dict[Shown, np.ndarray], dict[Shown, dict[Part, TableId]]]:
    """Where the rows of every measure and interval are, and the ids of the two tables
    that they show.
    """
    ends = []
    for name in ("interval_start", "interval_end"):
        ends.append(raw.table[name].cast(pa.int32()).to_numpy())
    names = raw.table["measure"].combine_chunks().dictionary_encode()
    groupings = raw.table["group_by"].combine_chunks().dictionary_encode()
    columns = [names.indices.to_numpy(), groupings.indices.to_numpy(), *ends]
    order = np.lexsort(columns[::-1])
    breaks = (
        np.flatnonzero(
            np.any([np.diff(column[order]) != 0 for column in columns], axis=0)
        )
        + 1
    )
    rows: dict[Shown, np.ndarray] = {}
    now: dict[Shown, dict[Part, TableId]] = {}
    parts = np.split(order, breaks) if len(order) else []
    for these, first in zip(
        parts, first_of_each(raw.table, _SHOWN, parts), strict=True
    ):
        shown = Shown(*first)
        rows[shown] = these
        now[shown] = {}
        for part in PARTS:
            table = layout.table_of[part][int(these[0])]
            now[shown][part] = layout.keys[table].id
    return rows, now


def _last(
    setting: Setting, rows: Mapping[Shown, np.ndarray]
) -> Iterator[tuple[Shown, OldRows]]:
    for shown in rows:
        if before := setting.memory.rows.get(shown.place):
            yield shown, before[-1]


def _cells(layout: Layout) -> np.ndarray:
    texts = np.full(layout.rows, "", dtype=object)
    for key, rows in layout.tables_of("denominator"):
        texts[rows] = np.array(layout.cell_texts(key.grouping), dtype=object)[
            layout.cell_of[rows]
        ]
    return texts


def _input(key: Key, layout: Layout, table: TableKey) -> str:
    """A keyed hash of the true counts, for anybody could try out the few values of a
    plain one.

    Cells without anybody are left out: a group that appears later changes nothing about
    earlier intervals.
    """
    counts = layout.tables[table]
    there = np.flatnonzero(counts)
    texts = layout.cell_texts(table.grouping)
    return key.digest(
        "input", table.id, *sorted(f"{texts[i]} {counts[i]}" for i in there)
    ).hex()[:32]


def _tables_of(setting: Setting, kept: Mapping[Shown, OldRows]) -> Iterator[OldTable]:
    for old in kept.values():
        yield from (setting.memory.tables[name][-1] for name in old.tables.values())


def _check_policy(policy: str, olds: list[OldTable]) -> None:
    others = sorted({old.policy for old in olds} - {policy})
    if others:
        raise DisclosureRefused(
            f"Some of these intervals were released under {', '.join(others)}; "
            f"releasing them under {policy} as well would round the same counts in "
            "two ways. Run with the policy they were released under."
        )


def check_key(memory: Memory, key: Key) -> None:
    """Raises DisclosureRefused if another key wrote the last entries of the ledger.

    The key at hand has not sealed what it says then, and two keys would round the same counts in two
    ways.
    """
    last = memory.commits[-1]["key"] if memory.commits else key.id
    if last != key.id:
        raise DisclosureRefused(
            f"The ledger was written with the key {last}, but the key at hand is "
            f"{key.id}. Put the old key back, or say with COHORTFLOW_KEY_FILE where "
            "it lies; no other key goes on with this workspace."
        )
