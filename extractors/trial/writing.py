"""From wishes to a folder of Parquet files, a range of patients at a time."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol
from uuid import uuid4
from zlib import crc32

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extractors.errors import ArgumentsError
from extractors.model.schema import Column, TableSchema
from extractors.model.types import is_code
from extractors.trial import persons, spells
from extractors.trial.arrow import Rows, schema_of, type_of
from extractors.trial.days import Span, number
from extractors.trial.dice import Rng, chance
from extractors.trial.events import EventTable, is_event_table
from extractors.trial.generic import Columns, GenericTable
from extractors.trial.people import People, draw_people, found_practices
from extractors.trial.wishes import Wishes

VERSION = "1"  # changes whenever the same arguments would give other records
PATIENTS_AT_ONCE = 100_000  # about 0.3 GB of events for the shape of NHS @Home
ROW_GROUP = 122_880  # DuckDB's own; the unit in which a scan skips
WISHED_INSTEAD = 0.2  # of the codes in a known table, where codes are wished for
KNOWN: Mapping[str, Callable[[Rng, People], Rows]] = {
    "patients": persons.patients,
    "practice_registrations": spells.practice_registrations,
    "addresses": spells.addresses,
    "ethnicity_from_sus": persons.ethnicity_from_sus,
    "ons_deaths": persons.ons_deaths,
}


class Table(Protocol):
    def rows(self, rng: Rng, people: People) -> Rows:
        """The rows of these people: at least the columns that were wished for."""


class KnownTable:
    """A table of facts about people; columns that are not known by name and type are made up."""

    def __init__(self, schema: TableSchema, wishes: Wishes, span: Span, rng: Rng):
        self._draw, self._schema, self._wishes = KNOWN[schema.name], schema, wishes
        self._made_up = {c.name: Columns(schema.name, (c,), wishes, span, rng) for c in schema.columns}

    def rows(self, rng: Rng, people: People) -> Rows:
        patient, known = self._draw(rng, people)
        columns = {}
        for column in self._schema.columns:
            made_up = self._made_up[column.name].draw(rng, people, patient)[column.name]
            fits = column.name in known and known[column.name].type == type_of(column)
            columns[column.name] = self._mixed(rng, column, known[column.name], made_up) if fits else made_up
        return Rows(patient, columns)

    def _mixed(self, rng: Rng, column: Column, known: pa.Array, made_up: pa.Array) -> pa.Array:
        """What is known; among codes, some of those that were wished for."""
        if not (is_code(column.type) and self._wishes.codelists_of(self._schema.name, column.name)):
            return known
        swapped = pc.and_(chance(rng, WISHED_INSTEAD, len(known)), known.is_valid())
        return pc.if_else(swapped, made_up.cast(pa.string()), known.cast(pa.string())).dictionary_encode()


def write_trial(
    folder: Path,
    wishes: Wishes,
    *,
    patients: int,
    seed: int = 0,
    progress: Callable[[int], None] | None = None,
) -> None:
    """Write made-up records of patients 1 to `patients` as a folder of Parquet files.

    Each file is `<table>.parquet`: patient_id (int64, ascending) and the wished columns; dates are
    date32, strings and codes dictionary-encoded. The same arguments give the same bytes. The folder
    is there whole or not at all. `progress` is told the number of patients done so far.

    Raises ArgumentsError if the folder holds anything already, or the arguments make no sense.
    """
    if patients < 0 or seed < 0:
        raise ArgumentsError(f"Patients and seed cannot be negative; got {patients} and {seed}.")
    with whole_folder(Path(folder)) as partial, ExitStack() as stack:
        span = Span(number(wishes.first), number(wishes.last))
        tables = [table_of(schema, wishes, span, seed) for schema in wishes.tables]
        writers = [stack.enter_context(writer_of(partial, schema)) for schema in wishes.tables]
        for people in draw_all(span, patients, seed):
            for schema, table, writer in zip(wishes.tables, tables, writers, strict=True):
                rows = table.rows(source_of_luck(seed, schema.name, int(people.ids[0])), people)
                writer.write_table(arrow_table(schema, people, rows), ROW_GROUP)
            if progress:
                progress(int(people.ids[-1]))


def table_of(schema: TableSchema, wishes: Wishes, span: Span, seed: int) -> Table:
    rng = source_of_luck(seed, schema.name, 0)
    if schema.name in KNOWN:
        return KnownTable(schema, wishes, span, rng)
    if is_event_table(schema):
        return EventTable(schema, wishes, span, rng)
    return GenericTable(schema, wishes, span, rng)


def source_of_luck(seed: int, name: str, first_patient: int) -> Rng:
    """Random numbers that depend on nothing else, so that tables and ranges do not disturb each other."""
    return np.random.default_rng([seed, first_patient, crc32(name.encode())])


def draw_all(span: Span, patients: int, seed: int) -> Iterator[People]:
    practices = found_practices(source_of_luck(seed, "practices", 0), patients)
    for first in range(1, patients + 1, PATIENTS_AT_ONCE):
        ids = np.arange(first, min(first + PATIENTS_AT_ONCE, patients + 1))
        yield draw_people(source_of_luck(seed, "people", first), span, practices, ids)


def arrow_table(schema: TableSchema, people: People, rows: Rows) -> pa.Table:
    names = [column.name for column in schema.columns]
    columns = [people.ids[rows.patient], *(rows.columns[name] for name in names)]
    return pa.Table.from_arrays([pa.array(column) for column in columns], schema=schema_of(schema))


def writer_of(folder: Path, schema: TableSchema) -> pq.ParquetWriter:
    """Only what repeats is dictionary-encoded; the ascending ids are written as differences."""
    fields = schema_of(schema)
    repeating = [field.name for field in fields if not pa.types.is_integer(field.type)]
    numbers = [field.name for field in fields if pa.types.is_integer(field.type)]
    return pq.ParquetWriter(
        folder / f"{schema.name}.parquet",
        fields,
        compression="zstd",
        compression_level=1,
        use_dictionary=repeating,
        column_encoding=dict.fromkeys(numbers, "DELTA_BINARY_PACKED"),
    )


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill beside the wanted one, which gets its name only if all went well."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ArgumentsError(f"{folder} exists already; name a folder that does not, or remove it first.")
    partial = folder.parent / f".{folder.name}.{uuid4().hex}.partial"
    partial.mkdir(parents=True)
    try:
        yield partial
        for path in [*partial.iterdir(), partial]:
            sync(path)
        partial.replace(folder)
        sync(folder.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


def sync(path: Path) -> None:
    """Make sure that a file or folder is on the disk before anything relies on it."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
