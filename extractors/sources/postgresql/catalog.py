"""The tables of a database, as PostgreSQL's own catalogue describes them."""

from dataclasses import dataclass
from itertools import chain

import pyarrow as pa

from extractors.errors import RecordsError
from extractors.sources.postgresql.session import Session
from extractors.sources.roles import refuse_missing, schema_of
from extractors.sql.words import quote

# Of each column: whether its table is on the search path, schema, table, column, type
# (that under a domain), enum.
# Then whether an index is in the order of its values, and how many different ones the
# server thinks there are.
COLUMNS = """
SELECT pg_table_is_visible(c.oid), n.nspname::text, c.relname::text, a.attname::text,
       coalesce(base.typname, t.typname)::text, coalesce(base.typtype, t.typtype) = 'e',
       EXISTS (
           SELECT 1 FROM pg_index i
           JOIN pg_class x ON x.oid = i.indexrelid
           JOIN pg_am m ON m.oid = x.relam AND m.amname = 'btree'
           WHERE i.indrelid = c.oid AND i.indkey[0] = a.attnum AND i.indcollation[0] = a.attcollation
             AND i.indisvalid AND i.indpred IS NULL
       ),
       coalesce((
           SELECT s.n_distinct FROM pg_stats s
           WHERE s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a.attname
           ORDER BY s.inherited DESC LIMIT 1
       ), -1)::float8
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_type base ON base.oid = t.typbasetype
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_%'
ORDER BY n.nspname, c.relname, a.attnum
"""
ARROW = {  # types that arrive as what they are
    "int2": pa.int16(),
    "int4": pa.int32(),
    "int8": pa.int64(),
    "float4": pa.float32(),
    "float8": pa.float64(),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us", "UTC"),
}
TEXTS = {"text", "varchar", "bpchar", "citext", "name", "enum"}
FEW = 1_000_000  # values: to find each by an index takes the server seconds
# numeric has more digits than any type of Arrow's
AS_TEXT = {*TEXTS, "numeric", "uuid"}


@dataclass(frozen=True)
class StoredColumn:
    """A column of a table."""

    # its own name
    name: str
    # PostgreSQL's name of its type (`enum` for all of these)
    type: str
    # its table in SQL, where its different values are few and an index has them in
    # order; else empty
    by_index: str = ""

    @property
    def sql(self) -> str:
        """Its value, in a type that Arrow has. A number is exact, so the zeros behind
        its dot say nothing.
        """
        as_text = f"{quote(self.name)}::text"
        if self.type == "numeric":
            return rf"regexp_replace({as_text}, '\.0*$', '')"
        return as_text if self.type in AS_TEXT else quote(self.name)

    @property
    def arrow(self) -> pa.DataType | None:
        """None for what no table of ours can use (lists, JSON, bytes)."""
        return pa.string() if self.type in AS_TEXT else ARROW.get(self.type)


@dataclass(frozen=True)
class StoredTable:
    """A table or a view of the database."""

    # where it lies
    schema: str
    # as the database has it
    name: str
    # in the table's own order
    columns: tuple[StoredColumn, ...]

    @property
    def sql(self) -> str:
        return f"{quote(self.schema)}.{quote(self.name)}"

    def column(self, name: str) -> StoredColumn | None:
        """The column of this name, in whatever letters."""
        return next(
            (column for column in self.columns if column.name.lower() == name.lower()),
            None,
        )


@dataclass(frozen=True)
class Catalog:
    """The tables by their names; each name stands for one table."""

    # name in lower case -> the table
    tables: dict[str, StoredTable]
    # name -> the schemas that all have such a table, so that none is taken
    doubtful: dict[str, tuple[str, ...]]

    def find(self, name: str) -> StoredTable | None:
        """A table by its name, or else by its name in other letters, if there is one
        such.
        """
        if name in self.tables:
            return self.tables[name]
        alike = []
        for table in self.tables.values():
            if table.name.lower() == name.lower():
                alike.append(table)
        return alike[0] if len(alike) == 1 else None

    def check(self, name: str, label: str) -> None:
        """RecordsError if a name may mean several tables, or a table has two columns of
        one name.
        """
        if name in self.doubtful:
            raise RecordsError(
                f"{label}: table {name} is in several schemas "
                f"({', '.join(self.doubtful[name])}); say which one is meant by the "
                "user's search_path, or in the address: "
                "?options=-csearch_path%3DSCHEMA"
            )
        found = self.find(name)
        lower = [column.name.lower() for column in found.columns] if found else []
        twins = sorted({column for column in lower if lower.count(column) > 1})
        if twins:
            raise RecordsError(
                f"{label}: table {name} has two columns called {', '.join(twins)}; "
                "rename one of them."
            )


def read_catalog(session: Session) -> Catalog:
    """All tables; one on the search path goes before those of the same name
    elsewhere.
    """
    found: dict[str, dict[tuple[bool, str], list[StoredColumn]]] = {}
    for visible, schema, table, column, type_, enum, indexed, different in session.rows(
        COLUMNS
    ):
        columns = found.setdefault(table, {}).setdefault((visible, schema), [])
        few = indexed and not enum and 0 < different <= FEW
        by_index = f"{quote(schema)}.{quote(table)}" if few else ""
        columns.append(StoredColumn(column, "enum" if enum else type_, by_index))
    places_of_all = set(chain.from_iterable(found.values()))
    refuse_missing(
        session.address.label,
        session.address.roles,
        {schema for _, schema in places_of_all},
    )
    tables, doubtful = {}, {}
    for name, places in found.items():
        named = schema_of(name, [schema for _, schema in places], session.address.roles)
        if named == "":
            continue  # in none of the schemas that the address names for it
        meant = [place for place in places if named in (None, place[1])]
        chosen = max(meant)  # True, for visible, is more than False
        tables[name] = StoredTable(chosen[1], name, tuple(places[chosen]))
        if not chosen[0] and len(meant) > 1:
            doubtful[name] = tuple(schema for _, schema in sorted(places))
    return Catalog(tables, doubtful)
