"""A table in one file or many: how DuckDB scans each form without holding it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.parquet

from extractors.engine import Engine
from extractors.errors import EngineError, RecordsError
from extractors.fingerprint import fingerprint, stamp
from extractors.sources.arrow_files import (
    IpcStream,
    read_arrow_schema,
    refuse_unread_types,
    schema_of_all,
)
from extractors.sources.base import Table
from extractors.sources.copies import copy_of
from extractors.sources.csv_files import csv_relation, csv_rows, dialect_of
from extractors.sources.damage import described
from extractors.sources.delta import delta_log, delta_parts, delta_schema, is_delta
from extractors.sources.dialect import Dialect
from extractors.sources.iceberg import IcebergRows, is_iceberg
from extractors.sources.parts import (
    ARROW,
    CSV,
    ENDINGS,
    PARQUET,
    Part,
    ending_of,
    files_below,
    packing_of,
    parts,
    refuse_strangers,
)
from extractors.sources.schemas import Schemas, refuse_mixed, refuse_twins
from extractors.sql.files import FILE, read_parquet
from extractors.sql.words import quote, text

# the type of a column that no definition asks for: its name only helps to say what is
# misspelt
NOT_READ = ""
FOLDER = "/"  # in the place of an ending
# more parts than this, of fewer bytes each, are read into the engine once
MANY, SMALL = 200, 1 << 22


@dataclass(frozen=True)
class TableFile:
    """A table's file, or its folder of parts."""

    # of the file or folder
    path: Path
    # what says the format: .parquet, .csv.gz …
    ending: str

    @property
    def name(self) -> str:
        """The table; Spark and Dask call a folder of parts NAME.parquet."""
        ending = ending_of(self.path.name) if self.ending == FOLDER else self.ending
        return unquote(self.path.name[: len(self.path.name) - len(ending)])

    @property
    def label(self) -> str:
        return self.path.name + (FOLDER if self.ending == FOLDER else "")

    def is_table(self) -> bool:
        """Whether there is anything that may hold rows."""
        return (
            self.ending != FOLDER
            or is_delta(self.path)
            or is_iceberg(self.path)
            or bool(self.parts())
        )

    def parts(self) -> tuple[Part, ...]:
        if self.ending == FOLDER and is_delta(self.path):
            return delta_parts(self.path, self.label)
        return tuple(parts(self.path)) if self.ending == FOLDER else (Part(self.path),)

    def files(self) -> list[Path]:
        """All that the rows come from, and what says so."""
        try:
            if self.ending == FOLDER and is_iceberg(self.path):
                return IcebergRows(self.path, self.label, ()).files()
            log = (
                delta_log(self.path)
                if self.ending == FOLDER and is_delta(self.path)
                else []
            )
            return [*(part.path for part in self.parts()), *log]
        except RecordsError:  # `open` says it, if a definition needs the table
            return files_below(self.path)

    def open(self, engine: Engine, columns: Sequence[str]) -> Table:
        if self.ending == FOLDER and is_iceberg(self.path):
            return _open_iceberg(engine, self, columns)
        found = self.parts()
        if not found:
            return _open_empty(engine, self)
        if self.ending == FOLDER and not is_delta(self.path):
            refuse_strangers(self.label, self.path, found)
        pieces = Pieces(self.label, self.path, found)
        return OPENERS[ENDINGS[ending_of(found[0].path.name)]](engine, pieces, columns)


@dataclass(frozen=True)
class Pieces:
    """The files of a table, all of one form."""

    # of the table, as messages name it
    label: str
    # the folder above the parts, against which their paths are said
    top: Path
    # in the order of their names
    parts: tuple[Part, ...]

    @property
    def paths(self) -> list[Path]:
        return [part.path for part in self.parts]

    def called(self, part: Part) -> str:
        """What messages call a file."""
        below = part.path.relative_to(self.top)
        return self.label + ("" if below == Path() else below.as_posix())

    def keys_beside(self, names: Iterable[str], columns: Sequence[str]) -> list[str]:
        """The wanted columns that no file has and names of folders give."""
        there = {name.lower() for name in names}
        given: set[str] = set()
        for part in self.parts:
            given |= dict(part.keys).keys()
        found: list[str] = []
        for column in columns:
            if column in given and column.lower() not in there:
                found.append(column)
        return found

    def are_many(self) -> bool:
        """Whether opening them takes longer than reading them."""
        if len(self.parts) < MANY:
            return False
        return sum(path.stat().st_size for path in self.paths) < len(self.parts) * SMALL


@dataclass(frozen=True)
class Joined:
    """What the parts of a table have together."""

    # names of columns, in the order in which they first come
    names: tuple[str, ...]
    # whether every part has the same ones, in one order and of one type
    alike: bool


def _open_parquet(engine: Engine, pieces: Pieces, columns: Sequence[str]) -> Table:
    joined = _joined_parquet(pieces, tuple(map(stamp, pieces.paths)), tuple(columns))
    keys = pieces.keys_beside(joined.names, columns)
    # parts may lack columns that others have
    read = read_parquet(pieces.paths, by_name=not joined.alike, file_column=bool(keys))
    relation = _with_keys(engine, pieces, read, keys)
    with described(pieces.label, PARQUET):
        types = engine.types(relation)
    return _kept(
        engine, pieces, columns, _table(pieces, PARQUET, relation, types, types)
    )


def _open_arrow(engine: Engine, pieces: Pieces, columns: Sequence[str]) -> Table:
    schemas = _schemas(pieces, ARROW, read_arrow_schema)
    refuse_mixed(pieces.label, schemas, columns)
    names = _names(schemas)
    wanted = schema_of_all(schemas, columns, pieces.keys_beside(names, columns))
    relation = quote(f"arrow {pieces.top} {wanted.names}")
    try:
        engine.register(
            f"arrow {pieces.top} {wanted.names}", IpcStream(pieces.parts, wanted)
        )
        types = engine.types(relation)
    except EngineError:
        refuse_unread_types(engine, pieces.label, wanted)
        raise
    return _table(pieces, ARROW, relation, names, types)


def _open_csv(engine: Engine, pieces: Pieces, columns: Sequence[str]) -> Table:
    groups: dict[tuple[Dialect, str], list[Part]] = {}
    for part in pieces.parts:
        dialect = dialect_of(engine, part.path, pieces.called(part))
        refuse_twins(pieces.called(part), dialect.names)
        alone = str(part.path) if dialect.slow else ""
        groups.setdefault((dialect, packing_of(part.path.name) + alone), []).append(
            part
        )
    names = _all_names(dialect.names for dialect, _ in groups)
    keys = pieces.keys_beside(names, columns)
    read = [
        _csv_group(
            engine, replace(pieces, parts=tuple(members)), dialect, columns, keys
        )
        for (dialect, _), members in groups.items()
    ]
    relation = (
        read[0]
        if len(read) == 1
        else f"({' UNION ALL BY NAME '.join(f'FROM {each}' for each in read)})"
    )
    types = dict.fromkeys(_wanted((*names, *keys), columns), "VARCHAR")
    return _kept(
        engine, pieces, columns, _table(pieces, CSV, relation, (*names, *keys), types)
    )


def _open_iceberg(engine: Engine, file: TableFile, columns: Sequence[str]) -> Table:
    rows = IcebergRows(file.path, file.label, columns)
    relation = copy_of(
        engine,
        file.label,
        PARQUET,
        rows,
        list(map(stamp, rows.files())),
        rows.schema.names,
    )
    types = dict.fromkeys(rows.names, NOT_READ) | engine.types(relation)
    return Table(label=file.label, relation=relation, types=types, form=PARQUET)


def _open_empty(engine: Engine, file: TableFile) -> Table:
    """A Delta table without a row."""
    relation = f"empty {file.path}"
    engine.register(relation, delta_schema(file.path, file.label).empty_table())
    return Table(
        label=file.label,
        relation=quote(relation),
        types=engine.types(quote(relation)),
        form=PARQUET,
    )


def _csv_group(
    engine: Engine,
    pieces: Pieces,
    dialect: Dialect,
    columns: Sequence[str],
    keys: Sequence[str],
) -> str:
    """What goes behind FROM for parts that are written alike."""
    if not dialect.slow:
        read = csv_relation(pieces.paths, dialect, file_column=bool(keys))
        return _with_keys(engine, pieces, read, keys)
    (part,) = pieces.parts
    read = csv_rows(engine, part.path, pieces.called(part), dialect, columns)
    given = dict(part.keys)
    values = [f", {_literal(given.get(key))} AS {quote(key)}" for key in keys]
    return f"(SELECT *{''.join(values)} FROM {read})"


def _literal(value: str | None) -> str:
    return "CAST(NULL AS VARCHAR)" if value is None else text(value)


def _with_keys(
    engine: Engine, pieces: Pieces, relation: str, keys: Sequence[str]
) -> str:
    """The rows with columns that the names of their folders give."""
    if not keys:
        return relation
    given = [dict(part.keys) for part in pieces.parts]
    listed = ", ".join(f"k.{quote(key)}" for key in keys)
    name = f"keys {fingerprint(pieces.label, list(map(stamp, pieces.paths)), keys)}"
    files = [str(path.absolute()) for path in pieces.paths]
    columns = {FILE: pa.array(files, pa.string())}
    for key in keys:
        columns[key] = pa.array([each.get(key) for each in given], pa.string())
    engine.register(name, pa.table(columns))
    rows = (
        f"{relation} AS r JOIN {quote(name)} AS k ON r.{quote(FILE)} = k.{quote(FILE)}"
    )
    return f"(SELECT r.* EXCLUDE ({quote(FILE)}), {listed} FROM {rows})"


def _kept(
    engine: Engine, pieces: Pieces, columns: Sequence[str], table: Table
) -> Table:
    """A table of many small files as a copy of the wanted columns, for each query would
    open them all.
    """
    if not pieces.are_many():
        return table
    wanted = _wanted(table.types, columns) or list(table.types)[:1]
    query = f"SELECT {', '.join(map(quote, wanted))} FROM {table.relation}"
    stamps = list(map(stamp, pieces.paths))
    return replace(
        table, relation=copy_of(engine, pieces.label, table.form, query, stamps, wanted)
    )


def _table(
    pieces: Pieces,
    form: str,
    relation: str,
    names: Iterable[str],
    types: dict[str, str],
) -> Table:
    return Table(
        label=pieces.label,
        relation=relation,
        types=dict.fromkeys(names, NOT_READ) | types,
        form=form,
        ordered=pieces.top == pieces.parts[0].path,
    )


def _wanted(names: Iterable[str], columns: Sequence[str]) -> list[str]:
    """Those of some names that are wanted, in whatever letters they are written."""
    lowered = {column.lower() for column in columns}
    return [name for name in names if name.lower() in lowered]


@lru_cache(maxsize=8)
def _joined_parquet(
    pieces: Pieces, stamps: tuple[str, ...], columns: tuple[str, ...]
) -> Joined:
    """Read from the end of each file; remembered by `stamps`, which change when a file
    does.
    """
    schemas = _schemas(pieces, PARQUET, pyarrow.parquet.read_schema)
    refuse_mixed(pieces.label, schemas, columns)
    first = next(iter(schemas.values()))
    alike = all(each.equals(first) for each in schemas.values())
    return Joined(_names(schemas), alike)


def _schemas(pieces: Pieces, form: str, read: Callable[[Path], pa.Schema]) -> Schemas:
    """Of every part. Raises RecordsError that names the one that cannot be read."""
    found = {}
    for part in pieces.parts:
        with described(pieces.called(part), form, part.path):
            found[pieces.called(part)] = read(part.path)
    for name, schema in found.items():
        refuse_twins(name, schema.names)
    return found


def _names(schemas: Schemas) -> tuple[str, ...]:
    return _all_names(schema.names for schema in schemas.values())


def _all_names(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Each name once, where it first comes."""
    return tuple(dict.fromkeys(chain.from_iterable(lists)))


OPENERS: dict[str, Callable[[Engine, Pieces, Sequence[str]], Table]] = {
    PARQUET: _open_parquet,
    ARROW: _open_arrow,
    CSV: _open_csv,
}
