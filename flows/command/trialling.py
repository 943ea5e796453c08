"""`cohortflow trial`: made-up records in the way that was asked for, and what was
guessed of them.
"""

import argparse
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from extractors.engine import Engine
from extractors.errors import ArgumentsError, RecordsError
from extractors.model.schema import TableSchema
from extractors.sources.folder import open_folder
from extractors.sources.tables import Tables
from extractors.trial import Manner
from extractors.trial.guesses import guesses, readme
from extractors.trial.people.shape import ENGLAND
from extractors.trial.totals import read_shape
from flows.preparing.prepared import Prepared
from measures.codelists.names import names_by_codes
from measures.study import Study

PATIENT = "patient_id"
# enough for examples; more could be real people's, which a trial must not look like
MOST_PEOPLE = 200
MOST_SAID = 5  # guesses on the console; all are in README.md


@dataclass(frozen=True)
class Asked:
    """What the command was asked for."""

    # the folder to write
    folder: Path
    # of the files: parquet or csv
    form: str = "parquet"
    # whether some rows are damaged
    dirty: bool = False
    # whether tables have columns that the study does not read
    all_columns: bool = False
    # a folder of an author's own rows; empty for none
    examples: str = ""
    # a file of a site's totals; empty for England
    shape: str = ""
    # coded events per patient that the study does not look for
    other_events: int = 0
    # how many processes share the work
    processes: int = 1


def asked_of(words: argparse.Namespace, processes: int) -> Asked:
    """What the words of the command line ask for."""
    return Asked(
        folder=Path(words.folder),
        form=words.form,
        dirty=words.dirty,
        all_columns=words.all_columns,
        examples=words.examples,
        shape=words.shape,
        other_events=words.other_events,
        processes=processes,
    )


def write(prepared: Prepared, asked: Asked) -> list[str]:
    """Write the records; what was guessed."""
    records = prepared.records
    assert records.wishes is not None
    wishes = records.wishes
    if asked.all_columns:
        whole = {need.schema.name: need.schema for need in prepared.plan.needs}
        wishes = replace(
            wishes, tables=tuple(whole[table.name] for table in wishes.tables)
        )
    manner = Manner(
        form=asked.form,
        dirty=asked.dirty,
        shape=read_shape(Path(asked.shape)) if asked.shape else ENGLAND,
        examples=read_examples(Path(asked.examples), wishes.tables)
        if asked.examples
        else {},
    )
    guessed = guesses(wishes, _names(prepared.study), manner)
    manner = replace(manner, readme=readme(records.patients, wishes, guessed, manner))
    replace(records, wishes=wishes).write_to(
        asked.folder,
        other_events=asked.other_events,
        processes=asked.processes,
        manner=manner,
    )
    return guessed


def say(guessed: Sequence[str]) -> None:
    """The last lines of the command."""
    if not guessed:
        return
    print(f"Guessed ({len(guessed)}; README.md in the folder has all):")
    for sentence in guessed[:MOST_SAID]:
        print(f"  {sentence}")
    if len(guessed) > MOST_SAID:
        print(f"  … and {len(guessed) - MOST_SAID} more")


def read_examples(
    folder: Path, tables: Sequence[TableSchema]
) -> Mapping[str, pa.Table]:
    """The rows of those of the tables that the folder has, sorted by patient.

    Raises ArgumentsError if it has none of them, RecordsError for what cannot be read.
    """
    if not folder.is_dir():
        raise ArgumentsError(
            "--from-rows: there is no such folder; name one with a table like "
            f"patients.csv: {folder}"
        )
    place = open_folder(folder)
    source = Tables(place, made_up=True)
    found: dict[str, pa.Table] = {}
    with tempfile.TemporaryDirectory() as spill, Engine(spill=Path(spill)) as engine:
        for schema in tables:
            if schema.name in place.tables:
                found[schema.name] = _rows(engine, source, schema)
    if not found:
        wanted = ", ".join(schema.name for schema in tables)
        raise ArgumentsError(
            f"The folder has none of the tables that the study reads: {wanted}"
            f": {folder}"
        )
    people: set[Any] = set()
    for table in found.values():
        people.update(table.column(PATIENT).unique().to_pylist())
    if not people:
        raise ArgumentsError(
            "The tables in the folder have no rows; write some people's rows into them"
            f": {folder}"
        )
    if len(people) > MOST_PEOPLE:
        raise ArgumentsError(
            f"The tables in the folder have {len(people)} people; examples are written "
            f"by hand, {MOST_PEOPLE} people are the most. Real records are never "
            "multiplied"
            f": {folder}"
        )
    return found


def _rows(engine: Engine, source: Tables, schema: TableSchema) -> pa.Table:
    names = [column.name for column in schema.columns]
    source.check(engine, schema, names)
    columns = ", ".join(f'"{name}"' for name in (PATIENT, *names))
    table = engine.arrow(
        f"SELECT {columns} FROM ({source.relation(engine, schema, names)}) ORDER BY "
        f"{PATIENT}"
    )
    if table.column(PATIENT).null_count:
        raise RecordsError(
            f"{schema.name}: a row of the examples has no {PATIENT}; give each row one."
        )
    return table


def _names(study: Study) -> Mapping[frozenset[str], str]:
    folder = study.path.parent
    return names_by_codes(study.codelists, (folder, *folder.parents[:2], Path.cwd()))
