"""What all intervals have in common that show the same measures: their tables, and how
these hang together.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from measures.disclosure.audit.reading.names import Cell
from measures.disclosure.audit.reading.public import Structure, closed, next_coarser
from measures.disclosure.audit.reading.rows import Grouping, Groups


class Shape:
    """`measures`: with the table that each shows. `groups`: the cells of every table of
    every part.
    """

    def __init__(
        self,
        structure: Structure,
        measures: Mapping[str, Grouping],
        groups: Mapping[tuple[str, Grouping], list[Groups]],
    ):
        self.structure, self.measures, self.groups = structure, measures, groups

    @cached_property
    def parts(self) -> dict[str, tuple[Grouping, ...]]:
        """The series that are counted, with the tables shown or implied of each."""
        found: dict[str, set[Grouping]] = defaultdict(set)
        for measure, grouping in self.measures.items():
            for part in self.structure.parts(measure):
                found[part].add(grouping)
        return {part: closed(found[part]) for part in sorted(found)}

    @cached_property
    def cells(self) -> dict[str, list[Cell]]:
        """The cells of all tables of each part."""
        found: dict[str, list[Cell]] = {}
        for part, tables in self.parts.items():
            cells = found[part] = []
            for grouping in tables:
                cells += [Cell(grouping, each) for each in self.groups[part, grouping]]
        return found

    @cached_property
    def sums(self) -> dict[str, list[tuple[Cell, list[Cell]]]]:
        """By part: every cell with the cells of each next finer table that add up to
        it.
        """
        return {part: list(self._sums(part)) for part in self.parts}

    def _sums(self, part: str) -> Iterator[tuple[Cell, list[Cell]]]:
        tables = self.parts[part]
        for fine in tables:
            for coarse in next_coarser(fine, tables):
                finer: dict[Cell, list[Cell]] = defaultdict(list)
                for groups in self.groups[part, fine]:
                    finer[Cell(coarse, projected(groups, fine, coarse))].append(
                        Cell(fine, groups)
                    )
                yield from finer.items()

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Numerators of people with their denominators of people, where the two
        differ.
        """
        measures = {self.structure.measures[name] for name in self.measures}
        found = set()
        for m in measures:
            if self.structure.is_people(m):
                found.add((m.numerator, m.denominator))
        return sorted(pair for pair in found if pair[0] != pair[1])

    @cached_property
    def containing(self) -> list[tuple[str, str]]:
        """Parts and others that certainly contain them."""
        here = self.parts
        found = set(self.pairs)
        for part in here:
            for outer in self.structure.series[part].within:
                if outer in here:
                    found.add((part, outer))
        return sorted(found)

    @cached_property
    def nested(self) -> list[tuple[str, str, list[Cell]]]:
        """(inner part, outer part, the cells that both have)."""
        found = []
        for inner, outer in self.containing:
            common = set(self.cells[outer])
            cells = [cell for cell in self.cells[inner] if cell in common]
            found.append((inner, outer, cells))
        return found

    @cached_property
    def shown_by(self) -> dict[tuple[str, Grouping], str]:
        """The first measure with each table, or with a finer one that implies it."""
        found = {}
        for part, tables in self.parts.items():
            for table in tables:
                found[part, table] = self._shown_by(part, table)
        return found

    def _shown_by(self, part: str, table: Grouping) -> str:
        having = {
            name: shown
            for name, shown in self.measures.items()
            if part in self.structure.parts(name)
        }
        return min(
            having,
            key=lambda name: (
                having[name] != table,
                not set(table) <= set(having[name]),
                name,
            ),
        )


def projected(groups: Groups, fine: Grouping, coarse: Grouping) -> Groups:
    return tuple(
        value for name, value in zip(fine, groups, strict=True) if name in coarse
    )
