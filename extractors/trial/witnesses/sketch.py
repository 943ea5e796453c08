"""A patient in the making: rows, what is known of their cells, and how to take it
back.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from extractors.model import nodes
from extractors.model.schema import Column, TableSchema
from extractors.trial.days import Span, number
from extractors.trial.dice import Array
from extractors.trial.witnesses.goals import Every
from extractors.trial.witnesses.network import at_most, grown, unknown
from extractors.trial.witnesses.terms import ORIGIN, Cell, Line, Operand, RowId
from extractors.trial.witnesses.words import Words, words_of

EARLIEST = number("1900-01-01")
LONGEST_LIFE = 105 * 366
AFTERWARDS = 3 * 366  # days after the span until which a registration may last
MOST_ROWS = 400
PEOPLE = "patients"
BORN = "date_of_birth"
NUMBERS = (int, float, datetime.date)


@dataclass(frozen=True)
class Kept:
    """A rule about every row of a table."""

    # that each row, also of those to come, has to keep
    rule: Every
    # How many rows of the table are known to keep it.
    rows: int


class Sketch:
    """All that is known of one patient; every change can be undone."""

    def __init__(self, span: Span, tables: Mapping[str, TableSchema]):
        self.span, self.tables = span, tables
        self.most: Array = unknown()
        self.variables = 1
        self.rows: dict[str, int] = {}
        # the variables of cells with dates and numbers
        self.dates: dict[Cell, int] = {}
        self.words: dict[Cell, Words] = {}
        self.nulls: dict[Cell, bool] = {}
        self.known: dict[tuple, RowId | Operand] = {}
        self.rules: dict[int, Kept] = {}
        self._trail: list[tuple[dict | None, Any, Any]] = []
        schema = tables.get(PEOPLE)
        if schema is not None and schema.one_row:
            self.rows[PEOPLE] = 1

    # Changes and their undoing --------------------------------------------------------

    def mark(self) -> int:
        return len(self._trail)

    def undo(self, mark: int) -> None:
        while len(self._trail) > mark:
            where, key, old = self._trail.pop()
            if where is None:
                self.most, self.variables = old
            elif old is None:
                del where[key]
            else:
                where[key] = old

    def put(self, where: dict, key: Any, value: Any) -> None:
        self._trail.append((where, key, where.get(key)))
        where[key] = value

    def _network(self, most: Array, variables: int) -> None:
        self._trail.append((None, None, (self.most, self.variables)))
        self.most, self.variables = most, variables

    # Rows -----------------------------------------------------------------------------

    def make(self, table: nodes.Table) -> bool:
        """One more row, where the table may have one."""
        schema = table.schema
        many = self.rows.get(schema.name, 0)
        most = 1 if schema.one_row else MOST_ROWS
        if schema.name not in self.tables or many >= most:
            return False
        self.put(self.rows, schema.name, many + 1)
        return True

    def rows_of(self, table: str) -> list[RowId]:
        return [RowId(table, place) for place in range(self.rows.get(table, 0))]

    # Cells ----------------------------------------------------------------------------

    def column(self, cell: Cell) -> Column:
        return self.tables[cell.row.table].column(cell.column)

    def line(self, cell: Cell) -> Line | None:
        """The variable of a cell with a date or number; None where the cell is
        empty.
        """
        if self.nulls.get(cell):
            return None
        if cell not in self.dates:
            variable = self._variable(self.column(cell), cell)
            self.put(self.dates, cell, variable)
            self.put(self.nulls, cell, False)
        return Line(self.dates[cell], ORIGIN, 0.0, 0.0)

    def word(self, cell: Cell) -> Words | None:
        """What is known of a cell that is not empty; None where it is."""
        if self.nulls.get(cell):
            return None
        if cell not in self.words:
            self.put(self.words, cell, words_of(self.column(cell)))
            self.put(self.nulls, cell, False)
        return self.words[cell]

    def empty(self, cell: Cell) -> bool:
        """The cell has no value, where it may have none."""
        if self.nulls.get(cell) is False or self.column(cell).required:
            return False
        self.put(self.nulls, cell, True)
        return True

    def narrow(self, cell: Cell, words: Words | None) -> bool:
        if words is None:
            return False
        self.put(self.words, cell, words)
        return True

    def differ(self, one: int, other: int, most: float) -> bool:
        """One variable exceeds another by at most so much; False where it cannot."""
        network = at_most(self.most, one, other, most)
        if network is None:
            return False
        if network is not self.most:
            self._network(network, self.variables)
        return True

    def _variable(self, column: Column, cell: Cell) -> int:
        new = self.variables
        most = grown(self.most) if new >= len(self.most) else self.most
        low, high = self._ends(column, cell)
        self._network(most, new + 1)
        if high is not None:
            self.differ(new, ORIGIN, high)
        if low is not None:
            self.differ(ORIGIN, new, -low)
        born = Cell(RowId(PEOPLE, 0), BORN)
        if column.type is datetime.date and born in self.dates:
            self.differ(self.dates[born], new, 0)
        return new

    def _ends(self, column: Column, cell: Cell) -> tuple[float | None, float | None]:
        if column.type is not datetime.date:
            return column.minimum, column.maximum
        if cell.row.table == PEOPLE and cell.column == BORN:
            return self.span.first - LONGEST_LIFE, self.span.last
        return EARLIEST, self.span.last + AFTERWARDS

    def reach(self, line: Line) -> tuple[float, float]:
        """The least and the most that a line can be."""
        low = line.low - self.most[line.minus, line.plus]
        return low, line.high + self.most[line.plus, line.minus]
