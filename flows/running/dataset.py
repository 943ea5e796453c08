"""Dataset definitions: one row per patient, written to the highly_sensitive shelf and
nowhere else.

Beside it lie its tables of events, with a row for each event of the same patients.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from extractors.cohorts import (
    EVENTS,
    POPULATION,
    cohort_query,
    event_query,
    make_cohort,
    make_events,
    narrow_columns,
    write_narrow,
)
from extractors.engine import Engine
from extractors.planner.plan import Plan
from extractors.snapshot import Snapshot
from extractors.sql.files import copy_to
from extractors.sql.words import quote
from flows.preparing.dataset import COHORT, COHORT_START
from flows.preparing.jobs import Bounds
from flows.running.own_ids import ROWS, with_own_ids
from flows.running.steps import Steps
from flows.running.suspicion import is_suspect
from flows.running.warning import warnings
from flows.state.outcome import Outcome
from flows.workspace.store import whole_file
from flows.workspace.written import look, note_written

AS_COHORT = "rows as a cohort"  # with a space, so no author's table can have this name
COHORT_COLUMNS = (
    "cohort_definition_id",
    "subject_id",
    "cohort_start_date",
    "cohort_end_date",
)
# different strings in a column that is written as categories to Arrow
CATEGORIES = 1_000


def extract_dataset(steps: Steps) -> Outcome:
    """All that a dataset takes. It has no periods and no release: its rows stay on the
    highly_sensitive shelf.
    """
    prepared, places = steps.prepared, steps.prepared.places
    steps.prepare_inputs()
    rows = (prepared.plan, places.columns, places.event_files)
    inputs = (places.snapshot, places.static, places.dataset, steps.all_bounds)
    steps.once(
        "dataset",
        make_dataset,
        *rows,
        *inputs,
        anew=steps.force,
        suspect=is_suspect(prepared),
    )
    steps.progress.period("dataset", ok=True)
    path = prepared.workspace.relative(places.dataset)
    return Outcome(
        prepared.options, (), warnings=tuple(warnings(prepared)), dataset=path
    )


def make_dataset(
    plan: Plan,
    columns: Sequence[str],
    events: Mapping[Path, Mapping[str, str]],
    snapshot: Snapshot,
    static: Path,
    target: Path,
    bounds: Bounds,
    *,
    anew: bool = False,
    suspect: bool = False,
) -> None:
    """Write the rows of the population, unless they are there; the file's ending says
    in which format.

    `events`: the file of each table of events, and of its columns the names of their
    series. A note comes last, by which damage is noticed; `suspect`: every byte is
    looked at.
    """
    note, files = _note(target), {path.name: path for path in (target, *events)}
    if not anew and look(note, target.name, files, thorough=suspect).noted_whole:
        return
    with bounds.engine() as engine:
        snapshot.open(engine)
        snapshot.open_static(engine, static)
        make_cohort(engine, cohort_query(plan, columns, (POPULATION,)), None, ROWS)
        engine.execute(f"ALTER TABLE {quote(ROWS)} DROP COLUMN {quote(POPULATION)}")
        for path, series in events.items():
            make_events(engine, event_query(plan, series).sql, ROWS, EVENTS)
            _write_whole(
                engine,
                with_own_ids(engine, snapshot, EVENTS),
                path,
                ["patient_id", *series],
            )
        _write_whole(
            engine, with_own_ids(engine, snapshot, ROWS), target, ["patient_id"]
        )
    note_written(note, target.name, files)


def _note(target: Path) -> Path:
    """Beside the file, under a name of its own for each format."""
    return target.with_name(f"{target.name}.json")


def _write_whole(engine: Engine, name: str, target: Path, order: Sequence[str]) -> None:
    form = target.name.partition(".")[2]
    with whole_file(target) as beside:
        if form == "parquet":
            write_narrow(engine, name, beside, order=order)
        elif form == "arrow":
            _write_arrow(engine, name, beside, order)
        elif form.endswith(COHORT) and COHORT_START in _columns(engine, name):
            _write_csv(engine, _as_cohort(engine, name), beside, COHORT_COLUMNS, "none")
        else:
            _write_csv(
                engine, name, beside, order, "gzip" if form.endswith("gz") else "none"
            )


def _as_cohort(engine: Engine, name: str) -> str:
    """The rows as OMOP's table `cohort` has them; one without an end ends on its first
    day.
    """
    there = _columns(engine, name)
    number = "cohort_definition_id" if "cohort_definition_id" in there else "1"
    end = (
        f"coalesce(cohort_end_date, {COHORT_START})"
        if "cohort_end_date" in there
        else COHORT_START
    )
    listed = (
        f"{number} AS cohort_definition_id, patient_id AS subject_id, "
        f"{COHORT_START}, {end} AS cohort_end_date"
    )
    rows = f"SELECT {listed} FROM {quote(name)} WHERE {COHORT_START} IS NOT NULL"
    engine.execute(f"CREATE OR REPLACE TEMP TABLE {quote(AS_COHORT)} AS {rows}")
    return AS_COHORT


def _ordered(order: Sequence[str]) -> str:
    return f"ORDER BY {', '.join(map(quote, order))}"


def _columns(engine: Engine, name: str) -> dict[str, str]:
    return {
        name: type_ for name, type_, *_ in engine.execute(f"DESCRIBE {quote(name)}")
    }


def _write_csv(
    engine: Engine, name: str, path: Path, order: Sequence[str], compression: str
) -> None:
    """As ehrQL writes it: T and F, ISO dates, nothing for NULL."""
    columns = [
        f"CASE WHEN {quote(n)} THEN 'T' WHEN NOT {quote(n)} THEN 'F' END AS {quote(n)}"
        if t == "BOOLEAN"
        else quote(n)
        for n, t in _columns(engine, name).items()
    ]
    query = f"SELECT {', '.join(columns)} FROM {quote(name)} {_ordered(order)}"
    engine.execute(
        copy_to(query, path, f"FORMAT csv, HEADER, COMPRESSION {compression}")
    )


def _write_arrow(engine: Engine, table: str, path: Path, order: Sequence[str]) -> None:
    """Streamed in batches; strings of few values as categories, whose list is made
    before.
    """
    for number, (name, type_) in enumerate(_columns(engine, table).items()):
        column, category = quote(name), quote(f"category {number} of {table}")
        distinct = (
            f"SELECT DISTINCT {column} FROM {quote(table)} WHERE {column} IS NOT "
            "NULL ORDER BY 1"
        )
        if (
            type_ == "VARCHAR"
            and 0
            < engine.execute(f"SELECT count(*) FROM ({distinct})")[0][0]
            <= CATEGORIES
        ):
            engine.execute(f"CREATE TYPE {category} AS ENUM ({distinct})")
            engine.execute(f"ALTER TABLE {quote(table)} ALTER {column} TYPE {category}")
    query = f"SELECT {narrow_columns(engine, table)} FROM {quote(table)}"
    batches, schema = (
        engine.batches(f"{query} {_ordered(order)}"),
        engine.arrow(f"{query} LIMIT 0").schema,
    )
    with pa.ipc.new_file(path, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
