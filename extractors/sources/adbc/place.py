"""A database behind an ADBC driver as a place of tables.

What is wanted is read into the engine in one transaction, and known by the hashes of
its rows: they are the same as when the run looked, or the run ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import pyarrow as pa

from extractors.engine import Engine
from extractors.errors import EngineError
from extractors.fingerprint import fingerprint
from extractors.late import Late
from extractors.sources.adbc.catalog import (
    Catalog,
    StoredColumn,
    StoredTable,
    read_catalog,
)
from extractors.sources.adbc.drivers import Driven
from extractors.sources.adbc.pushdown import query
from extractors.sources.adbc.session import Session, session
from extractors.sources.base import State, Table
from extractors.sources.copies import ARRIVING, Arriving, copy_of
from extractors.sources.postgresql import RecordsChanged, Wanted
from extractors.sql.words import quote

if TYPE_CHECKING:
    from sqlglot import exp
else:
    exp = Late("sqlglot.expressions")

FORM = "ADBC"
# SQLite's driver takes the types of all rows from the first: so the first is one of
# ours.
FIRST = {pa.int64(): 0, pa.float64(): 0.5, pa.string(): "", pa.null(): 0}


@dataclass
class Answer(Arriving):
    """The rows of a query, with NULL of any type as text."""

    # the connection that the rows come through
    session: Session
    # what is asked, not yet in the dialect of the database
    query: "exp.Select"
    # of the query, in its order
    columns: Sequence[StoredColumn]

    @property
    def schema(self) -> pa.Schema:
        fields = [
            (column.name, pa.string() if pa.types.is_null(column.type) else column.type)
            for column in self.columns
        ]
        return pa.schema(fields or [("nothing", pa.int64())])

    def batches(self) -> Iterator[pa.RecordBatch]:
        ours = self.session.driven.driver == "sqlite" and bool(self.columns)
        for batch in self.session.batches(self._with_first() if ours else self.query):
            rows = batch.slice(1) if ours else batch
            ours = False
            arrays = [
                pa.nulls(len(rows), field.type)
                if column.type == pa.null()
                else array.cast(field.type)
                for array, column, field in zip(
                    rows.columns, self.columns, self.schema, strict=True
                )
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=self.schema)

    def _with_first(self) -> "exp.Union":
        values = [FIRST[column.type] for column in self.columns]
        literals = [
            exp.Literal.string(v) if isinstance(v, str) else exp.Literal.number(v)
            for v in values
        ]
        return exp.union(exp.select(*literals), self.query, distinct=False)


@dataclass(frozen=True)
class Behind:
    """A Place behind an ADBC driver. It reads what is wanted at once, when a table is
    first opened.
    """

    # the driver, and the address that it gets
    driven: Driven
    # what is read; nothing else of the database leaves it
    wanted: tuple[Wanted, ...] = ()
    # the tables must be as they were then; None where any state will do
    state: State | None = None
    # whether there are rows; otherwise only names and types
    rows: bool = True
    # what each engine has read already
    _copies: WeakKeyDictionary[Engine, dict[Wanted, Table]] = field(
        default_factory=WeakKeyDictionary, compare=False, repr=False
    )
    # the names and types of the database, once they are asked for
    _catalogs: list[Catalog] = field(default_factory=list, compare=False, repr=False)
    # warnings, each said once
    _said: list[str] = field(default_factory=list, compare=False, repr=False)

    def __reduce__(self) -> tuple:
        return type(self), (self.driven, self.wanted, self.state, self.rows)

    @property
    def label(self) -> str:
        return self.driven.label

    def files(self) -> tuple[Path, ...]:
        return ()

    def names(self, engine: Engine) -> list[str]:
        self._read(engine, self.wanted)
        return sorted(self._catalogs[-1].tables)

    def open(self, engine: Engine, name: str, columns: Sequence[str]) -> Table:
        self._read(engine, self.wanted)
        copies = self._copies[engine]
        alike = (wanted for wanted in copies if wanted.table.lower() == name.lower())
        wanted = next(
            (each for each in alike if {*columns} <= {*each.columns}),
            Wanted(name, tuple(columns)),
        )
        self._read(engine, [wanted])
        return copies[wanted]

    def some(self, name: str, columns: Sequence[str], most: int) -> list[tuple]:
        """The different values of some columns in so many rows of a table; NULL for a
        column that it lacks.
        """
        with session(self.driven) as opened:
            table = read_catalog(opened).find(opened, name)
            if table is None:
                return []
            listed = [
                exp.alias_(
                    found.sql if (found := table.column(each)) else exp.null(),
                    f"c{at}",
                    quoted=True,
                )
                for at, each in enumerate(columns)
            ]
            rows = exp.select(*listed).from_(table.sql).limit(most).subquery("part")
            return opened.rows(exp.select("*").from_(rows).distinct())

    def asking(self, wanted: tuple[Wanted, ...]) -> "Behind":
        """The same database, asked for something else."""
        return Behind(self.driven, wanted)

    def _read(self, engine: Engine, wanted: Sequence[Wanted]) -> None:
        """Read what is not there yet; of several tables, in one transaction."""
        copies = self._copies.setdefault(engine, {})
        missing = [each for each in wanted if each not in copies]
        if self._catalogs and not self._has_any(missing):
            return
        with session(self.driven) as opened:
            catalog = read_catalog(opened)
            self._catalogs.append(catalog)
            self._said[:] = opened.warnings()
            for each in missing:
                if table := catalog.find(opened, each.table):
                    copies[each] = self._copied(engine, opened, catalog, each, table)
        if self.state and wanted == self.wanted:
            self._refuse_changed(self.state, _content(engine, copies, wanted))

    def _has_any(self, missing: Sequence[Wanted]) -> bool:
        """Whether the database has one of these tables, as far as is known."""
        return any(self._catalogs[-1].own_name(each.table) for each in missing)

    def _refuse_changed(self, state: State, content: str) -> None:
        if content != state.content:
            raise RecordsChanged(
                f"{self.label}: the records have changed since this run began; start "
                "the run again."
            )

    def _copied(
        self,
        engine: Engine,
        opened: Session,
        catalog: Catalog,
        wanted: Wanted,
        table: StoredTable,
    ) -> Table:
        said, columns = _asked(opened, catalog, wanted, table)
        chosen = said.args.get("where") is not None
        if not self.rows:
            said = said.limit(0)
        label = f"{self.label}: {table.name}"
        answer = Answer(opened, said, columns)
        relation = copy_of(engine, label, FORM, answer, opened.said(said), id(self))
        return Table(
            label=label,
            relation=relation,
            types=engine.types(relation) | _others(table),
            form=FORM,
            chosen=chosen and any(rows.alternatives for rows in wanted.rows),
            said=tuple(self._said),
        )


def look(driven: Driven, wanted: Sequence[Wanted]) -> State:
    """The present state: what is wanted is read once, and nothing of it kept."""
    found = []
    with Engine() as engine, session(driven) as opened:
        catalog = read_catalog(opened)
        for each in wanted:
            if table := catalog.find(opened, each.table):
                said, columns = _asked(opened, catalog, each, table)
                found.append(
                    (each.table, _hashed_stream(engine, Answer(opened, said, columns)))
                )
    return State(fingerprint(found), "")


def _asked(
    opened: Session,
    catalog: Catalog,
    wanted: Wanted,
    table: StoredTable,
) -> tuple["exp.Select", list[StoredColumn]]:
    return query(wanted, table, _concept(opened, catalog, wanted))


def _concept(opened: Session, catalog: Catalog, wanted: Wanted) -> StoredTable | None:
    """The table that explains ids, where codes are looked up in it."""
    return (
        catalog.find(opened, "concept")
        if any(rows.concepts for rows in wanted.rows)
        else None
    )


def _others(table: StoredTable) -> dict[str, str]:
    """The columns that are not asked for, with their types in capital letters."""
    others = [column for column in table.columns if column.kind == "other"]
    return {column.name: str(column.type).upper() for column in others}


def _content(
    engine: Engine, copies: dict[Wanted, Table], wanted: Sequence[Wanted]
) -> str:
    """The fingerprint of what is wanted: names, types, and of the rows their number and
    the sum of their hashes.
    """
    return fingerprint(
        [
            (each.table, _hashed(engine, copies[each].relation))
            for each in wanted
            if each in copies
        ]
    )


def _hashed_stream(engine: Engine, answer: Answer) -> list:
    engine.register(ARRIVING, answer)
    try:
        return _hashed(engine, quote(ARRIVING))
    except EngineError as error:
        raise answer.failure or error from None


def _hashed(engine: Engine, relation: str) -> list:
    types = engine.types(relation)
    row = f"hash({', '.join(map(quote, types))})::HUGEINT"
    asked = f"SELECT count(*), sum({row})::VARCHAR FROM {relation}"
    return [list(types.items()), engine.execute(asked)]
