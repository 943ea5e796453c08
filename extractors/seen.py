"""Series, frames and datasets as tables of a few people: made up on the spot, or
written by hand.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow.parquet as pq

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
from extractors.evaluation import Records, loaded
from extractors.language.dataset import Dataset, events_of
from extractors.language.showing import HEAD, Shown, View, columns_of
from extractors.model import nodes
from extractors.model.rewriting import renewed, rewrite
from extractors.model.types import name_of
from extractors.planner.plan import Plan, make_plan
from extractors.sql.words import quote
from extractors.trial.definition import wishes_of
from extractors.trial.interest import span_of_interest
from extractors.trial.wishes import Target
from extractors.trial.writing import write_trial

PEOPLE = 200  # made up for a table; enough for a rare value to be among them
# the period of INTERVAL where the author names none
MONTH = (datetime.date(2022, 5, 1), datetime.date(2022, 5, 31))
EVERYBODY = nodes.Literal(True, bool)
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """Rows of some people."""

    # what is shown, as the author wrote it
    title: str
    # with its type
    columns: tuple[str, ...]
    # name -> value of each
    rows: tuple[Row, ...]
    # what is said below
    note: str


def html_of(element: Any) -> str:
    """An element of a definition as HTML; what cannot be shown is said in words."""
    try:
        return "".join(
            html_table(table)
            for table in tables_of(_view(element), _population(element))
        )
    except CohortflowError as error:
        return f"<p>{escape(error.message)}</p>"


def _view(element: Any) -> View:
    """What is shown of it: what has a value for each row is a table of its own."""
    if isinstance(element, View):
        return element
    people: dict[str, nodes.Series] = {}
    rows: dict[str, nodes.Series] = {}
    for name, node in columns_of(element).items():
        part = people if node.domain is None else rows
        part[name] = node
    tables = [Shown("", part, HEAD, 0) for part in (people, rows) if part]
    if isinstance(element, Dataset):
        tables += [
            Shown(name, columns, HEAD, 0)
            for name, columns in events_of(element).items()
        ]
    return View(tuple(tables))


def _population(element: Any) -> nodes.Series:
    """Who is shown."""
    found = element._population if isinstance(element, Dataset) else None
    return found if found is not None else EVERYBODY


def tables_of(view: View, population: nodes.Series = EVERYBODY) -> list[Table]:
    """The tables of what is to be shown. Raises RecordsError for hand-written rows that
    do not fit.
    """
    return [_table(shown, population, view.records) for shown in view.tables]


def _table(shown: Shown, population: nodes.Series, records: Records | None) -> Table:
    roots = [population, *shown.columns.values()]
    moves = any(node.interval for node in nodes.walk(roots))
    population, *series = in_month(roots)
    named = {f"shown {number}": node for number, node in enumerate(series)}
    plan = make_plan({POPULATION: population, **named}, (POPULATION,))
    given = made_up(plan, [population, *series], PEOPLE) if records is None else records
    of_rows = any(node.domain is not None for node in named.values())
    with loaded(plan, given) as engine:
        own = (POPULATION,) if of_rows else (POPULATION, *named)
        make_cohort(engine, cohort_query(plan, own, (POPULATION,)), None, COHORT)
        if of_rows:
            make_events(
                engine,
                event_query(plan, {name: name for name in named}).sql,
                COHORT,
                EVENTS,
            )
        rows = _read(engine, EVENTS if of_rows else COHORT, list(named))
    types = [f"{name}: {name_of(node.type)}" for name, node in shown.columns.items()]
    who = "made-up people" if records is None else "people of hand-written rows"
    return Table(
        title=shown.label,
        columns=("patient_id", *types),
        rows=_chosen(rows, shown),
        note=note_of(
            rows,
            shown.head + shown.tail,
            f"rows of {who}" if of_rows else who,
            moves=moves,
        ),
    )


def in_month(roots: Sequence[nodes.Series]) -> list[nodes.Series]:
    """The same with the days of MONTH for INTERVAL."""
    days = dict(zip(nodes.PARAMETERS, MONTH, strict=True))

    def settled(node: nodes.Node) -> nodes.Node:
        return (
            nodes.Literal(days[node.name], datetime.date)
            if isinstance(node, nodes.Parameter)
            else node
        )

    named = {str(place): node for place, node in enumerate(roots)}
    return list(renewed(named, rewrite(roots, settled)).values())


def note_of(rows: Sequence[Row], most: int, what: str, *, moves: bool) -> str:
    """How many rows there are, whose they are, and which month INTERVAL is."""
    of = f"{min(most, len(rows)):,} of {len(rows):,} {what}."
    return f"{of} INTERVAL is {MONTH[0]} to {MONTH[1]}." if moves else of


def made_up(
    plan: Plan,
    roots: Sequence[nodes.Series],
    people: int,
    targets: Sequence[Target] = (),
) -> Records:
    """The tables that a plan reads, of made-up people among whom some have what the
    definition looks for.
    """
    first, last = span_of_interest(roots)
    wanted = targets or [
        Target((root,)) for root in roots if root.domain is None and root.type is bool
    ]
    wishes = wishes_of(plan.needs, roots, first, last, wanted)
    with TemporaryDirectory(
        prefix="cohortflow-show-", ignore_cleanup_errors=True
    ) as folder:
        place = Path(folder) / "records"
        write_trial(place, wishes, patients=people)
        files = [place / f"{schema.name}.parquet" for schema in wishes.tables]
        return {path.stem: pq.read_table(path).to_pylist() for path in files}


def _read(engine: Engine, table: str, columns: Sequence[str]) -> list[Row]:
    listed = ", ".join(["patient_id", *map(quote, columns)])
    return list(
        map(tuple, engine.execute(f"SELECT {listed} FROM {quote(table)} ORDER BY ALL"))
    )


def _chosen(rows: Sequence[Row], shown: Shown) -> tuple[Row, ...]:
    """Rows in which there is something to see before others, in order of the
    patient.
    """
    places = sorted(
        range(len(rows)), key=lambda place: sum(value is None for value in rows[place])
    )
    last = range(max(0, len(rows) - shown.tail), len(rows))
    chosen = sorted({*places[: shown.head], *last})
    return tuple(rows[place] for place in chosen)


# HTML ---------------------------------------------------------------------------------


def html_table(table: Table) -> str:
    """Whatever a definition or a row calls a thing is text."""
    title = f"<caption>{escape(table.title)}</caption>" if table.title else ""
    head = "".join(f"<th>{escape(name)}</th>" for name in table.columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in table.rows)
    whole = f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return f"{whole}<p>{escape(table.note)}</p>"


def _cell(value: Any) -> str:
    return "<td></td>" if value is None else f"<td>{escape(str(value))}</td>"
