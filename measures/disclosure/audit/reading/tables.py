"""The tables of all releases: their rows, cells and counts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain

from measures.disclosure.audit.reading.names import Cell, Count, Slot
from measures.disclosure.audit.reading.public import Known, Structure, When, closed
from measures.disclosure.audit.reading.rows import Grouping, Groups, Interval, Row
from measures.disclosure.audit.reading.shapes import Shape, projected


class Tables:
    """`rows`: what was released, by release and interval. Nothing in here knows a
    policy.
    """

    def __init__(self, structure: Structure, rows: Mapping[Slot, Sequence[Row]]):
        self.structure, self.rows = structure, rows
        self._cells: dict[Cell, Cell] = {}
        # asked for some five times per count
        self._whens: dict[tuple[str, Grouping, Interval], When] = {}

    def known(self, row: Row) -> Known:
        return self.structure.measures[row.measure]

    def cell(self, row: Row) -> Cell:
        """Its cell, by the first names of its groups, in their order."""
        key = Cell(row.grouping, row.groups)
        if key not in self._cells:
            named = sorted(
                {self.structure.names[n]: g for n, g in zip(*key, strict=True)}.items()
            )
            self._cells[key] = Cell(
                tuple(name for name, _ in named), tuple(group for _, group in named)
            )
        return self._cells[key]

    def count(self, slot: Slot, part: str, cell: Cell) -> Count:
        asked = (part, cell.grouping, slot.interval)
        when = self._whens.get(asked)
        if when is None:
            when = self._whens[asked] = self.structure.when(*asked)
        return Count(slot.release, when, part, cell)

    @cached_property
    def shapes(self) -> dict[Slot, Shape]:
        """For each slot with rows, in order, what it has in common with all that show
        the same measures.
        """
        found: dict[Slot, Shape] = {}
        made: dict[frozenset[tuple[str, Grouping]], Shape] = {}
        for slot in sorted(slot for slot, rows in self.rows.items() if rows):
            measures = {row.measure: self.cell(row).grouping for row in self.rows[slot]}
            shape = Shape(self.structure, measures, self.groups)
            found[slot] = made.setdefault(frozenset(measures.items()), shape)
        return found

    @cached_property
    def groups(self) -> dict[tuple[str, Grouping], list[Groups]]:
        """The cells of every table: those that a row anywhere has, or that a finer
        table adds up to.

        A row that is missing in one interval only is a count that was not shown, not a 0.
        """
        found: dict[tuple[str, Grouping], set[Groups]] = defaultdict(set)
        for rows in self.rows.values():
            for row in rows:
                cell, known = self.cell(row), self.known(row)
                for part in {known.numerator, known.denominator}:
                    found[part, cell.grouping].add(cell.groups)
        for part, fine in list(found):
            for coarse in closed(
                grouping for other, grouping in list(found) if other == part
            ):
                if set(coarse) < set(fine):
                    found[part, coarse] |= {
                        projected(groups, fine, coarse) for groups in found[part, fine]
                    }
        return {
            table: sorted(groups, key=_nulls_first) for table, groups in found.items()
        }

    @cached_property
    def below_zero(self) -> set[str]:
        """The parts that were shown below 0 anywhere, so that 0 is no bound for
        them.
        """
        found: set[str] = set()
        for row in chain.from_iterable(self.rows.values()):
            for part, count in self.shown(row):
                if count is not None and count < 0:
                    found.add(part)
        return found

    def shown(self, row: Row) -> tuple[tuple[str, int | None], tuple[str, int | None]]:
        """The two counts of a row by their parts."""
        known = self.known(row)
        return (known.denominator, row.denominator), (known.numerator, row.numerator)


def _nulls_first(groups: Groups) -> tuple:
    return tuple((value is not None, value or "") for value in groups)
