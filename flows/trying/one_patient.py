"""The rows of one patient, from the records themselves or from what a run has kept of
them.
"""

from dataclasses import dataclass
from typing import Any

from extractors.engine import Engine
from extractors.errors import ArgumentsError, EngineError
from extractors.planner.needs import TableNeed
from extractors.sources.base import Source
from extractors.sources.ids import keyed, refuse_missing
from extractors.sql.row_conditions import row_condition
from extractors.sql.words import quote, text
from flows.preparing.jobs import Bounds
from flows.preparing.looking import dirt_noted
from flows.preparing.prepared import Prepared

Rows = list[dict[str, Any]]
# of a patient whose id is a text: the tables that are read hold no other patient
NUMBER = 1
LONGEST = 20  # characters of a whole number of 64 bits, with its sign


@dataclass(frozen=True)
class Patient:
    """One patient of the records."""

    # of the source, as the user wrote it
    id: str
    # table -> the rows that the definition may look at
    rows: dict[str, Rows]


def patient_of(prepared: Prepared, bounds: Bounds, patient: str) -> Patient:
    """A patient of the records. Raises ArgumentsError if none has the id, RecordsError
    as a run does.

    A run has kept less than the records hold, so what it kept is read first.
    """
    with bounds.engine() as engine:
        if prepared.places.snapshot.folder.exists():
            return _kept(prepared, engine, patient)
        with dirt_noted(prepared.workspace.dirt):
            return _read(prepared, engine, patient)


def _kept(prepared: Prepared, engine: Engine, patient: str) -> Patient:
    """From the snapshot of a run."""
    snapshot = prepared.places.snapshot
    found = engine.execute(
        f"SELECT patient_id FROM ({snapshot.own_ids}) WHERE id = {text(patient)}"
    )
    if not found:
        raise _unknown(patient)
    snapshot.open(engine)
    condition = f"patient_id = {found[0][0]}"
    rows = {}
    for need in prepared.plan.needs:
        name = need.schema.name
        rows[name] = _select(engine, need, quote(name), condition, "patient_id")
    return Patient(patient, rows)


def _read(prepared: Prepared, engine: Engine, patient: str) -> Patient:
    """From the records: each table is streamed once, and only rows of the patient are
    kept.
    """
    needs = prepared.plan.needs
    source = prepared.records.open()
    refuse_missing(engine, source, needs)
    source = keyed(engine, source, needs)
    condition, number = _named(source, patient)
    rows = {}
    for need in needs:
        rows[need.schema.name] = _rows(engine, source, need, condition, number)
    if not any(rows.values()) and not _is_there(engine, source, needs, condition):
        raise _unknown(patient)
    return Patient(patient, rows)


def _named(source: Source, patient: str) -> tuple[str, str]:
    """The condition that finds a patient, and the number that the rows have as
    `patient_id`.
    """
    if source.ids_are_texts:
        return f"e.patient_id = {text(patient)}", str(NUMBER)
    digits = patient.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(patient) <= LONGEST):
        raise _unknown(patient)
    return f"e.patient_id = {int(patient)}", "patient_id"


def _rows(
    engine: Engine, source: Source, need: TableNeed, condition: str, number: str
) -> Rows:
    """The patient's rows of a table that may matter."""
    if need.rows:
        condition = f"{condition} AND ({row_condition(need.rows)})"
    try:
        relation = source.relation(engine, need.schema, need.columns)
        return _select(engine, need, f"({relation})", condition, number)
    except EngineError:
        # says what is wrong
        source.check(engine, need.schema, need.columns, thorough=True)
        raise


def _select(
    engine: Engine, need: TableNeed, relation: str, condition: str, number: str
) -> Rows:
    columns = ", ".join([f"{number} AS patient_id", *map(quote, need.columns)])
    found = engine.arrow(f"SELECT {columns} FROM {relation} AS e WHERE {condition}")
    return list(found.to_pylist())


def _is_there(
    engine: Engine, source: Source, needs: tuple[TableNeed, ...], condition: str
) -> bool:
    """Whether a patient has a row in one of the tables, though none that may matter."""
    for need in needs:
        relation = source.relation(engine, need.schema, ())
        if engine.execute(f"SELECT 1 FROM ({relation}) AS e WHERE {condition} LIMIT 1"):
            return True
    return False


def _unknown(patient: str) -> ArgumentsError:
    return ArgumentsError(f"There is no patient {patient!r} in the records.")
