"""A dataset's rows on the records at an address, in this process: read, snapshot,
cohort.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from extractors.cohorts import (
    COHORT,
    POPULATION,
    cohort_query,
    make_cohort,
    make_static,
    static_steps,
)
from extractors.engine import Engine
from extractors.language.dataset import Dataset, nodes_of
from extractors.model.rewriting import renewed
from extractors.planner.needs import TableNeed
from extractors.planner.plan import make_plan
from extractors.snapshot import Snapshot, warnings_of, write_snapshot
from extractors.sources import Address, open_source
from extractors.sources.base import Source
from extractors.sources.omop.meaning import found_by_either, with_members
from extractors.sources.omop.vocabulary import concept_sets, look_up
from extractors.sql.words import quote


def rows_on(
    where: str, dataset: Dataset, folder: Path
) -> tuple[dict[int, tuple], list[str]]:
    """Values of the variables by patient, and what was said of the records."""
    series = {(name or POPULATION): node for name, node in nodes_of(dataset).items()}
    sets = concept_sets(series.values())
    if sets:

        def open_for(needs: Iterable[TableNeed]) -> Source:
            return Address.parse(where).open(needs=needs)

        with Engine() as engine:
            known = look_up(engine, open_for, sets, ())
        series = renewed(series, with_members(series.values(), known.members))
    series = renewed(series, found_by_either(series.values()))
    plan = make_plan(series, (POPULATION,))
    query = cohort_query(plan, tuple(series), (POPULATION,))
    folder.mkdir(parents=True)
    with Engine() as engine:
        write_snapshot(engine, open_source(where, needs=plan.needs), plan, folder)
    with Engine() as engine:
        Snapshot(folder, tuple(need.schema.name for need in plan.needs)).open(engine)
        make_static(engine, static_steps(plan))
        make_cohort(engine, query, None, COHORT)
        found = engine.arrow(
            f"SELECT * FROM {quote(COHORT)} ORDER BY patient_id"
        ).to_pylist()
    return {row["patient_id"]: _values(row) for row in found}, warnings_of(folder)


def _values(row: dict[str, Any]) -> tuple:
    return tuple(
        value for name, value in row.items() if name not in ("patient_id", POPULATION)
    )
