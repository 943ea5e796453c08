"""From wishes to a folder of Parquet files, a range of patients at a time, in several
processes if wished.
"""

import shutil
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from multiprocessing import get_context, resource_tracker
from pathlib import Path
from typing import Protocol
from uuid import uuid4
from zlib import crc32

import numpy as np
import pyarrow as pa

from extractors.disk import sync
from extractors.errors import ArgumentsError
from extractors.late import pc
from extractors.model.schema import Column, TableSchema
from extractors.model.types import is_code
from extractors.trial.arrow import Rows, schema_of, type_of
from extractors.trial.beginnings import existing
from extractors.trial.days import Span, number
from extractors.trial.dice import Rng, chance
from extractors.trial.dirt import dirtied
from extractors.trial.events.table import EventTable, is_event_table
from extractors.trial.examples import Examples, ExampleTable
from extractors.trial.files import ROW_GROUP, writer_of
from extractors.trial.generic import Columns, GenericTable
from extractors.trial.manner import USUAL, Manner
from extractors.trial.people import observed, persons, spells, vaccinations
from extractors.trial.people.draw import People, draw_people
from extractors.trial.people.practices import found_practices
from extractors.trial.wishes import Wishes
from extractors.trial.witnesses.stage import Stage

VERSION = "4"  # changes whenever the same arguments would give other records
# about 0.3 GB of events for the shape of NHS @Home, 0.7 GB with 40 others a patient
PATIENTS_AT_ONCE = 100_000
README = "README.md"
WISHED_INSTEAD = 0.2  # of the codes in a known table, where codes are wished for
KNOWN: Mapping[str, Callable[[Rng, People], Rows]] = {
    "patients": persons.patients,
    "practice_registrations": spells.practice_registrations,
    "addresses": spells.addresses,
    "ethnicity_from_sus": persons.ethnicity_from_sus,
    "ons_deaths": persons.ons_deaths,
    "ons_deaths_raw": persons.ons_deaths,
    "person": observed.person,
    "observation_period": observed.observation_period,
    "death": observed.death,
    "vaccinations": vaccinations.vaccinations,
}


class Table(Protocol):
    def rows(self, rng: Rng, people: People) -> Rows:
        """The rows of these people: at least the columns that were wished for."""


class KnownTable:
    """A table of facts about people; columns that are not known by name and type are
    made up.
    """

    def __init__(self, schema: TableSchema, wishes: Wishes, span: Span, rng: Rng):
        self._draw, self._schema, self._wishes = _drawn_by(schema), schema, wishes
        self._made_up = {
            c.name: Columns(
                table=schema.name,
                columns=(c,),
                wishes=wishes,
                span=span,
                rng=rng,
            )
            for c in schema.columns
        }

    def rows(self, rng: Rng, people: People) -> Rows:
        patient, known = self._draw(rng, people)
        columns = {}
        for column in self._schema.columns:
            made_up = self._made_up[column.name].draw(rng, people, patient)[column.name]
            fits = column.name in known and known[column.name].type == type_of(column)
            columns[column.name] = (
                self._mixed(rng, column, known[column.name], made_up)
                if fits
                else made_up
            )
        return Rows(patient, columns)

    def _mixed(
        self, rng: Rng, column: Column, known: pa.Array, made_up: pa.Array
    ) -> pa.Array:
        """What is known; among codes, some of those that were wished for."""
        wished = self._wishes.codelists_of(self._schema.name, column.name)
        if not wished or not (
            is_code(column.type) or _has_strangers(column, wished, known)
        ):
            return known
        swapped = pc.and_(chance(rng, WISHED_INSTEAD, len(known)), known.is_valid())
        return pc.if_else(
            swapped, made_up.cast(pa.string()), known.cast(pa.string())
        ).dictionary_encode()


def _has_strangers(
    column: Column, wished: Iterable[tuple[str, ...]], known: pa.Array
) -> bool:
    """Whether free words are wished for that are not known here."""
    if column.type is not str or column.categories:
        return False
    usual = set(known.dictionary.to_pylist())
    return any(not usual.issuperset(words) for words in wished)


def _drawn_by(schema: TableSchema) -> Callable[[Rng, People], Rows]:
    """EMIS has the registration with the patient, so there is no other table to agree
    with.
    """
    if any(column.name == "registration_start_date" for column in schema.columns):
        return spells.registered_patients
    return KNOWN[schema.name]


def write_trial(
    folder: Path,
    wishes: Wishes,
    *,
    patients: int,
    seed: int = 0,
    other_events: int = 0,
    processes: int = 1,
    starting: Callable[[], AbstractContextManager[None]] = nullcontext,
    manner: Manner = USUAL,
) -> None:
    """Write made-up records of patients 1 to `patients` as a folder of Parquet files,
    or as the `manner` says.

    Each table is `<table>.parquet` or, of many patients, `<table>/part-0000.parquet`
    and so on, a range of patients each: patient_id (int64, ascending) and the wished
    columns; dates are date32, strings and codes dictionary-encoded. `other_events`:
    about how many coded events a patient has that no codelist asks for. The same
    arguments give the same bytes, however many `processes` share the work. The folder
    is there whole or not at all. `starting` is around the start of processes, which
    would print tracebacks if Ctrl-C met them halfway.

    Raises ArgumentsError if the folder holds anything already, or the arguments make no
    sense.
    """
    if min(patients, seed, other_events) < 0:
        raise ArgumentsError(
            f"Patients, seed and other events cannot be negative; got {patients}, "
            f"{seed} and {other_events}."
        )
    with whole_folder(Path(folder)) as partial:
        order = Order(
            folder=partial,
            wishes=wishes,
            patients=patients,
            seed=seed,
            other_events=other_events,
            at_once=PATIENTS_AT_ONCE,
            manner=manner,
        )
        order.lay_out()
        write_ranges(order, processes, starting)


@dataclass(frozen=True)
class Order:
    """What is to be written where: plain data for other processes."""

    # of the records
    folder: Path
    # of the definition
    wishes: Wishes
    # how many
    patients: int
    # of all dice
    seed: int
    # coded events of a patient that no codelist asks for, on average
    other_events: int
    # patients that one process makes up at a time
    at_once: int
    # which shape the population has, and how dirty the records are
    manner: Manner = USUAL

    @property
    def ranges(self) -> range:
        """The first patient of each range."""
        return range(1, self.patients + 1, self.at_once)

    @property
    def span(self) -> Span:
        return Span(number(self.wishes.first), number(self.wishes.last))

    def path(self, table: str, first: int) -> Path:
        form = self.manner.form
        if len(self.ranges) <= 1:
            return self.folder / f"{table}.{form}"
        return self.folder / table / f"part-{self.ranges.index(first):04}.{form}"

    def lay_out(self) -> None:
        """Folders for parts; without patients, tables without rows."""
        if self.manner.readme:
            (self.folder / README).write_text(self.manner.readme, encoding="utf-8")
        for schema in self.wishes.tables:
            self.path(schema.name, 1).parent.mkdir(exist_ok=True)
            if not self.ranges:
                writer_of(self.path(schema.name, 1), schema).close()


class RangeWriter:
    """Writes any range of an order; what all ranges share is made up once."""

    def __init__(self, order: Order):
        self._order = order
        self._tables = [table_of(order, schema) for schema in order.wishes.tables]
        luck, shape = source_of_luck(order.seed, "practices", 0), order.manner.shape
        self._practices = found_practices(luck, order.patients, shape.regions)
        self._stage = stage_of(order)

    def write(self, first: int) -> None:
        """All tables of the range that begins with this patient."""
        order = self._order
        ids = np.arange(first, min(first + order.at_once, order.patients + 1))
        luck = source_of_luck(order.seed, "people", first)
        people = draw_people(
            luck,
            order.span,
            self._practices,
            ids,
            seed=order.seed,
            shape=order.manner.shape,
        )
        if order.manner.examples:
            people = Examples(order.manner.examples).people(people)
        cast = self._stage.cast(source_of_luck(order.seed, "cast", first), people)
        people = cast.people
        for schema, table in zip(order.wishes.tables, self._tables, strict=True):
            rows = table.rows(source_of_luck(order.seed, schema.name, first), people)
            rows = self._stage.mixed(
                schema.name,
                source_of_luck(order.seed, f"{schema.name} cast", first),
                cast,
                rows,
            )
            rows = existing(schema, rows)
            with writer_of(order.path(schema.name, first), schema) as writer:
                writer.write_table(
                    self._as_written(schema, people, rows, first), ROW_GROUP
                )

    def _as_written(
        self, schema: TableSchema, people: People, rows: Rows, first: int
    ) -> pa.Table:
        table = arrow_table(schema, people, rows)
        if not self._order.manner.dirty:
            return table
        return dirtied(
            source_of_luck(self._order.seed, f"{schema.name} dirt", first),
            schema,
            table,
        )


def write_ranges(
    order: Order, processes: int, starting: Callable[[], AbstractContextManager[None]]
) -> None:
    writer = RangeWriter(order)
    if min(processes, len(order.ranges)) <= 1:
        for first in order.ranges:
            writer.write(first)
        return
    # spawned, because a fork of a process with threads (Arrow's) may hang
    pool = ProcessPoolExecutor(
        processes, get_context("spawn"), initializer=_leave_interrupts
    )
    # when Python starts it, it lets Ctrl-C through again
    resource_tracker.ensure_running()
    try:
        with starting():
            # the writer travels with every range: some 20 MB, 0.05 s of about one
            written = pool.map(writer.write, order.ranges)
        list(written)  # an error is raised where it is asked for
    finally:
        pool.shutdown(cancel_futures=True)


def _leave_interrupts() -> None:
    """Ctrl-C is for the command, which ends its pool."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def table_of(order: Order, schema: TableSchema) -> Table:
    rng, wishes, span = (
        source_of_luck(order.seed, schema.name, 0),
        order.wishes,
        order.span,
    )
    if schema.name in order.manner.examples:
        return ExampleTable(schema, Examples(order.manner.examples))
    if schema.name in KNOWN:
        return KnownTable(schema, wishes, span, rng)
    if is_event_table(schema):
        return EventTable(
            schema=schema,
            wishes=wishes,
            span=span,
            rng=rng,
            other_events=order.other_events,
        )
    return GenericTable(schema, wishes, span, rng)


def stage_of(order: Order) -> Stage:
    spells = []
    for name in KNOWN:
        if name not in ("patients", "person", "death", "vaccinations"):
            spells.append(name)
    wishes = (
        replace(order.wishes, targets=()) if order.manner.examples else order.wishes
    )
    return Stage(wishes, order.span, order.patients, spells)


def source_of_luck(seed: int, name: str, first_patient: int) -> Rng:
    """Random numbers that depend on nothing else, so that tables and ranges do not
    disturb each other.
    """
    return np.random.default_rng([seed, first_patient, crc32(name.encode())])


def arrow_table(schema: TableSchema, people: People, rows: Rows) -> pa.Table:
    names = [column.name for column in schema.columns]
    columns = [people.ids[rows.patient], *(rows.columns[name] for name in names)]
    return pa.Table.from_arrays(
        [pa.array(column) for column in columns], schema=schema_of(schema)
    )


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """A folder to fill beside the wanted one, which gets its name only if all went
    well.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ArgumentsError(
            "The folder exists already; name a folder that does not, or remove it first"
            f": {folder}"
        )
    partial = folder.parent / f".{folder.name}.{uuid4().hex}.partial"
    try:
        partial.mkdir(parents=True)
    except OSError as error:  # said of the folder that was asked for
        raise OSError(error.errno, error.strerror, str(folder)) from None
    try:
        yield partial
        for path in [*partial.rglob("*"), partial]:
            sync(path)
        partial.replace(folder)
        sync(folder.parent)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
