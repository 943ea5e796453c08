"""The tables of all releases: their cells, the series they count, and how finer ones add up to coarser."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from measures.disclosure.audit.names import Cell, Count, Slot
from measures.disclosure.audit.rows import Grouping, Groups, Interval, Row
from measures.disclosure.audit.structure import Known, Structure, When, closed, next_coarser


class Tables:
    """`rows`: what was released, by release and interval. Nothing in here knows a policy."""

    def __init__(self, structure: Structure, rows: Mapping[Slot, Sequence[Row]]):
        self.structure, self.rows = structure, rows
        self._cells: dict[Cell, Cell] = {}
        self._whens: dict[tuple[str, Grouping, Interval], When] = {}  # asked for some five times per count

    def known(self, row: Row) -> Known:
        return self.structure.measures[row.measure]

    def cell(self, row: Row) -> Cell:
        """Its cell, by the first names of its groups, in their order."""
        key = Cell(row.grouping, row.groups)
        if key not in self._cells:
            named = sorted({self.structure.names[n]: g for n, g in zip(*key, strict=True)}.items())
            self._cells[key] = Cell(tuple(name for name, _ in named), tuple(group for _, group in named))
        return self._cells[key]

    def count(self, slot: Slot, part: str, cell: Cell) -> Count:
        asked = (part, cell.grouping, slot.interval)
        when = self._whens.get(asked)
        if when is None:
            when = self._whens[asked] = self.structure.when(*asked)
        return Count(slot.release, when, part, cell)

    @cached_property
    def parts(self) -> dict[Slot, dict[str, tuple[Grouping, ...]]]:
        """For each slot the series that are counted in it, with the tables shown or implied of each."""
        found: dict[Slot, dict[str, set[Grouping]]] = defaultdict(lambda: defaultdict(set))
        for slot in self.rows:
            for measure, grouping in self.measures[slot].items():
                for part in self.structure.parts(measure):
                    found[slot][part].add(grouping)
        return {slot: {p: closed(found[slot][p]) for p in sorted(found[slot])} for slot in sorted(found)}

    @cached_property
    def groups(self) -> dict[tuple[str, Grouping], list[Groups]]:
        """The cells of every table: those that a row anywhere has, or that a finer table adds up to.

        A row that is missing in one interval only is a count that nobody told, not a 0.
        """
        found: dict[tuple[str, Grouping], set[Groups]] = defaultdict(set)
        for rows in self.rows.values():
            for row in rows:
                cell, known = self.cell(row), self.known(row)
                for part in {known.numerator, known.denominator}:
                    found[part, cell.grouping].add(cell.groups)
        for part, fine in list(found):
            for coarse in closed(grouping for other, grouping in list(found) if other == part):
                if set(coarse) < set(fine):
                    found[part, coarse] |= {projected(groups, fine, coarse) for groups in found[part, fine]}
        return {table: sorted(groups, key=_nulls_first) for table, groups in found.items()}

    def cells(self, slot: Slot, part: str) -> Iterator[Cell]:
        """The cells of all tables of a part."""
        for grouping in self.parts[slot].get(part, ()):
            yield from (Cell(grouping, groups) for groups in self.groups[part, grouping])

    def sums(self, slot: Slot, part: str) -> Iterator[tuple[Cell, list[Cell]]]:
        """Every cell with the cells of each next finer table that add up to it."""
        tables = self.parts[slot][part]
        for fine in tables:
            for coarse in next_coarser(fine, tables):
                finer: dict[Cell, list[Cell]] = defaultdict(list)
                for groups in self.groups[part, fine]:
                    finer[Cell(coarse, projected(groups, fine, coarse))].append(Cell(fine, groups))
                yield from finer.items()

    @cached_property
    def below_zero(self) -> set[str]:
        """The parts that were shown below 0 anywhere, so that 0 is no bound for them."""
        shown = (pair for rows in self.rows.values() for row in rows for pair in self.shown(row))
        return {part for part, count in shown if count is not None and count < 0}

    def shown(self, row: Row) -> tuple[tuple[str, int | None], tuple[str, int | None]]:
        """The two counts of a row by their parts."""
        known = self.known(row)
        return (known.denominator, row.denominator), (known.numerator, row.numerator)

    def pairs(self, slot: Slot) -> list[tuple[str, str]]:
        """Numerators of people with their denominators of people, where the two differ."""
        measures = {self.structure.measures[name] for name in self.measures[slot]}
        found = {(m.numerator, m.denominator) for m in measures if self.structure.is_people(m)}
        return sorted(pair for pair in found if pair[0] != pair[1])

    def containing(self, slot: Slot) -> list[tuple[str, str]]:
        """Parts and others that certainly contain them."""
        here = self.parts[slot]
        within = {(part, outer) for part in here for outer in self.structure.series[part].within if outer in here}
        return sorted({*within, *self.pairs(slot)})

    @cached_property
    def measures(self) -> dict[Slot, dict[str, Grouping]]:
        """The measures of each slot with the tables they show."""
        return {slot: {row.measure: self.cell(row).grouping for row in rows} for slot, rows in self.rows.items()}

    def shown_by(self, slot: Slot, part: str, grouping: Grouping) -> str:
        """The first measure with this table, or with a finer one that implies it."""
        having = {name: shown for name, shown in self.measures[slot].items() if part in self.structure.parts(name)}
        return min(having, key=lambda name: (having[name] != grouping, not set(grouping) <= set(having[name]), name))


def projected(groups: Groups, fine: Grouping, coarse: Grouping) -> Groups:
    return tuple(value for name, value in zip(fine, groups, strict=True) if name in coarse)


def _nulls_first(groups: Groups) -> tuple:
    return tuple((value is not None, value or "") for value in groups)
