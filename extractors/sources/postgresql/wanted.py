"""What is asked of a database: for each table its columns, and a condition that leaves
out what cannot matter.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from extractors.model.schema import stored_names
from extractors.planner.needs import Conjunction, TableNeed
from extractors.sources.postgresql.catalog import Catalog, StoredTable
from extractors.sources.postgresql.pushdown import Coded, Meant, condition
from extractors.sources.promises import KEY
from extractors.sql.words import quote, text


@dataclass(frozen=True)
class Rows:
    """The rows of a stored table that one reader wants."""

    # a row must fulfil all conditions of one of them; empty: every row
    alternatives: tuple[Conjunction, ...] = ()
    # pairs: the name in the definition, the name in the table
    columns: tuple[tuple[str, str], ...] = ()
    # pairs: the name of a code, the columns that hold its concept ids, which table
    # `concept` explains
    concepts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    # a column and the texts that it may hold, in whatever letters; None: no such rule
    also: tuple[str, tuple[str, ...]] | None = None

    def sql(self, table: StoredTable, catalog: Catalog) -> str:
        """The condition in PostgreSQL's words, true for these rows at least; empty if
        it cannot leave out any.
        """
        parts = [
            condition(self.alternatives, self._resolver(table, catalog)),
            self._also(table),
        ]
        return " AND ".join(f"({part})" for part in parts if part)

    def _resolver(self, table: StoredTable, catalog: Catalog) -> Callable[[str], Meant]:
        stored = {name: table.column(own) for name, own in self.columns}
        coded = {name: _coded(ids, table, catalog) for name, ids in self.concepts}
        return lambda name: coded.get(name) or stored.get(name)

    def _also(self, table: StoredTable) -> str:
        column = table.column(self.also[0]) if self.also else None
        if self.also is None or column is None:
            return ""
        return (
            f"lower({column.sql}) IN "
            f"({', '.join(text(each.lower()) for each in self.also[1])})"
        )


def _coded(ids: Iterable[str], table: StoredTable, catalog: Catalog) -> Coded | None:
    """Codes by way of the concept ids in these columns."""
    concept = catalog.find("concept")
    id_, code = (
        concept.column(name) if concept else None
        for name in ("concept_id", "concept_code")
    )
    there = [column for column in map(table.column, ids) if column]
    if concept is None or id_ is None or code is None or not there:
        return None
    lookup = f"SELECT {quote(id_.name)} FROM {concept.sql} WHERE"
    return Coded(
        code, tuple(f"{quote(column.name)} IN ({lookup} {{}})" for column in there)
    )


@dataclass(frozen=True)
class Wanted:
    """What is read of one stored table."""

    # its name
    table: str
    # names of those that are read, as far as the table has them
    columns: tuple[str, ...]
    # a row must be in one of these sets; none means all
    rows: tuple[Rows, ...] = ()

    def condition(self, table: StoredTable, catalog: Catalog) -> str:
        parts = list(dict.fromkeys(rows.sql(table, catalog) for rows in self.rows))
        return " OR ".join(f"({part})" for part in parts) if all(parts) else ""

    def chooses(self, table: StoredTable, catalog: Catalog) -> bool:
        """Whether it leaves out rows by what a definition says."""
        said = any(rows.alternatives for rows in self.rows)
        return said and bool(self.condition(table, catalog))

    def select(self, table: StoredTable, catalog: Catalog) -> tuple[str, list]:
        """A SELECT of what is wanted, and the columns that it gives."""
        given = [
            column
            for column in map(table.column, dict.fromkeys(self.columns))
            if column and column.arrow
        ]
        listed = (
            ", ".join(f"{column.sql} AS {quote(column.name)}" for column in given)
            or "1 AS nothing"
        )
        wanted = self.condition(table, catalog)
        return (
            f"SELECT {listed} FROM {table.sql}{f' WHERE {wanted}' if wanted else ''}",
            given,
        )


def of_tables(needs: Iterable[TableNeed]) -> tuple[Wanted, ...]:
    """What tables in ehrQL's shape are asked for; files that a definition brings along
    are no part of it.
    """
    found: list[Wanted] = []
    for need in needs:
        if not need.schema.file:
            found += [_of_need(name, need) for name in stored_names(need.schema.name)]
    return tuple(found)


def _of_need(name: str, need: TableNeed) -> Wanted:
    names = tuple((column.name, column.name) for column in need.schema.columns)
    rows = (Rows(need.rows, names),) if need.rows else ()
    return Wanted(name, (KEY.name, *need.columns), rows)


def merged(wanted: Sequence[Wanted]) -> tuple[Wanted, ...]:
    """Each table once, with all that is asked of it."""
    known: dict[str, Wanted] = {}
    for each in wanted:
        before = known.get(each.table, each)
        columns = tuple(dict.fromkeys([*before.columns, *each.columns]))
        rows = (*before.rows, *each.rows) if before.rows and each.rows else ()
        known[each.table] = Wanted(each.table, columns, tuple(rows))
    return tuple(known[name] for name in sorted(known))
