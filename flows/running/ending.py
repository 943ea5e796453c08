"""The end of a run: what became of its periods, and the release if all of them are done."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from distributed import Client

from extractors.errors import CohortflowError
from flows.preparing.jobs import PeriodJob
from flows.preparing.prepared import Prepared
from flows.preparing.recipe import Recipe
from flows.running.drawing import Drawing
from flows.running.manifest import manifest
from flows.running.protect import Terms, protect
from flows.running.truth import keep_truth
from flows.running.warning import warnings
from flows.state.decided import tell
from flows.state.outcome import Outcome
from flows.state.periods import DONE, FAILED, MISSING, period_states
from flows.state.standing import left_out
from flows.state.words import families_of
from measures.asking.asked import asked
from measures.counts import counting
from measures.counts.gathering import gather
from measures.counts.types import RawCounts
from measures.disclosure.types import ReleasedCounts
from measures.release.bundle import write_release
from measures.release.headlines import headlines


def outcome_of(prepared: Prepared, due: Iterable[PeriodJob], reasons: Mapping[str, str]) -> Outcome:
    """What became of the periods that were `due`; `reasons`: why some failed, as far as this process knows."""
    states = period_states(prepared.jobs.values())
    tried = {job.period for job in due}
    left = [state for state in states if state.state != DONE and state.job.period in tried]
    return Outcome(
        options=prepared.options,
        periods=tuple(state.job.period for state in states),
        computed=tuple(s.job.period for s in states if s.state == DONE and s.job.period in tried),
        failed={s.job.period: reasons.get(s.job.period) or s.reason or "no result" for s in left},
        waiting=tuple(s.job.period for s in states if s.state in (MISSING, FAILED) and s.job.period not in tried),
        warnings=tuple(warnings(prepared)),
    )


def release(prepared: Prepared, outcome: Outcome, client: Client | None) -> Outcome:
    """Protect, audit and write the counts; charts are drawn while the auditor is at work."""
    drawing = _drawing(prepared)
    terms = replace(terms_of(prepared), beside=drawing.begin if drawing else None)
    counts = gathered(prepared)
    keep_truth(prepared, counts)
    passed = protect(terms, counts, client)
    made = manifest(
        prepared.study,
        prepared.records,
        passed.key,
        snapshot=prepared.places.snapshot_key,
        kinds={name: part.kind for name, part in prepared.parts_by_title.items()},
        periods=len(prepared.jobs),
        warnings=outcome.warnings,
    )
    released, folder = passed.protection.released, prepared.workspace.release
    missing = left_out(folder, prepared.options, len(prepared.jobs))
    noted = (*outcome.warnings, *passed.warnings, *missing)
    write_release(
        released,
        folder,
        {**made, **passed.manifest},
        audit={**_without_units(passed.audit.as_json(), released), **_bound(released)},
        asked=asked(prepared.study),
        old=prepared.study.old_measures,
        report=drawing.finish if drawing else None,
    )
    tell(folder, passed.memory)
    heads = headlines(released, families_of(prepared.study.measures))
    return replace(outcome, warnings=noted, headlines=tuple(heads))


def _without_units(audit: dict[str, Any], released: ReleasedCounts) -> dict[str, Any]:
    """The audit as a file, without cells and tables of units: no release has them."""
    units = {shape.over for shape in released.measures if shape.over}
    worst = [found for found in audit["worst"] if not units & set(found["groups"])]
    tables = [table for table in audit["tables"] if not units & set(table["group_by"].split("+"))]
    return {**audit, "worst": worst, "tables": tables}


def _drawing(prepared: Prepared) -> Drawing | None:
    if not prepared.options.report:
        return None
    return Drawing(prepared.workspace.folder("drawings"), asked(prepared.study))


def _bound(released: ReleasedCounts) -> dict[str, Any]:
    """What the audit's file says of counts that are bound together, and of how many questions were asked."""
    return {name: released.notes[name] for name in ("bound", "questions") if name in released.notes}


def terms_of(prepared: Prepared) -> Terms:
    """On which terms the numbers of this run may leave."""
    return Terms(
        workspace=prepared.workspace,
        study=prepared.study,
        records=prepared.records,
        policy=prepared.policy,
        static=prepared.places.static,
        revise=prepared.options.revise,
    )


def gathered(prepared: Prepared) -> RawCounts:
    """The raw counts of all periods."""
    measures = prepared.study.measures
    tables = (_read_counts(job, prepared.recipes[job.interval]) for job in prepared.jobs.values())
    return gather(tables, counting.shapes(measures, list(prepared.recipes)), counting.group_types(measures))


def _read_counts(job: PeriodJob, recipe: Recipe) -> pa.Table:
    """The counts of a period under the names that its measures have today."""
    try:
        counts = pq.ParquetFile(job.counts).read(use_threads=False)  # a few hundred rows
        return counting.with_names(counts, recipe.names)
    except (OSError, pa.ArrowException, ValueError, IndexError) as error:
        remedy = f"make them anew with: cohortflow rerun … --periods {job.period}"
        raise CohortflowError(f"The raw counts of {job.period} are damaged; {remedy}", str(error)) from None
