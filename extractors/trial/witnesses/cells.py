"""What the parts of a cast say of the cells of a column."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from extractors.model.schema import Column, TableSchema
from extractors.trial.arrow import dates, type_of
from extractors.trial.days import NEVER
from extractors.trial.dice import Array
from extractors.trial.generic import is_identifier, turn
from extractors.trial.people.draw import People
from extractors.trial.witnesses.casting import Part
from extractors.trial.witnesses.terms import Cell, RowId
from extractors.trial.witnesses.words import texts_of

# identifiers are so far apart; those of witnesses fill the second half
PER_PERSON = 10_000
OTHER_ROWS = 500  # beyond what is drawn for an identifier that rows share
A_FEW_DAYS = 10


@dataclass(frozen=True)
class Said:
    """A column of the rows of a cast, row by row of each part."""

    # NULL where the script leaves it open
    values: pa.Array
    # Whether a part says what the cell holds; else anything will do.
    known: Array


@dataclass(frozen=True)
class Speaker:
    """Says what the rows of a table hold."""

    # of the table
    schema: TableSchema
    # everybody in the records
    people: People
    # Whether identifiers are those of places, which people share.
    shared: bool

    def said(self, column: Column, parts: Sequence[Part]) -> Said:
        values: list[pa.Array] = []
        known: list[Array] = []
        for part in parts:
            for place in range(part.script.rows[self.schema.name]):
                row = RowId(self.schema.name, place)
                cells = self._cell(column, part, Cell(row, column.name))
                many = len(part.patient)
                values.append(pa.nulls(many, plain(column)) if cells is None else cells)
                known.append(np.full(many, cells is not None))
        return Said(pa.concat_arrays(values), np.concatenate(known))

    def _cell(self, column: Column, part: Part, cell: Cell) -> pa.Array | None:
        script, many = part.script, len(part.patient)
        if cell in script.empty:
            return pa.nulls(many, plain(column))
        if cell in script.dates:
            return self._numbers(column, part, part.days(cell))
        if cell in script.words:
            return _texts(column, part, cell)
        if column.type is datetime.date:
            return self._near(column, part, cell)
        if column.type is int and is_identifier(column) and not self.shared:
            own = np.full(many, OTHER_ROWS + cell.row.place, float)
            return self._numbers(column, part, own)
        return None

    def _numbers(self, column: Column, part: Part, values: Array) -> pa.Array:
        if column.type is datetime.date:
            return dates(np.minimum(values, NEVER))
        if column.type is float:
            return pa.array(values, pa.float64())
        whole = values.astype(np.int64)
        if is_identifier(column):
            first = self.people.ids[part.patient] * PER_PERSON + PER_PERSON // 2
            whole = first + whole
        return pa.array(whole, pa.int64())

    def _near(self, column: Column, part: Part, cell: Cell) -> pa.Array | None:
        """Of a date of which nothing is said: some days from one of the same row."""
        said = [c for c in part.script.dates if c.row == cell.row and self._is_date(c)]
        if not said or column.first_of_month:
            return None
        other = min(said, key=lambda c: (turn(c.column), c.column))
        gap = part.rng.integers(0, A_FEW_DAYS, len(part.patient))
        later = turn(column.name) >= turn(other.column)
        return dates(part.days(other) + (gap if later else -gap))

    def _is_date(self, cell: Cell) -> bool:
        return self.schema.column(cell.column).type is datetime.date


def _texts(column: Column, part: Part, cell: Cell) -> pa.Array | None:
    texts = texts_of(column, part.script.words[cell])
    if not texts:
        return None
    chosen = part.rng.integers(0, len(texts), len(part.patient))
    return pa.array([texts[place] for place in chosen], plain(column))


def plain(column: Column) -> pa.DataType:
    """Its type in Arrow, without a dictionary."""
    kind = type_of(column)
    return kind.value_type if pa.types.is_dictionary(kind) else kind
