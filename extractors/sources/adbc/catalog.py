"""The tables of a database, and how the values of each column arrive."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain, compress, product
from typing import TYPE_CHECKING

import pyarrow as pa

from extractors.errors import RecordsError
from extractors.late import Late
from extractors.sources.roles import refuse_missing, schema_of
from extractors.sources.schemas import kind_of

if TYPE_CHECKING:
    from sqlglot import exp

    from extractors.sources.adbc.session import Session
else:
    exp = Late("sqlglot.expressions")

SYSTEM = {"information_schema", "pg_catalog", "sys", "performance_schema", "mysql"}
TRIMMED = "rtrim"  # in the place of a cast: without the blanks that pad a text
USUAL = ("main", "public", "dbo", "")  # schemas that go before others
# How `schemas.kind_of` calls a kind -> how a condition does.
KINDS = {"numbers": "number", "truths": "truth", "text": "text"}
CLASSES = ("integer", "real", "text", "blob")  # of values in SQLite


@dataclass(frozen=True)
class StoredColumn:
    """A column of a table."""

    # as the database writes it
    name: str
    # in which its values arrive
    type: pa.DataType
    # what turns a stored value into this type: a type of SQL, or TRIMMED; empty:
    # nothing
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
        return KINDS.get(kind_of(self.type) or "", "other")

    @property
    def sql(self) -> "exp.Expr":
        column = exp.column(self.name, quoted=True)
        if self.cast == TRIMMED:
            return exp.func(TRIMMED, column)
        return exp.cast(column, self.cast) if self.cast else column


@dataclass(frozen=True)
class StoredTable:
    """A table of the database."""

    # empty where the database has no schemas
    schema: str
    # as the database writes it
    name: str
    # in the table's own order
    columns: tuple[StoredColumn, ...] = ()

    @property
    def sql(self) -> "exp.Table":
        return exp.table_(self.name, db=self.schema or None, quoted=True)

    def column(self, name: str) -> StoredColumn | None:
        """The column of this name, in capital or small letters."""
        alike = (each for each in self.columns if each.name.lower() == name.lower())
        return next(alike, None)


@dataclass(frozen=True)
class Catalog:
    """The tables that one transaction sees."""

    # what messages call the database
    label: str
    # table -> the schemas that have a table of this name
    tables: dict[str, tuple[str, ...]]
    # those whose columns are known: to ask for these takes SQLite a scan
    _known: dict[str, StoredTable] = field(
        default_factory=dict, compare=False, repr=False
    )

    def own_name(self, name: str) -> str:
        """A table's name as the database writes it; empty for none, and for several."""
        if name in self.tables:
            return name
        alike = [own for own in self.tables if own.lower() == name.lower()]
        return alike[0] if len(alike) == 1 else ""

    def find(self, session: "Session", name: str) -> StoredTable | None:
        """A table with its columns. RecordsError if several schemas have it."""
        own = self.own_name(name)
        if own and own not in self._known:
            table = StoredTable(self._schema_of(own), own)
            columns = tuple(_columns(session, table))
            self._known[own] = replace(table, columns=columns)
        return self._known.get(own)

    def _schema_of(self, own: str) -> str:
        schemas = self.tables[own]
        usual = [schema for schema in USUAL if schema in schemas]
        if usual:
            return usual[0]
        if len(schemas) > 1:
            listed = ", ".join(schemas)
            raise RecordsError(
                f"{self.label}: table {own} is in several schemas ({listed}); keep one."
            )
        return schemas[0]


def read_catalog(session: "Session") -> Catalog:
    found: dict[str, list[str]] = {}
    for schema, table in session.tables():
        if schema.lower() not in SYSTEM and not table.lower().startswith("sqlite_"):
            found.setdefault(table, []).append(schema)
    driven = session.driven
    refuse_missing(driven.label, driven.roles, set(chain.from_iterable(found.values())))
    tables: dict[str, tuple[str, ...]] = {}
    for name, schemas in found.items():
        named = schema_of(name, schemas, driven.roles)
        # else it is in none of the schemas that the address names for it
        if named != "":
            tables[name] = tuple(sorted(schemas)) if named is None else (named,)
    return Catalog(driven.label, tables)


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


def _dynamic_columns(
    session: "Session",
    table: StoredTable,
    names: list[str],
) -> Iterator[StoredColumn]:
    """In SQLite each value has its own class; a column gets one type, or is refused."""
    asked = [_has_class(name, class_) for name, class_ in product(names, CLASSES)]
    (row,) = session.rows(exp.select(*asked).from_(table.sql))
    there = compress(product(names, CLASSES), row)
    classes: dict[str, set[str]] = {name: set() for name in names}
    for name, class_ in there:
        classes[name].add(class_)
    for name, found in classes.items():
        yield StoredColumn(
            name, *_one_type(found, session.driven.label, table.name, name)
        )


def _has_class(name: str, class_: str) -> "exp.Expr":
    """An aggregate: whether any value of a column is of this class."""
    of_value = exp.func("typeof", exp.column(name, quoted=True))
    return exp.Max(this=exp.EQ(this=of_value, expression=exp.Literal.string(class_)))


def _one_type(
    there: set[str], label: str, table: str, column: str
) -> tuple[pa.DataType, str]:
    """The Arrow type that holds these classes of values, and the cast to it."""
    if "blob" in there:
        return pa.binary(), ""
    if {"text", "real"} <= there:
        raise RecordsError(
            f"{label}: {table}: column {column} holds texts and floating point "
            "numbers; store it as one of them."
        )
    if "text" in there:
        return pa.string(), "text" if "integer" in there else ""
    if "real" in there:
        return pa.float64(), "double" if "integer" in there else ""
    return pa.int64() if there else pa.null(), ""
