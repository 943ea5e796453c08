"""Tables that an author wants to see, of made-up people."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from extractors.cohorts import (
    COHORT,
    EVENTS,
    POPULATION,
    cohort_query,
    event_query,
    make_cohort,
    make_events,
)
from extractors.engine import Engine
from extractors.errors import CohortflowError
from extractors.model import nodes
from extractors.notice import Notice
from extractors.planner.ladders import Interval
from extractors.planner.plan import make_plan
from extractors.sql.words import quote
from flows.trying.counting import Trial
from measures.study import ShownTable

UNSHOWN = "unshown"
EVERYBODY = nodes.Literal(True, bool)
MOST = 1_000  # rows of a table


@dataclass(frozen=True)
class Table:
    """What is shown."""

    # what the author wrote for `show`, or its name
    label: str
    # the names above the rows
    columns: tuple[str, ...]
    # the first ones only
    rows: tuple[tuple[Any, ...], ...]
    # how many rows there are
    all_rows: int

    def as_json(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "columns": self.columns,
            "rows": self.rows,
            "all_rows": self.all_rows,
        }


def tables_of(trial: Trial) -> tuple[list[Table], list[Notice]]:
    """The tables, and what cannot be shown. INTERVAL is the last period."""
    interval = trial.prepared.chosen[-1] if trial.prepared.chosen else None
    tables, doubts = [], []
    for shown in trial.prepared.study.shown:
        try:
            tables.append(_table(trial, shown, interval))
        except CohortflowError as error:
            doubts.append(
                replace(
                    shown.place,
                    message=f"this cannot be shown: {error.message}",
                    kind=UNSHOWN,
                )
            )
    return tables, doubts


def _table(trial: Trial, shown: ShownTable, interval: Interval | None) -> Table:
    of_rows = any(node.domain is not None for node in shown.columns.values())
    if of_rows and any(node.interval for node in nodes.walk(shown.columns.values())):
        raise CohortflowError("its rows depend on INTERVAL; show them of plain dates")
    named = {
        f"shown {number}": node for number, node in enumerate(shown.columns.values())
    }
    plan = make_plan({POPULATION: EVERYBODY, **named}, (POPULATION,))
    with trial.of(replace(trial.prepared, plan=plan, counted=None)).engine() as engine:
        own = (POPULATION,) if of_rows else (POPULATION, *named)
        make_cohort(engine, cohort_query(plan, own, (POPULATION,)), interval, COHORT)
        if of_rows:
            make_events(
                engine,
                event_query(plan, {name: name for name in named}).sql,
                COHORT,
                EVENTS,
            )
        return _read(engine, EVENTS if of_rows else COHORT, shown, named)


def _read(
    engine: Engine, table: str, shown: ShownTable, named: Mapping[str, nodes.Series]
) -> Table:
    listed = ", ".join(["patient_id", *map(quote, named)])
    count = engine.execute(f"SELECT count(*) FROM {quote(table)}")[0][0]
    rows: list[tuple] = []
    for most, order in ((shown.head, "ASC"), (shown.tail, "DESC")):
        by = ", ".join(
            f"{column} {order}" for column in ["patient_id", *map(quote, named)]
        )
        found = engine.execute(
            f"SELECT {listed} FROM {quote(table)} ORDER BY {by} LIMIT {min(most, MOST)}"
        )
        rows += found if order == "ASC" else reversed(found)
    return Table(
        shown.label, ("patient_id", *shown.columns), tuple(map(tuple, rows)), count
    )
