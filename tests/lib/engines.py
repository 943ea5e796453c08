"""Both engines behind one call: `run(dataset, records, interval)` gives patient_id ->
name -> value.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pyarrow as pa

import extractors
import measures
from extractors import Dataset
from extractors.language.dataset import nodes_of
from measures.counts import counting
from measures.counts.gathering import gather
from measures.counts.types import raw_schema
from measures.definitions import Interval, Measure
from tests.lib import reference_engine
from tests.lib.reference_engine import Records

Values = Mapping[int, Mapping[str, Any]]


def run_reference(
    dataset: Dataset, records: Records, interval: Interval | None = None
) -> Values:
    variables = nodes_of(dataset)
    population = variables.pop("")
    return reference_engine.evaluate(variables, population, records, interval)


def run_duckdb(
    dataset: Dataset, records: Records, interval: Interval | None = None
) -> Values:
    rows = extractors.evaluate(dataset, records, interval=interval)
    values = {
        row["patient_id"]: {name: row[name] for name in row if name != "patient_id"}
        for row in rows
    }
    assert len(values) == len(rows), "a patient has more than one row"
    return values


ENGINES: Mapping[str, Callable[..., Values]] = {
    "reference": run_reference,
    "duckdb": run_duckdb,
}


def count_duckdb(chosen: Sequence[Measure], records: Records) -> list[dict[str, Any]]:
    """Raw counts in the shape of `reference_engine.measures`: only groups that
    occur.
    """
    named = {measure.name: measure for measure in chosen}
    rows = measures.evaluate(chosen, records)
    return [
        {**row, "groups": {name: row[name] for name in named[row["measure"]].group_by}}
        for row in rows
    ]


COUNTERS: Mapping[str, Callable[..., list[dict[str, Any]]]] = {
    "reference": reference_engine.measures,
    "duckdb": count_duckdb,
}


def complete_grid(chosen: Sequence[Measure], records: Records) -> list[dict[str, Any]]:
    """The rows of all intervals together, as they go to disclosure control."""
    groups, intervals = (
        counting.group_types(chosen),
        {interval for each in chosen for interval in each.intervals},
    )
    counts = pa.Table.from_pylist(
        measures.evaluate(chosen, records), schema=raw_schema(groups)
    )
    return gather(
        [counts], counting.shapes(chosen, intervals), groups
    ).table.to_pylist()
