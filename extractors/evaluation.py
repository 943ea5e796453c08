"""Trying a definition on a few hand-written rows, without files.

Goes the whole way of a run: plan, static table, cohort; only the tables are in memory.
"""

import datetime
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from itertools import chain
from typing import Any

import pyarrow as pa

from extractors.cohorts import (
    COHORT,
    EVENTS,
    EVERYONE,
    POPULATION,
    cohort_query,
    event_columns,
    event_query,
    everyone_sql,
    make_cohort,
    make_events,
    make_static,
    static_steps,
)
from extractors.engine import Engine
from extractors.errors import ArgumentsError, RecordsError
from extractors.language.dataset import Dataset, events_of, nodes_of
from extractors.language.frames import declared
from extractors.language.literals import literal
from extractors.model import nodes
from extractors.model.schema import Column, TableSchema
from extractors.model.types import ConceptId
from extractors.planner.ladders import Interval
from extractors.planner.plan import Plan, make_plan
from extractors.sql.words import quote
from extractors.tables import core, tpp

Records = Mapping[str, Sequence[Mapping[str, Any]]]
SHIPPED = (core, tpp)  # whose tables are declared by loading them
ARROW = {
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    datetime.date: pa.date32(),
    ConceptId: pa.int64(),
}


def evaluate(
    dataset: Dataset, records: Records, *, interval: Interval | None = None
) -> list[dict[str, Any]]:
    """The dataset's rows, one dict per patient in the population, in order of
    patient_id.

    `records`: table name -> rows as dicts with `patient_id` and any of the table's
    columns. Tables left out are empty, columns left out are NULL, and tables that the
    definition does not read are not looked at. `interval`: the dates that INTERVAL
    stands for. Dates may be written as ISO strings, too.

    Raises RecordsError for unknown tables and for rows that do not fit their table,
    ArgumentsError for an interval that is none.
    """
    return evaluate_series(nodes_of(dataset), records, interval=interval)


def evaluate_series(
    variables: Mapping[str, nodes.Series],
    records: Records,
    *,
    interval: Interval | None = None,
) -> list[dict[str, Any]]:
    """As `evaluate`, of the variables by name, with the population under the empty
    name.
    """
    series = {(name or POPULATION): node for name, node in variables.items()}
    plan = make_plan(series, (POPULATION,))
    query = cohort_query(plan, tuple(series), (POPULATION,))
    given = _interval(interval)
    if query.query.parameters and given is None:
        raise ArgumentsError(
            "The definition mentions INTERVAL; say for which: evaluate(…, "
            "interval=(start, end))."
        )
    with loaded(plan, records) as engine:
        make_cohort(engine, query, given, COHORT)
        rows = engine.arrow(
            f"SELECT * FROM {quote(COHORT)} ORDER BY patient_id"
        ).to_pylist()
    found: list[dict[str, Any]] = []
    for row in rows:
        found.append({name: value for name, value in row.items() if name != POPULATION})
    return found


def evaluate_events(
    dataset: Dataset, records: Records
) -> dict[str, list[dict[str, Any]]]:
    """The rows of the dataset's tables of events by name, as dicts, in order of
    patient_id and then of their values.

    `records` and errors as for `evaluate`.
    """
    series = {(name or POPULATION): node for name, node in nodes_of(dataset).items()}
    events = events_of(dataset)
    columns = event_columns(events)
    for table, names in columns.items():
        series |= {names[name]: node for name, node in events[table].items()}
    plan = make_plan(series, (POPULATION,))
    own = tuple(name or POPULATION for name in nodes_of(dataset))
    rows = {}
    with loaded(plan, records) as engine:
        make_cohort(engine, cohort_query(plan, own, (POPULATION,)), None, COHORT)
        for table, names in columns.items():
            make_events(engine, event_query(plan, names).sql, COHORT, EVENTS)
            order = ", ".join(["patient_id", *map(quote, names)])
            rows[table] = engine.arrow(
                f"SELECT * FROM {quote(EVENTS)} ORDER BY {order}"
            ).to_pylist()
    return rows


def _interval(pair: Any) -> Interval | None:
    if pair is None:
        return None
    try:
        start, end = (literal(date, datetime.date) for date in pair)
    except (TypeError, ValueError) as error:
        raise ArgumentsError(
            f"An interval is a pair of dates (start, end); {error}."
        ) from None
    return start, end


def loaded(plan: Plan, records: Records) -> Engine:
    """An engine that holds these rows, everyone who may be counted, and the static
    table.
    """
    _refuse_unknown_tables(records, [need.schema.name for need in plan.needs])
    engine = Engine()
    for need in plan.needs:
        engine.register(
            f"{need.schema.name} rows",
            as_arrow(need.schema, records.get(need.schema.name, ())),
        )
        rows = f"SELECT * FROM {quote(f'{need.schema.name} rows')}"
        engine.execute(f"CREATE TABLE {quote(need.schema.name)} AS {rows}")
    engine.execute(f"CREATE TABLE {quote(EVERYONE)} AS {everyone_sql(plan.candidates)}")
    make_static(engine, static_steps(plan))
    return engine


def _refuse_unknown_tables(records: Records, needed: Sequence[str]) -> None:
    """A table that the definition does not read may be there, but not one with an
    unknown name.
    """
    for name in records:
        if name not in declared and name not in needed:
            close = get_close_matches(name, [*needed, *sorted(declared)], n=1)
            hint = (
                f"did you mean {close[0]!r}?"
                if close
                else f"the definition reads {', '.join(needed) or 'none'}"
            )
            raise RecordsError(f"there is no table {name!r}; {hint}")


def as_arrow(schema: TableSchema, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Hand-written rows as an Arrow table; RecordsError for unknown columns and wrong
    types.
    """
    _refuse_unknown(schema, rows)
    ids = pa.array([_patient_id(schema, row) for row in rows], pa.int64())
    if schema.one_row and len(set(ids.to_pylist())) < len(rows):
        raise RecordsError(
            f"{schema.name} has one row per patient, got several rows for one patient"
        )
    columns = {column.name: _values(schema, column, rows) for column in schema.columns}
    return pa.table({"patient_id": ids, **columns})


def _refuse_unknown(schema: TableSchema, rows: Sequence[Mapping[str, Any]]) -> None:
    known = {"patient_id", *(column.name for column in schema.columns)}
    unknown = sorted(set(chain.from_iterable(rows)) - known)
    if unknown:
        raise RecordsError(
            f"{schema.name} has no column {unknown[0]!r}; its columns are "
            f"{', '.join(sorted(known))}"
        )


def _patient_id(schema: TableSchema, row: Mapping[str, Any]) -> int:
    found = row.get("patient_id")
    if type(found) is not int or not -(2**63) <= found < 2**63:
        raise RecordsError(
            f"a row of {schema.name} has no whole number of 64 bits as patient_id"
        )
    return found


def _values(
    schema: TableSchema, column: Column, rows: Sequence[Mapping[str, Any]]
) -> pa.Array:
    try:
        values = [_value(row.get(column.name), column.type) for row in rows]
        return pa.array(values, ARROW.get(column.type, pa.string()))
    except (TypeError, ValueError, OverflowError) as error:
        raise RecordsError(f"{schema.name}, column {column.name}: {error}") from None


def _value(value: Any, of: type) -> Any:
    if value is None or (issubclass(of, str) and isinstance(value, str)):
        return value if value is None else str(value)
    return literal(value, of)
