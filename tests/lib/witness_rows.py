"""Witnesses by themselves: the rows that the scripts of a target give, for the
reference engine.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from extractors.model import nodes
from extractors.model.schema import TableSchema
from extractors.planner.needs import table_needs
from extractors.trial.arrow import Rows, type_of
from extractors.trial.days import Span, number
from extractors.trial.dice import Array
from extractors.trial.people import persons
from extractors.trial.people.draw import draw_people
from extractors.trial.people.practices import found_practices
from extractors.trial.wishes import Target, Wishes
from extractors.trial.witnesses.casting import cast_of
from extractors.trial.witnesses.mixing import Mixer
from extractors.trial.witnesses.resolving import as_date
from extractors.trial.witnesses.scripts import Script, scripts_of
from measures.definitions import Interval
from tests.lib.reference_engine import Records, patients, value

PEOPLE = 40
SPAN = (date(2019, 4, 1), date(2022, 6, 5))


def span_of(target: Target) -> Span:
    intervals = target.intervals or (SPAN,)
    first, last = min(i[0] for i in intervals), max(i[1] for i in intervals)
    return Span(number(first), number(last))


def tables_of(conditions: Iterable[nodes.Series]) -> dict[str, TableSchema]:
    return {need.schema.name: need.schema for need in table_needs(list(conditions))}


def scripts(target: Target) -> list[Script]:
    """The scripts of one target."""
    found = scripts_of([target], span_of(target), tables_of(target.conditions))
    return found[0] if found else []


def records_of(script: Script, target: Target, seed: int = 0) -> Records:
    """The rows of some people who play a script, and of nobody else."""
    rng, span, tables = (
        np.random.default_rng(seed),
        span_of(target),
        tables_of(target.conditions),
    )
    ids = np.arange(1, PEOPLE + 1)
    everybody = draw_people(rng, span, found_practices(rng, PEOPLE), ids)
    cast = cast_of([script], span, tables, rng, everybody, 1.0)
    playing = {int(ids[place]) for part in cast.parts for place in part.patient}
    wishes = Wishes(tuple(tables.values()), {}, as_date(span.first), as_date(span.last))
    records = {}
    for name, schema in tables.items():
        if name == "patients":
            rows = persons.patients(rng, cast.people)
        else:
            mixer = Mixer(schema, wishes, span, one_spell=False)
            rows = mixer.mixed(rng, cast, _no_rows(schema))
        records[name] = [
            row for row in _dicts(rows, ids) if row["patient_id"] in playing
        ]
    return records


def _no_rows(schema: TableSchema) -> Rows:
    columns = {column.name: pa.array([], type_of(column)) for column in schema.columns}
    return Rows(np.array([], np.int64), columns)


def _dicts(rows: Rows, ids: Array) -> Iterator[dict[str, Any]]:
    columns = {name: values.to_pylist() for name, values in rows.columns.items()}
    for place, patient in enumerate(rows.patient):
        row = {name: values[place] for name, values in columns.items()}
        yield {"patient_id": int(ids[patient]), **row}


def failures(
    script: Script, target: Target, seed: int = 0
) -> Mapping[str, tuple[int, int]]:
    """Of each period in which people fail the target, or nobody is there: how many do,
    of how many.
    """
    records = records_of(script, target, seed)
    found = {}
    for period in script.periods:
        interval: Interval | None = (
            None if period is None else (as_date(period[0]), as_date(period[1]))
        )
        people = patients(list(target.conditions), records, interval)
        failed = sum(
            not all(value(each, one) for each in target.conditions) for one in people
        )
        if failed or not people:
            found[str(interval)] = (failed, len(people))
    return found
