"""Rows of raw counts as tables of counts: each table once, however many measures show
it.

A table is one count, by one grouping, at one time. Two measures with the same
denominator show the same table, and so do two intervals that begin on one day if the
count looks at the first day alone. Groups go by the ids of their series, so a table is
another as soon as one of its groups is defined otherwise, and the same under another
name.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from extractors.errors import ensure
from extractors.ranks import places_of
from measures.counts.columns import PARTS
from measures.counts.gathering import shape_of_rows
from measures.counts.structure import KnownMeasure, Structure
from measures.counts.types import MeasureShape, RawCounts

Grouping = tuple[str, ...]
Interval = tuple[date, date]
Cell = tuple[Any, ...]
NOWHERE = -1


class TableKey(NamedTuple):
    """What a table is: two measures or intervals with the same key show the same
    table.
    """

    # the ID of the count
    of: str
    # the ids of its groups, sorted
    grouping: Grouping
    # the first day of the interval; "" if neither the count nor a group moves with it
    start: str
    # the last day of the interval; "" if neither the count nor a group moves with it
    end: str

    @property
    def id(self) -> str:
        return "|".join((self.of, "+".join(self.grouping), self.start, self.end))

    @property
    def time(self) -> str:
        return f"{self.start}..{self.end}"

    @property
    def ends(self) -> tuple[str, str, str]:
        """The count at its time, however it is grouped."""
        return self.of, self.start, self.end


@dataclass(eq=False, repr=False, kw_only=True)
class Layout:
    """All tables behind some rows of raw counts, and where in them each row is."""

    # what the definition says of the measures' counts and groups
    structure: Structure
    # how many rows there are
    rows: int
    # the true counts of each table, one per cell
    tables: dict[TableKey, np.ndarray] = field(default_factory=dict)
    # whom the counts are of: fingerprints, one per cell; 0: no people, or not known,
    # or the count is no people
    people: dict[TableKey, np.ndarray] = field(default_factory=dict)
    # all cells of a grouping, with their numbers
    cells: dict[Grouping, dict[Cell, int]] = field(default_factory=dict)
    # by interval and count, the groupings that it is shown by
    shown: dict[tuple[Interval, str], set[Grouping]] = field(default_factory=dict)
    # the most that one person adds to a count, by the count and its ends
    # (`TableKey.ends`)
    largest: dict[tuple[str, str, str], int] = field(default_factory=dict)
    # the tables that rows show, by number
    keys: list[TableKey] = field(default_factory=list)
    # by column of raw counts, the number of each row's table; NOWHERE: it was not asked
    # for
    table_of: dict[str, np.ndarray] = field(default_factory=dict)
    # the number of each row's cell; NOWHERE: it was not asked for
    cell_of: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    # kept, because it is asked for in every interval: by count and grouping, which ends
    # of the interval a table of them moves with
    _moving: dict[tuple[str, Grouping], set[str]] = field(default_factory=dict)
    # kept likewise: by grouping, its cells as texts in the order of their numbers
    _texts: dict[Grouping, list[str]] = field(default_factory=dict)

    def key(self, count: str, grouping: Grouping, interval: Interval) -> TableKey:
        """The table of a count by a grouping in an interval."""
        moving = self._moving.get((count, grouping))
        if moving is None:
            moving = {*self.structure.counts[count].moves_with, *self.moves(grouping)}
            self._moving[count, grouping] = moving
        start, end = self.ends(interval, moving)
        return TableKey(count, grouping, start, end)

    @staticmethod
    def ends(interval: Interval, ends: Collection[str]) -> tuple[str, str]:
        start, end = interval
        return (
            start.isoformat() if "start" in ends else "",
            end.isoformat() if "end" in ends else "",
        )

    def moves(self, grouping: Grouping) -> set[str]:
        return set(chain.from_iterable(self._group_moves[group] for group in grouping))

    @cached_property
    def _group_moves(self) -> dict[str, Collection[str]]:
        return {group.id: group.moves_with for group in self.structure.groups.values()}

    def ids(self, names: str) -> tuple[str, ...]:
        """The groups of a measure, as "age+sex", by what they are."""
        return tuple(
            self.structure.groups[name].id for name in names.split("+") if name
        )

    def cell_texts(self, grouping: Grouping) -> list[str]:
        """The cells of a grouping as the ledger and the key name them, in their
        order.
        """
        if grouping not in self._texts:
            self._texts[grouping] = [cell_text(cell) for cell in self.cells[grouping]]
        return self._texts[grouping]

    def tables_of(self, part: str) -> Iterator[tuple[TableKey, np.ndarray]]:
        """Each table that a column shows, and the rows it is shown in."""
        numbers = self.table_of.get(part, np.zeros(0, np.int64))
        if not len(numbers):
            return
        order = np.argsort(numbers, kind="stable")
        found, starts = np.unique(numbers[order], return_index=True)
        for number, rows in zip(found, np.split(order, starts[1:]), strict=True):
            if number != NOWHERE:
                yield self.keys[number], rows


def cell_text(cell: Sequence[Any]) -> str:
    return json.dumps(list(cell), default=str, ensure_ascii=False)


def lay_out(raw: RawCounts, structure: Structure, asked: np.ndarray) -> Layout:
    """The tables behind the rows that are `asked` for. CohortflowError if two that must
    agree do not.
    """
    rows = len(raw.table)
    layout = Layout(structure=structure, rows=rows, cell_of=np.full(rows, NOWHERE))
    numbers = np.where(asked, shape_of_rows(raw.table, raw.measures), NOWHERE)
    places = places_of(numbers, len(raw.measures))
    blocks = []
    for shape, mine in zip(raw.measures, places, strict=True):
        blocks.append(_Block(raw, shape, structure, mine))
    for block in blocks:
        layout.cells.setdefault(block.grouping, {})
        for cell in block.combinations:
            layout.cells[block.grouping].setdefault(
                cell, len(layout.cells[block.grouping])
            )
    number_of: dict[TableKey, int] = {}
    for block in blocks:
        block.enter(layout, number_of)
    layout.keys = list(number_of)
    return layout


class _Block:
    """The rows of one measure."""

    def __init__(
        self,
        raw: RawCounts,
        shape: MeasureShape,
        structure: Structure,
        rows: np.ndarray,
    ):
        self.rows = rows
        self.table = raw.table.take(rows)
        self.measure = structure.measures[shape.name]
        names = {structure.groups[name].id: name for name in shape.group_by}
        self.grouping: Grouping = tuple(sorted(names))
        self.combinations, self.combination = _combinations(
            self.table, [names[group] for group in self.grouping]
        )

    def enter(self, layout: Layout, number_of: dict[TableKey, int]) -> None:
        numbers = layout.cells[self.grouping]
        cell = np.array([numbers[c] for c in self.combinations], np.int64)[
            self.combination
        ]
        layout.cell_of[self.rows] = cell
        counts = _columns(self.measure, layout.structure)
        for column in counts:
            layout.table_of.setdefault(column, np.full(layout.rows, NOWHERE))
        columns = {column: self.table[column].to_numpy() for column in counts}
        people = {
            column: self._people(column, count, layout.structure)
            for column, count in counts.items()
        }
        for interval, rows in _by_interval(self.table):
            for column, count in counts.items():
                key = layout.key(count, self.grouping, interval)
                layout.table_of[column][self.rows[rows]] = number_of.setdefault(
                    key, len(number_of)
                )
                layout.shown.setdefault((interval, count), set()).add(self.grouping)
                self._fill(layout, key, cells=cell[rows], counts=columns[column][rows])
                self._fill_people(
                    layout, key, cells=cell[rows], people=people[column][rows]
                )
            self._enter_largest(layout, interval, rows)

    def _enter_largest(
        self, layout: Layout, interval: Interval, rows: np.ndarray
    ) -> None:
        """The most that one person adds to each sum, under all ends that its margins
        have.
        """
        margins = ((), *((name,) for name in self.grouping), self.grouping)
        for part, count in self.measure.counts.items():
            if layout.structure.counts[count].people is None:
                continue
            most = int(self.table[part.largest].to_numpy()[rows].max(initial=0))
            for margin in margins:
                ends = layout.key(count, margin, interval).ends
                layout.largest[ends] = max(most, layout.largest.get(ends, 0))

    def _fill(
        self, layout: Layout, key: TableKey, *, cells: np.ndarray, counts: np.ndarray
    ) -> None:
        values = np.zeros(len(layout.cells[self.grouping]), np.int64)
        values[cells] = counts
        before = layout.tables.setdefault(key, values)
        ensure(
            np.array_equal(before, values),
            "two measures that count the same people do not agree",
        )

    def _people(self, column: str, count: str, structure: Structure) -> np.ndarray:
        """The fingerprints behind a column of counts of people; 0 where they are not
        known.
        """
        part = next(part for part in PARTS if column in (part, part.patients))
        if structure.counts[count].people is not None:
            return np.zeros(len(self.rows), np.uint64)
        return self.table[part.fingerprint].fill_null(0).to_numpy()

    def _fill_people(
        self, layout: Layout, key: TableKey, *, cells: np.ndarray, people: np.ndarray
    ) -> None:
        if key not in layout.people:
            layout.people[key] = np.zeros(len(layout.cells[self.grouping]), np.uint64)
            layout.people[key][cells] = people


def _columns(measure: KnownMeasure, structure: Structure) -> dict[str, str]:
    """The count that each column shows; a sum also brings the people behind it."""
    found: dict[str, str] = {}
    for part in PARTS:
        count = measure.counts[part]
        found[part] = count
        behind = structure.counts[count].people
        if behind is not None:
            found[part.patients] = behind
    return found


def _combinations(
    table: pa.Table, names: Sequence[str]
) -> tuple[list[Cell], np.ndarray]:
    """The distinct combinations of group values, and which one each row has."""
    joint = np.zeros(len(table), np.int64)
    for name in names:
        codes = (
            table[name]
            .combine_chunks()
            .dictionary_encode()
            .indices.fill_null(-1)
            .to_numpy()
            + 1
        )
        joint = np.unique(
            joint * (codes.max(initial=0) + 1) + codes, return_inverse=True
        )[1]
    _, first, combination = np.unique(joint, return_index=True, return_inverse=True)
    columns = [table[name].take(first).to_pylist() for name in names]
    return [
        tuple(column[i] for column in columns) for i in range(len(first))
    ], combination


def _by_interval(table: pa.Table) -> Iterator[tuple[Interval, np.ndarray]]:
    ends = [
        table[name].cast(pa.int32()).to_numpy().astype(np.int64)
        for name in ("interval_start", "interval_end")
    ]
    order = np.lexsort((ends[1], ends[0]))
    changes = np.flatnonzero(np.diff(ends[0][order]) | np.diff(ends[1][order])) + 1
    parts = np.split(order, changes) if len(order) else []
    intervals = first_of_each(table, ["interval_start", "interval_end"], parts)
    yield from zip(intervals, parts, strict=True)


def first_of_each(
    table: pa.Table, names: list[str], parts: Sequence[np.ndarray]
) -> list[tuple]:
    """The values of some columns in the first row of each part.

    All parts are looked up together: a scalar at a time took a tenth of the protection
    of the study that we ship.
    """
    places = [int(rows[0]) for rows in parts]
    firsts = table.select(names).take(pa.array(places, pa.int64()))
    columns = [firsts[name].to_pylist() for name in names]
    return list(zip(*columns, strict=True))
