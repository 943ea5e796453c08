"""What runs on the Dask workers: paths in, a small status out.

Nothing here knows Prefect, and whatever may quote a record stays on the
highly_sensitive shelf: an error comes back as its safe message, and its whole text is
written to the shelf by the worker itself.
"""

import shutil
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.cohorts import (
    COHORT,
    CohortQuery,
    make_cohort,
    tally_rows,
    write_narrow,
)
from extractors.engine import Engine
from extractors.errors import CohortflowError
from extractors.planner.plan import Plan
from extractors.snapshot import (
    Snapshot,
    dirt_in,
    is_described,
    is_whole,
    static_file,
    write_snapshot,
    write_static,
)
from extractors.sources.dirt import report
from extractors.sql.people import PeopleKey
from extractors.sql.query import Steps
from extractors.time import shards, touched
from extractors.time.layer import write_load
from extractors.time.timelines import Timelines
from extractors.time.whole_cohort import PERIODS, write_periods
from flows.preparing.jobs import Bounds, PeriodJob, Status, Timed
from flows.preparing.looking import dirt_noted
from flows.preparing.period_query import period_query
from flows.preparing.recipe import Recipe, read_recipe
from flows.preparing.records import Records
from flows.running.period_rows import write_rows
from flows.running.seeing import Unseen, refuse_unseen
from flows.workspace.failures import known_failure, record_failure
from flows.workspace.judging import judged
from flows.workspace.store import whole_file, whole_folder, write_json
from flows.workspace.written import footer, look, note_written, readable
from measures.counts.counting import raw_counts


def attempt(
    name: str, make: Callable[..., None], *inputs: Any, **settings: Any
) -> CohortflowError | None:
    """Make something; an error comes back instead of being raised, because Dask would
    log every word of it.
    """
    try:
        refuse_unseen(inputs)
        make(*inputs, **settings)
    except Exception as error:
        return judged(error, name)
    return None


def make_records(records: Records) -> None:
    records.make()


def make_snapshot(
    records: Records,
    plan: Plan,
    folder: Path,
    bounds: Bounds,
    *,
    dirt: Path,
    suspect: bool,
    loads: bool = False,
    made_of_it: Sequence[Path] = (),
) -> None:
    """Write the snapshot unless it is there; one that is `suspect` is looked through
    first.

    What is wrong with the records, row by row, is written to `dirt`. `loads`: whether
    it may begin with an earlier load, and a later one with it. `made_of_it`: folders
    that go if it is written: their shards may be cut elsewhere than its own.
    """
    with dirt_noted(dirt):
        if not _is_snapshot(folder, thorough=suspect):
            for each in made_of_it:
                shutil.rmtree(each, ignore_errors=True)
            _write_snapshot(records, plan, folder, bounds, loads=loads)
    write_json(dirt, report(dirt_in(folder)))


def _is_snapshot(folder: Path, *, thorough: bool) -> bool:
    """Whether a snapshot is there: each file with its footer, or, if `thorough`, every
    byte.
    """
    if thorough or not is_described(folder):
        return folder.exists() and is_whole(folder)
    return _has_footers(folder)


def _has_footers(folder: Path) -> bool:
    """Whether no file of a folder was cut."""
    files = [*folder.rglob("*.parquet"), *folder.glob("*.arrow")]
    return all(readable(path, thorough=False) for path in files)


def _write_snapshot(
    records: Records, plan: Plan, folder: Path, bounds: Bounds, *, loads: bool
) -> None:
    write = write_load if loads else write_snapshot
    with bounds.engine() as engine, whole_folder(folder) as beside:
        write(engine, records.open(), plan, beside)
        records.refuse_changed()


def make_static(
    steps: Steps,
    snapshot: Snapshot,
    shard: int,
    folder: Path,
    bounds: Bounds,
    *,
    people: PeopleKey,
    suspect: bool,
) -> None:
    """Write a shard of the static table, with everybody's hash under the key of
    `people`, unless it is there.
    """
    path = static_file(folder, shard)
    note, files = path.with_suffix(".json"), {"static table": path}
    seen = look(note, path.stem, files, thorough=suspect)
    if not seen.whole:
        with bounds.engine() as engine, whole_file(path) as beside:
            write_static(engine, snapshot, shard, steps, beside, people=people)
    if not seen.noted_whole:
        note_written(note, path.stem, files)


def make_timelines(
    timelines: Timelines,
    snapshot: Snapshot,
    shard: int,
    static: Path,
    folder: Path,
    bounds: Bounds,
    *,
    suspect: bool,
    force: bool,
) -> None:
    """Write a shard of all that is known of every period at once, unless it is
    there.
    """
    target = shards.shard_folder(folder, shard)
    if not force and (shards.is_whole(target) if suspect else _is_shard(target)):
        return
    with bounds.engine() as engine, whole_folder(target) as beside:
        snapshot.open(engine, shard)
        snapshot.open_static(engine, static, shard)
        shards.write_shard(engine, timelines, beside)


def _is_shard(folder: Path) -> bool:
    """Whether a shard is there, and no file of it was cut."""
    return shards.is_described(folder) and _has_footers(folder)


def make_counts(
    timelines: Timelines,
    folder: Path,
    paths: Sequence[Path],
    bounds: Bounds,
    *,
    anew: bool,
) -> None:
    """Add up the counts of all shards, a file per chain, unless they are there."""
    for chain, path in enumerate(paths):
        if anew or not (path.exists() and readable(path, thorough=False)):
            with bounds.engine() as engine, whole_file(path) as beside:
                shards.write_counts(engine, timelines, folder, chain, beside)
    if anew or not (folder / PERIODS).exists():
        with whole_file(folder / PERIODS) as beside:
            write_periods(timelines, beside)


def extract(job: PeriodJob, *, force: bool = False) -> Status:
    """Make the cohort and the raw counts of a period, and its files of patients, unless
    they are there already.

    With `force` they are made in any case. Those that are there stay until the new ones
    are: a failure is noted with its number, so they are not taken for what was to be
    made.
    """
    begun = time.monotonic()
    try:
        refuse_unseen([job.bounds])
    except Unseen as unseen:  # nothing is noted: it would be on a disk of this worker's
        return Status(unseen.message, unseen.transient, unseen.exit_code)
    try:
        if job.recipe and (force or not is_counted(job)):
            _extract(job)
        if job.rows and (force or not job.rows.written):
            write_rows(job, job.rows)
    except Exception as error:  # whatever it is, it must not leave this process with a record in its text
        return _failed(job, error)
    return Status(seconds=round(time.monotonic() - begun, 3))


def is_counted(job: PeriodJob) -> bool:
    """Whether cohort and counts are whole, and nothing failed since they were
    written.
    """
    seen = replace(job, rows=None).look(thorough=True)
    return seen.whole and (
        not seen.noted or known_failure(job.error).get("attempts", 0) <= seen.failures
    )


def _extract(job: PeriodJob) -> None:
    assert job.recipe is not None
    recipe = read_recipe(job.recipe)
    if job.timed and not recipe.needed.general:
        _write_touched(job, job.timed)
    counts = count(job, recipe, job.cohort)
    labelled = counts.replace_schema_metadata(footer(job.period))
    with whole_file(job.counts) as beside:
        # a few hundred rows: half the time of lists and zstd
        pq.write_table(labelled, beside, use_dictionary=False)
    note_written(
        job.note, job.period, job.results, known_failure(job.error).get("attempts", 0)
    )


def count(job: PeriodJob, recipe: Recipe, cohort: Path | None) -> pa.Table:
    """The raw counts of a period, in the layout of `raw_schema`.

    Where not all of it was counted at once, the whole cohort is extracted, and written
    to `cohort` if that is a path.
    """
    sums = _counted_at_once(recipe, job.timed) if job.timed else {}
    if recipe.needed.general or not job.timed:
        sums |= _count_cohort(job, recipe, cohort)
    return raw_counts(
        recipe.needed,
        [sums[n] for n in range(len(sums))],
        job.interval,
        recipe.arrow_groups(),
    )


def _counted_at_once(recipe: Recipe, timed: Timed) -> dict[int, list[dict[str, Any]]]:
    """By tally: the rows that were counted for all periods at once."""
    sums: dict[int, list[dict[str, Any]]] = {
        n: [] for n in range(len(recipe.needed.tallies))
    }
    for row in shards.counts_in(timed.counts, timed.place).to_pylist():
        sums[row["tally"]].append(row)
    return sums


def _write_touched(job: PeriodJob, timed: Timed) -> None:
    """The cohort of a period of which all is known: the people whom its rows touched;
    the others stand in ranges.
    """
    with whole_file(job.cohort) as beside:
        touched.write_cohort(
            timed.folder, timed.chain, timed.place, beside, footer=footer(job.period)
        )


def _count_cohort(
    job: PeriodJob, recipe: Recipe, cohort: Path | None
) -> dict[int, list[dict[str, Any]]]:
    """Extract the whole cohort from the snapshot; by tally, what only it can tell."""
    with job.bounds.engine() as engine:
        job.snapshot.open(engine)
        job.snapshot.open_static(engine, job.static)
        make_cohort(engine, _cohort(engine, job, recipe), job.interval, COHORT)
        if cohort:
            with whole_file(cohort) as beside:
                write_narrow(engine, COHORT, beside, footer=footer(job.period))
        tallies = recipe.needed.tallies
        chosen = recipe.needed.general if job.timed else range(len(tallies))
        return {n: tally_rows(engine, tallies[n], COHORT) for n in chosen}


def _cohort(engine: Engine, job: PeriodJob, recipe: Recipe) -> CohortQuery:
    """The query for everybody who is counted, and the tables that it reads."""
    if job.timed and recipe.rest:
        touched.open_timelines(
            engine, job.timed.folder, job.timed.chain, job.timed.track, job.timed.place
        )
    return period_query(recipe, job.timed)


def _failed(job: PeriodJob, error: Exception) -> Status:
    known = judged(error, job.period)
    record_failure(
        job.error,
        known.message,
        f"{known.detail}\n{''.join(traceback.format_exception(error))}",
    )
    return Status(known.message, known.transient, known.exit_code)
