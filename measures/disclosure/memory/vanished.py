"""Groups that were released and are empty now: they get rows, so that what was
released stays.

People leave records, sometimes all of a small group, and an author draws other bands of
age. Without rows of their own the released numbers of such groups would be gone, and
what is left would not add up to its margins.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pyarrow as pa

from extractors.errors import DisclosureRefused
from extractors.late import pc
from measures.counts.columns import TRUE
from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, RawCounts
from measures.disclosure.memory.setting import Setting
from measures.disclosure.tables.layout import Cell

Groups = tuple[str, ...]  # ids, in the order of the names


def with_vanished(raw: RawCounts, setting: Setting) -> RawCounts:
    """Raw counts in which every group that the ledger has numbers of has its rows, if
    only with 0 people in them.

    Raises DisclosureRefused if the values of a group were of another type when they
    were released.
    """
    if setting.structure is None or not setting.memory.tables:
        return raw
    known, before = setting.memory.cells, setting.memory.groups
    rows = []
    for shape in raw.measures:
        now = tuple(setting.structure.groups[name].id for name in shape.group_by)
        ever = {now, *before.get((shape.name, shape.grouping), ())}
        rows += list(_missing(raw, shape, ever, known))
    return gather([raw.table, *rows], raw.measures, raw.groups) if rows else raw


def _missing(
    raw: RawCounts,
    shape: MeasureShape,
    ever: set[Groups],
    known: Mapping[str, set[str]],
) -> Iterator[pa.Table]:
    """A row of 0 people for each group that a measure lacks; one interval is enough, the
    grid is completed.
    """
    if shape.group_by and shape.intervals:
        cells: set[Cell] = set()
        for groups in ever:
            cells |= {_typed(cell, raw, shape) for cell in _cells(groups, known)}
        for cell in cells - _present(raw, shape):
            yield _row(raw, shape, cell)


def _typed(cell: Cell, raw: RawCounts, shape: MeasureShape) -> Cell:
    """The ledger writes dates as text."""
    types = [raw.groups[name] for name in shape.group_by]
    found = []
    for value, type_ in zip(cell, types, strict=True):
        found.append(_date(value) if pa.types.is_date(type_) else value)
    return tuple(found)


def _date(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):  # it was no date when it was released
        return value


def _cells(groups: Groups, known: Mapping[str, set[str]]) -> Iterator[Cell]:
    return in_order_of_names(groups, known.get("+".join(sorted(set(groups))), ()))


def in_order_of_names(groups: Groups, cells: Iterable[str]) -> Iterator[Cell]:
    """Some cells with their values in the order of the groups' names; the ledger writes
    them in that of the ids.
    """
    order = sorted(set(groups))
    for text in cells:
        values = json.loads(text)
        yield tuple(values[order.index(group)] for group in groups)


def _present(raw: RawCounts, shape: MeasureShape) -> set[Cell]:
    names = list(shape.group_by)
    rows = raw.table.filter(pc.equal(raw.table["group_by"], shape.grouping)).select(
        names
    )
    distinct = rows.group_by(names).aggregate([])
    return set(zip(*(distinct[name].to_pylist() for name in names), strict=True))


def _row(raw: RawCounts, shape: MeasureShape, cell: Sequence[Any]) -> pa.Table:
    start, end = shape.intervals[0]
    keys = {
        "measure": shape.name,
        "interval_start": start,
        "interval_end": end,
        "group_by": shape.grouping,
    }
    values = {
        **keys,
        **dict(zip(shape.group_by, cell, strict=True)),
        **dict.fromkeys(TRUE, 0),
    }
    try:
        return pa.Table.from_pylist([values], schema=raw.table.schema)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        raise DisclosureRefused(
            f"The groups of {shape.name} ({shape.grouping}) had values of another "
            "type when they were released, so the released numbers and new ones "
            "cannot stand in one column. Give the groups that changed a new name."
        ) from None
