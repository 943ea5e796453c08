"""The tables of a database, and how the values of each column arrive."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyarrow as pa

from extractors.errors import RecordsError
from extractors.late import Late
from extractors.sources.schemas import kind_of

if TYPE_CHECKING:
    from sqlglot import exp

    from extractors.sources.adbc.session import Session
else:
    exp = Late("sqlglot.expressions")

SYSTEM = {"information_schema", "pg_catalog", "sys", "performance_schema", "mysql"}
TRIMMED = "rtrim"  # in the place of a cast: without the blanks that pad a text
USUAL = ("main", "public", "dbo", "")  # schemas that go before others


@dataclass(frozen=True)
class StoredColumn:
    """A column by its own name, with the type in which it arrives; `cast` makes it so."""

    name: str
    type: pa.DataType
    cast: str = ""

    @property
    def kind(self) -> str:
        """text, whole, number, date, moment, truth, nothing or other."""
        if pa.types.is_null(self.type):
            return "nothing"
        if pa.types.is_integer(self.type):
            return "whole"
        if pa.types.is_date(self.type):
            return "date"
        if pa.types.is_timestamp(self.type):
            return "moment"
        return {"numbers": "number", "truths": "truth", "text": "text"}.get(kind_of(self.type) or "", "other")

    @property
    def sql(self) -> "exp.Expr":
        column = exp.column(self.name, quoted=True)
        if self.cast == TRIMMED:
            return exp.func(TRIMMED, column)
        return exp.cast(column, self.cast) if self.cast else column


@dataclass(frozen=True)
class StoredTable:
    schema: str
    name: str
    columns: tuple[StoredColumn, ...] = ()

    @property
    def sql(self) -> "exp.Table":
        return exp.table_(self.name, db=self.schema or None, quoted=True)

    def column(self, name: str) -> StoredColumn | None:
        """The column of this name, in whatever letters."""
        return next((column for column in self.columns if column.name.lower() == name.lower()), None)


@dataclass(frozen=True)
class Catalog:
    """The tables by name; each name stands for those of several schemas, without their columns yet."""

    label: str
    tables: dict[str, tuple[str, ...]]

    def find(self, session: "Session", name: str) -> StoredTable | None:
        """A table with its columns. RecordsError if a name may mean several."""
        alike = [own for own in self.tables if own.lower() == name.lower()]
        own = name if name in self.tables else alike[0] if len(alike) == 1 else ""
        if not own:
            return None
        schemas = self.tables[own]
        usual = [schema for schema in USUAL if schema in schemas]
        if len(schemas) > 1 and not usual:
            raise RecordsError(f"{self.label}: table {own} is in several schemas ({', '.join(schemas)}); keep one.")
        table = StoredTable(usual[0] if usual else schemas[0], own)
        return replace(table, columns=tuple(_columns(session, table)))


def read_catalog(session: "Session") -> Catalog:
    found: dict[str, list[str]] = {}
    for schema, table in session.tables():
        if schema.lower() not in SYSTEM and not table.lower().startswith("sqlite_"):
            found.setdefault(table, []).append(schema)
    return Catalog(session.driven.label, {name: tuple(sorted(schemas)) for name, schemas in found.items()})


def _columns(session: "Session", table: StoredTable) -> Iterator[StoredColumn]:
    known = session.columns(table.schema, table.name)
    if known is not None:
        yield from (StoredColumn(*each) for each in known)
        return
    schema = session.schema(exp.select("*").from_(table.sql).limit(0))
    if session.driven.driver != "sqlite":
        yield from (StoredColumn(field.name, field.type) for field in schema)
    elif schema.names:
        yield from _dynamic_columns(session, table, schema.names)


def _dynamic_columns(session: "Session", table: StoredTable, names: list[str]) -> Iterator[StoredColumn]:
    """In SQLite each value has a type of its own; those of a column become one, or it is refused."""
    classes = ("integer", "real", "text", "blob")
    asked = [
        exp.Max(
            this=exp.EQ(this=exp.func("typeof", exp.column(name, quoted=True)), expression=exp.Literal.string(each))
        )
        for name in names
        for each in classes
    ]
    (row,) = session.rows(exp.select(*asked).from_(table.sql))
    for number, name in enumerate(names):
        there = {each for each, has in zip(classes, row[number * 4 : number * 4 + 4], strict=True) if has}
        yield StoredColumn(name, *_one_type(there, session.driven.label, table.name, name))


def _one_type(there: set[str], label: str, table: str, column: str) -> tuple[pa.DataType, str]:
    """An Arrow type for the classes of values in a column, and the cast that makes all of them so."""
    if "blob" in there:
        return pa.binary(), ""
    if {"text", "real"} <= there:
        raise RecordsError(
            f"{label}: {table}: column {column} holds texts and floating point numbers; store it as one of them."
        )
    if "text" in there:
        return pa.string(), "text" if "integer" in there else ""
    if "real" in there:
        return pa.float64(), "double" if "integer" in there else ""
    return pa.int64() if there else pa.null(), ""
