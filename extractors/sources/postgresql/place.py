"""A PostgreSQL database as a place of tables.

What is wanted is copied into the engine once, in one transaction, and looked through
there as often as need be: the engine spills what does not fit, and the database is left
alone. Only rows that match are copied, so only these are checked.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakKeyDictionary

import pyarrow as pa

from extractors.engine import Engine
from extractors.fingerprint import fingerprint
from extractors.sources.base import State, Table
from extractors.sources.copies import Arriving, take
from extractors.sources.postgresql.address import DatabaseAddress
from extractors.sources.postgresql.catalog import (
    Catalog,
    StoredColumn,
    StoredTable,
    read_catalog,
)
from extractors.sources.postgresql.retrying import READING, again_if_unreachable
from extractors.sources.postgresql.session import Session, session
from extractors.sources.postgresql.state import enter, hold
from extractors.sources.postgresql.wanted import Wanted
from extractors.sql.words import quote

Copies = dict[Wanted, Table]


@dataclass(frozen=True)
class Database:
    """A Place in PostgreSQL. It reads what is wanted at once, when a table is first
    opened, and other tables when they are opened.
    """

    # without the password
    address: DatabaseAddress
    # what is read in one go, so that all of it is of one moment
    wanted: tuple[Wanted, ...] = ()
    # the tables must be as they were then; None where any state will do
    state: State | None = None
    # whether there are rows; otherwise only names and types are there, and a server
    # that is away is asked once
    rows: bool = True
    # the names and types of the database, once they are asked for
    _catalogs: list[Catalog] = field(default_factory=list, compare=False, repr=False)
    # what each engine has read already
    _copies: WeakKeyDictionary[Engine, Copies] = field(
        default_factory=WeakKeyDictionary, compare=False, repr=False
    )

    def __reduce__(self) -> tuple:
        # what was copied stays with its engine
        return type(self), (self.address, self.wanted, self.state, self.rows)

    @property
    def label(self) -> str:
        return self.address.label

    def files(self) -> tuple[Path, ...]:
        return ()

    def names(self, engine: Engine) -> list[str]:
        if not self._catalogs:
            self._copy(engine, self.wanted)
        return sorted(self._catalogs[-1].tables)

    def open(self, engine: Engine, name: str, columns: Sequence[str]) -> Table:
        self._copy(engine, self.wanted)
        copies = self._copies[engine]
        alike = (wanted for wanted in copies if wanted.table.lower() == name.lower())
        wanted = next(
            (each for each in alike if {*columns} <= {*each.columns}),
            Wanted(name, tuple(columns)),
        )
        self._copy(engine, [wanted])
        return copies[wanted]

    def some(self, name: str, columns: Sequence[str], most: int) -> list[tuple]:
        """The different values of some columns in so many rows of a table; NULL for a
        column that it lacks.
        """
        with session(self.address) as opened:
            table = read_catalog(opened).find(name)
            if table is None:
                return []
            found = map(table.column, columns)
            listed = ", ".join(
                f"{each.sql if each else 'NULL'} AS c{at}"
                for at, each in enumerate(found)
            )
            return opened.rows(
                f"SELECT DISTINCT * FROM (SELECT {listed} FROM {table.sql} LIMIT "
                f"{most}) AS part"
            )

    def asking(self, wanted: tuple[Wanted, ...]) -> "Database":
        """The same database, asked for something else."""
        return Database(self.address, wanted)

    def _copy(self, engine: Engine, wanted: Sequence[Wanted]) -> None:
        """Copy what is not there yet. When the connection drops a half-copied table
        begins anew, on a new one.
        """
        copies = self._copies.setdefault(engine, {})
        catalog = self._catalogs[-1] if self._catalogs else None
        missing = [each for each in wanted if each not in copies]
        # others complain of the rest
        if catalog is None or any(catalog.find(each.table) for each in missing):
            again_if_unreachable(
                lambda: self._attempt(engine, wanted, copies),
                READING if self.rows else (),
            )

    def _attempt(
        self, engine: Engine, wanted: Sequence[Wanted], copies: Copies
    ) -> None:
        with session(self.address) as opened:
            catalog = self._enter(opened, wanted)
            # a new session sees a new state, and all tables must be of the same one
            if self.state is None:
                for each in wanted:
                    copies.pop(each, None)
            for each in wanted:
                catalog.check(each.table, self.label)
                stored = catalog.find(each.table)
                if stored and each not in copies:
                    copies[each] = self._copied(engine, opened, each, stored, catalog)
            self._catalogs.append(catalog)

    def _enter(self, opened: Session, wanted: Sequence[Wanted]) -> Catalog:
        if self.state:
            return enter(opened, self.state, self.wanted)
        catalog = read_catalog(opened)
        hold(opened, catalog, wanted)
        return catalog

    def _copied(
        self,
        engine: Engine,
        opened: Session,
        wanted: Wanted,
        stored: StoredTable,
        catalog: Catalog,
    ) -> Table:
        sql, columns = wanted.select(stored, catalog)
        if not self.rows:
            sql = f"{sql} LIMIT 0"
        label = f"{self.label}: {stored.name}"
        name = f"copy {fingerprint(self.address.uri, sql)}"
        take(engine, label, "PostgreSQL", Answer(opened, sql, columns), name)
        relation = quote(name)
        others = {}
        for column in stored.columns:
            if not column.arrow:
                others[column.name] = column.type.upper()
        return Table(
            label=label,
            relation=relation,
            types=engine.types(relation) | others,
            form="PostgreSQL",
            chosen=wanted.chooses(stored, catalog),
        )


class Answer(Arriving):
    """The rows of a query."""

    def __init__(self, opened: Session, sql: str, columns: Sequence[StoredColumn]):
        self._session, self._sql = opened, sql
        fields = [(column.name, column.arrow) for column in columns]
        self._schema = pa.schema(fields or [("nothing", pa.int32())])

    @property
    def schema(self) -> pa.Schema:
        return self._schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        for batch in self._session.batches(self._sql):
            yield pa.RecordBatch.from_arrays(batch.columns, schema=self._schema)
