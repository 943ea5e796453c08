"""From a plan and its tables to cohorts: one row per patient.

The tables may be views over a snapshot or, for a definition tried on a few rows, tables
in memory.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors.engine import ROW_GROUP, Engine
from extractors.planner.kinds import PERSON, STATIC_TABLE
from extractors.planner.ladders import Interval
from extractors.planner.plan import Plan
from extractors.planner.presence import Candidates
from extractors.sql.people import KEY, NO_SECRET, PeopleKey, packed_sql, with_person_sql
from extractors.sql.query import (
    Query,
    Steps,
    compile_query,
    compile_rows,
    compile_steps,
)
from extractors.sql.tally import Tally, tally_sql
from extractors.sql.words import quote

POPULATION = "in population"  # with a space, so no variable can have this name
COHORT = "cohort of the period"  # with a space, so no author's table can have this name
EVENTS = "rows of events"  # likewise
EVERYONE = "everyone counted"  # with a space, so no author's table can have this name
NARROW = {
    "UTINYINT": (0, 2**8),
    "USMALLINT": (0, 2**16),
    "UINTEGER": (0, 2**32),
    "TINYINT": (-(2**7), 2**7),
    "SMALLINT": (-(2**15), 2**15),
    "INTEGER": (-(2**31), 2**31),
}


@dataclass(frozen=True)
class CohortQuery:
    """What is extracted for a period: names of columns, and the query over the static
    table.
    """

    # names, without `patient_id`
    columns: tuple[str, ...]
    # over the static table
    query: Query


def static_steps(plan: Plan) -> Steps:
    """The static table: one row for everyone who may be counted."""
    return compile_steps(plan.static, base=EVERYONE)


def cohort_query(
    plan: Plan, columns: Sequence[str], populations: Sequence[str]
) -> CohortQuery:
    """The cohort with these named series, of the patients whom any of the populations
    counts.
    """
    series = {name: plan.series[name] for name in columns}
    counted = [
        quote(name) if plan.series[name].type is bool else f"{quote(name)} > 0"
        for name in populations
    ]
    query = compile_query(series, base=STATIC_TABLE, population=" OR ".join(counted))
    return CohortQuery(tuple(columns), query)


def event_columns(events: Mapping[str, Iterable[str]]) -> dict[str, dict[str, str]]:
    """Of each table of events its columns, and the name of each one's series.

    No variable can have such a name: it has a dot.
    """
    found: dict[str, dict[str, str]] = {}
    for table, columns in events.items():
        found[table] = {name: f"{table}.{name}" for name in columns}
    return found


def event_query(plan: Plan, columns: Mapping[str, str]) -> Query:
    """The rows of a table of events, of everybody in the static table; `columns`: name
    -> that of its series.
    """
    return compile_rows(
        {name: plan.series[series] for name, series in columns.items()},
        base=STATIC_TABLE,
    )


def everyone_sql(candidates: Candidates, schema: str = "") -> str:
    """The patients with a row in one of the candidates' tables, in order; no patient
    where no table is mentioned.

    `schema`: that of the tables, with a dot; empty for an engine's own.
    """
    parts = [
        f"SELECT patient_id FROM {schema}{quote(name)}" for name in candidates.tables
    ]
    parts = parts or ["SELECT CAST(NULL AS BIGINT) AS patient_id WHERE FALSE"]
    return (
        f"SELECT DISTINCT patient_id FROM ({' UNION ALL '.join(parts)}) ORDER BY "
        "patient_id"
    )


def make_cohort(
    engine: Engine, cohort: CohortQuery, interval: Interval | None, name: str
) -> None:
    """Run the query of one period and keep its rows as the table `name`."""
    given = (
        {"interval_start": interval[0], "interval_end": interval[1]} if interval else {}
    )
    values = {parameter: given[parameter] for parameter in cohort.query.parameters}
    engine.execute(_made(name, cohort.query.sql), values)


def make_static(
    engine: Engine, steps: Steps, key: PeopleKey = NO_SECRET, own_ids: str = ""
) -> None:
    """Compute the static table with everybody's hash under a key, and keep it under its
    name.

    `own_ids`: a SELECT of the source's own id of every patient_id; empty where they are
    one.
    """
    for statement in steps.first:
        engine.execute(statement)
    made = _made(STATIC_TABLE, with_person_sql(steps.sql, own_ids))
    engine.execute(made, {KEY: key.text})


def _made(name: str, query: str) -> str:
    """A statement that keeps the rows of a query as a table."""
    return f"CREATE OR REPLACE TEMP TABLE {quote(name)} AS {query}"


def make_events(engine: Engine, sql: str, cohort: str, name: str) -> None:
    """Run the query of a table of events and keep the rows of the patients of a cohort
    as the table `name`.
    """
    chosen = f"patient_id IN (SELECT patient_id FROM {quote(cohort)})"
    engine.execute(_made(name, f"SELECT * FROM ({sql}) WHERE {chosen}"))


def write_narrow(
    engine: Engine,
    name: str,
    path: Path,
    *,
    order: Iterable[str] = ("patient_id",),
    row_group: int = ROW_GROUP,
    footer: Mapping[str, str] | None = None,
) -> int:
    """Write a table to Parquet, sorted, its integers as narrow as they fit; the number
    of rows.

    `footer`: what the file's footer says of it.
    """
    by = ", ".join(quote(column) for column in order)
    query = f"SELECT {narrow_columns(engine, name)} FROM {quote(name)} ORDER BY {by}"
    engine.write_parquet(query, path, row_group, footer=footer)
    return engine.execute(f"SELECT count(*) FROM {quote(name)}")[0][0]


def narrow_columns(engine: Engine, name: str, without: Collection[str] = ()) -> str:
    """The columns of a table for a SELECT, its integers as narrow as they fit."""
    described = engine.execute(f"DESCRIBE {quote(name)}")
    types = {column: type_ for column, type_, *_ in described if column not in without}
    narrowed = _narrowed(
        engine,
        name,
        [column for column, type_ in types.items() if type_ in ("BIGINT", "INTEGER")],
    )
    return ", ".join(
        f"CAST({quote(c)} AS {narrowed[c]}) AS {quote(c)}"
        if c in narrowed
        else quote(c)
        for c in types
    )


def _narrowed(engine: Engine, name: str, columns: list[str]) -> dict[str, str]:
    """The narrowest type for each integer column; one scan for all."""
    if not columns:
        return {}
    ends = ", ".join(
        f"min({quote(column)}), max({quote(column)})" for column in columns
    )
    row = engine.execute(f"SELECT {ends} FROM {quote(name)}")[0]
    return {
        column: _narrowest(row[2 * k], row[2 * k + 1])
        for k, column in enumerate(columns)
    }


def _narrowest(low: int | None, high: int | None) -> str:
    low, high = low or 0, high or 0
    return next(
        (
            type_
            for type_, (least, end) in NARROW.items()
            if least <= low and high < end
        ),
        "BIGINT",
    )


def tally_rows(engine: Engine, tally: Tally, cohort: str) -> list[dict[str, Any]]:
    """The counts of a cohort as dicts; columns as `sql.tally.tally_sql` names them.

    The static table must be there: it has everybody's hash, of which fingerprints are
    made.
    """
    return engine.arrow(cohort_tally_sql(tally, cohort)).to_pylist()


def cohort_tally_sql(tally: Tally, cohort: str) -> str:
    """The query of `tally_rows`."""
    packed = f"{packed_sql(quote(PERSON))} AS {quote(PERSON)}"
    person = f"(SELECT patient_id, {packed} FROM {quote(STATIC_TABLE)})"
    return tally_sql(tally, f"({quote(cohort)} JOIN {person} USING (patient_id))")
