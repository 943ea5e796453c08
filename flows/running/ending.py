"""The end of a run in which all periods are done: its release."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from distributed import Client

from extractors.errors import CohortflowError
from flows.preparing.jobs import PeriodJob
from flows.preparing.prepared import Prepared
from flows.preparing.recipe import Recipe
from flows.running.drawing import Drawing
from flows.running.manifest import manifest_of
from flows.running.protect import Passed, protect
from flows.running.terms import terms_of
from flows.running.truth import keep_truth
from flows.running.unchanged import Said, inputs_of, note_release, release_there
from flows.state.decided import tell
from flows.state.loads import note_released
from flows.state.outcome import Outcome
from flows.state.standing import left_out
from flows.state.words import families_of
from measures.asking.asked import asked
from measures.counts import counting
from measures.counts.gathering import gather
from measures.counts.types import RawCounts
from measures.describe.making import write_released_page
from measures.describe.study import DescribedStudy
from measures.disclosure.types import ReleasedCounts
from measures.release.bundle import write_release
from measures.release.headlines import Headline, headlines


def release(
    prepared: Prepared,
    outcome: Outcome,
    client: Client | None,
    *,
    step: Callable[[str], None] = lambda _name: None,
    anew: bool = False,
) -> Outcome:
    """Protect, audit and write the counts; charts are drawn while the auditor is at
    work.

    A release that is there and was made of the same is left as it is, unless it is to
    be made `anew`. `step` hears what begins.
    """
    inputs = inputs_of(prepared, outcome.warnings)
    said = None if anew else release_there(prepared, inputs)
    if said is None:
        said = _made(prepared, outcome, inputs, client, step)
    note_released(prepared)
    return replace(
        outcome,
        warnings=(*outcome.warnings, *said.warnings),
        headlines=said.headlines,
    )


def _made(
    prepared: Prepared,
    outcome: Outcome,
    inputs: str,
    client: Client | None,
    step: Callable[[str], None],
) -> Said:
    drawing = _drawing(prepared)
    beside = drawing.begin if drawing else None
    terms = replace(terms_of(prepared), beside=beside, step=step)
    counts = gathered(prepared)
    keep_truth(prepared, counts)
    passed = protect(terms, counts, client)
    folder = prepared.workspace.release
    missing = left_out(folder, prepared.options, len(prepared.jobs))
    step("report")
    _write(prepared, outcome, passed, drawing)
    tell(folder, passed.memory)
    said = Said(warnings=passed.warnings, headlines=_headlines(prepared, passed))
    if passed.settled:
        note_release(prepared, inputs, said)
    return replace(said, warnings=(*said.warnings, *missing))


def _headlines(prepared: Prepared, passed: Passed) -> tuple[Headline, ...]:
    if prepared.options.describe:  # a data report has tables of its own
        return ()
    return tuple(
        headlines(passed.protection.released, families_of(prepared.study.measures))
    )


def _write(
    prepared: Prepared, outcome: Outcome, passed: Passed, drawing: Drawing | None
) -> None:
    released = passed.protection.released
    write_release(
        released,
        prepared.workspace.release,
        {**manifest_of(prepared, passed.key, outcome.warnings), **passed.manifest},
        audit={**without_units(passed.audit.as_json(), released), **bound_of(released)},
        asked=asked(prepared.study),
        old=prepared.study.old_measures,
        report=_pages(prepared, drawing),
    )


def without_units(audit: dict[str, Any], released: ReleasedCounts) -> dict[str, Any]:
    """The audit as a file, without cells and tables of units: no release has them."""
    units = {shape.over for shape in released.measures if shape.over}
    worst = [found for found in audit["worst"] if not units & set(found["groups"])]
    tables = []
    for table in audit["tables"]:
        if not units & set(table["group_by"].split("+")):
            tables.append(table)
    return {**audit, "worst": worst, "tables": tables}


def _drawing(prepared: Prepared) -> Drawing | None:
    if not prepared.options.report:
        return None
    return Drawing(prepared.workspace.folder("drawings"), asked(prepared.study))


def _pages(
    prepared: Prepared, drawing: Drawing | None
) -> Callable[[Path], None] | None:
    """What adds pages to the other files of a release: that of a data report is all
    that it is for.
    """
    study = prepared.study
    if not isinstance(study, DescribedStudy):
        return drawing.finish if drawing else None

    def write(folder: Path) -> None:
        if drawing:
            drawing.finish(folder)
        write_released_page(study, folder, prepared.workspace.folder("drawings"))

    return write


def bound_of(released: ReleasedCounts) -> dict[str, Any]:
    """What the audit's file says of counts that are bound together, and of how many
    questions were asked.
    """
    found: dict[str, Any] = {}
    for name in ("bound", "questions"):
        if name in released.notes:
            found[name] = released.notes[name]
    return found


def gathered(prepared: Prepared) -> RawCounts:
    """The raw counts of all periods."""
    measures = prepared.study.measures
    tables = (
        _read_counts(job, prepared.recipes[job.interval])
        for job in prepared.jobs.values()
    )
    return gather(
        tables,
        counting.shapes(measures, list(prepared.recipes)),
        counting.group_types(measures),
    )


def _read_counts(job: PeriodJob, recipe: Recipe) -> pa.Table:
    """The counts of a period under the names that its measures have today."""
    try:
        content = pa.BufferReader(job.counts.read_bytes())  # a few hundred rows
        counts = pq.ParquetFile(content).read(use_threads=False)
        return counting.with_names(counts.replace_schema_metadata(None), recipe.names)
    except (OSError, pa.ArrowException, ValueError, IndexError) as error:
        remedy = f"make them anew with: cohortflow rerun … --periods {job.period}"
        raise CohortflowError(
            f"The raw counts of {job.period} are damaged; {remedy}", str(error)
        ) from None
