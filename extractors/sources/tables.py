"""Stored tables that are called and shaped as ehrQL calls and shapes them."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from extractors.engine import Engine
from extractors.errors import RecordsError
from extractors.model.schema import Column, TableSchema
from extractors.sources.base import Place, Table
from extractors.sources.checking import check_rows
from extractors.sources.reading import read_columns, select

KEY = Column("patient_id", int)


@dataclass(frozen=True)
class Tables:
    """A Source whose place holds the tables themselves."""

    name: str
    place: Place
    made_up: bool = False

    def files(self) -> tuple[Path, ...]:
        return self.place.files()

    def relation(self, engine: Engine, schema: TableSchema, columns: Sequence[str]) -> str:
        table = self._open(engine, schema.name, columns)
        return select(table, read_columns(table, promised(schema, columns)))

    def check(
        self, engine: Engine, schema: TableSchema, columns: Sequence[str], *, thorough: bool = False
    ) -> list[str]:
        table = self._open(engine, schema.name, columns)
        wanted = promised(schema, columns)
        readings = read_columns(table, wanted)
        return check_rows(engine, table, readings, wanted, one_row=schema.one_row, thorough=thorough)

    def _open(self, engine: Engine, name: str, columns: Sequence[str]) -> Table:
        names = self.place.names(engine)
        if name not in names:
            raise RecordsError(f"There is no table {name} in {self.place.label}{nearest(name, names)}")
        table = self.place.open(engine, name, [KEY.name, *columns])
        _check_names(table, [KEY.name, *columns])
        return table


def promised(schema: TableSchema, columns: Sequence[str]) -> list[Column]:
    """The key and these columns of the schema."""
    return [KEY, *(schema.column(name) for name in columns)]


def nearest(name: str, names: Sequence[str]) -> str:
    """How a message about a missing table ends: the likeliest one, then all that are there."""
    close = get_close_matches(name.lower(), names, n=1)
    hint = f" Did you mean {close[0]}?" if close else ""
    return f"; it has {', '.join(names) or 'none'}.{hint}"


def _check_names(table: Table, columns: Sequence[str]) -> None:
    """A column in other letters would be read as absent, hence NULL, and nobody would notice."""
    spelled = {name.strip().lower(): name for name in table.types}
    wrong = [c for c in columns if c not in table.types and c.lower() in spelled]
    if wrong:
        raise RecordsError(f"{table.label}: the names of these columns must be written exactly so: {', '.join(wrong)}.")
    if KEY.name not in table.types:
        raise RecordsError(
            f"{table.label}: it has no column patient_id; the first row of a table must name its columns."
        )
