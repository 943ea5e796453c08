"""Groups that an earlier release named: their names are known, so they stay."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from measures.counts.columns import Part
from measures.counts.structure import people_behind
from measures.counts.types import RawCounts
from measures.disclosure.memory.ledger import Memory, OldTable
from measures.disclosure.memory.recall import Recalled
from measures.disclosure.memory.setting import Setting
from measures.disclosure.memory.vanished import in_order_of_names
from measures.disclosure.tables.layout import cell_text


def named_before(
    raw: RawCounts,
    recalled: Recalled,
    setting: Setting,
    *,
    asked: np.ndarray,
    least: int,
) -> np.ndarray:
    """Of the rows that are `asked` for, those of groups that an earlier release showed
    with `least` or more.
    """
    named = np.zeros(len(raw.table), bool)
    known = _known(setting.memory, least) if asked.any() else {}
    for shown, all_rows in recalled.rows.items():
        texts, rows = known.get(shown.grouping), all_rows[asked[all_rows]]
        if texts:
            named[rows] = [
                text in texts for text in _texts(raw, shown.grouping.split("+"), rows)
            ]
    return named


def _texts(raw: RawCounts, names: Sequence[str], rows: np.ndarray) -> Iterator[str]:
    """The cells of some rows, their values in the order of the names."""
    columns = [raw.table[name].take(rows).to_pylist() for name in names]
    return (cell_text(values) for values in zip(*columns, strict=True))


def _known(memory: Memory, least: int) -> dict[str, set[str]]:
    """By grouping, the cells that were large enough at any time, whatever measure
    showed them.
    """
    found: dict[str, set[str]] = {}
    asked: set[tuple[Any, ...]] = set()
    for (_, grouping, _), generations in memory.rows.items():
        for old in generations:
            table = old.tables[Part.DENOMINATOR]
            if grouping and (grouping, old.groups, table) not in asked:
                asked.add((grouping, old.groups, table))
                cells = in_order_of_names(old.groups, _large(memory, table, least))
                found.setdefault(grouping, set()).update(map(cell_text, cells))
    return found


def _large(memory: Memory, table: str, least: int) -> set[str]:
    """The cells of a denominator that were shown with enough people in any of its
    releases.
    """
    count, rest = table.split("|", 1)
    people = {}
    for each in memory.tables.get(f"{people_behind(count)}|{rest}", ()):
        people[each.release] = each
    found: set[str] = set()
    for old in memory.tables.get(table, ()):
        behind = people.get(old.release, old)
        for cell in old.values:
            if _is_large(old, cell, least) and _is_large(behind, cell, least):
                found.add(cell)
    return found


def _is_large(old: OldTable, cell: str, least: int) -> bool:
    return (
        not old.withheld
        and cell not in old.reasons
        and old.values.get(cell, 0) >= max(least, 2 * old.base)
    )
