"""The steps of a run in this process, on made-up people: same plan, same engine, same
counts.

A run protects what it counts; here nothing is protected, because these people were not
made up from any others.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory

import pyarrow as pa

from extractors.cohorts import COHORT, POPULATION, cohort_query, make_cohort
from extractors.engine import Engine
from extractors.errors import ArgumentsError
from extractors.planner.ladders import period_name
from extractors.planner.plan import make_plan
from extractors.sources import Address
from extractors.sql.words import quote
from extractors.time.shards import all_counts
from extractors.time.timelines import Chain
from extractors.trial.mark import is_marked
from flows.preparing.jobs import Bounds
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from flows.preparing.recipes import in_its_order, study_recipes
from flows.running import work
from flows.workspace.settings import settings
from measures.closed.process import Closed
from measures.counts import counting
from measures.counts.at_once import raw_counts_at_once
from measures.counts.gathering import gather
from measures.counts.types import RawCounts
from measures.definitions import Interval
from measures.disclosure.memory.keys import PUBLIC
from measures.study import Study

ONLY_TRIALS = (
    "{} was not written by `cohortflow trial`, or was changed since; `try` shows "
    "true counts, so it takes made-up records alone. A run takes other records: "
    "cohortflow run {} --records {}"
)


@dataclass(frozen=True)
class Trial:
    """A study whose made-up records have been read and whose static values are
    there.
    """

    # the run as it would be
    prepared: Prepared
    # what the one DuckDB may use
    bounds: Bounds

    def of(self, prepared: Prepared) -> "Trial":
        """Something else that is asked of the same records."""
        _make(prepared, self.bounds)
        return Trial(prepared, self.bounds)

    def engine(self) -> Engine:
        """An engine that has the needed tables and the static values."""
        engine = self.bounds.engine()
        self.prepared.places.snapshot.open(engine)
        self.prepared.places.snapshot.open_static(engine, self.prepared.places.static)
        return engine


@contextmanager
def trial_of(options: Options, early: Closed | None = None) -> Iterator[Trial]:
    """A study on made-up people, for as long as the block lasts; nothing of it is kept.
    Raises as `in_passing`.
    """
    with in_passing(options, early) as made:
        keyless = made.key is None and made.study.measures
        prepared = with_study(made, made.study, made.chosen) if keyless else made
        bounds = bounds_of(prepared)
        _make(prepared, bounds)
        yield Trial(prepared, bounds)


@contextmanager
def in_passing(options: Options, early: Closed | None = None) -> Iterator[Prepared]:
    """What is prepared for made-up people, in a workspace that goes with the block.

    Raises DefinitionError, ArgumentsError or RecordsError, as `prepare` does;
    ArgumentsError also for records that no trial has written.
    """
    with TemporaryDirectory(
        prefix="cohortflow-try-", ignore_cleanup_errors=True
    ) as folder:
        prepared = prepare(replace(options, workspace=folder), early=early)
        _refuse_others(prepared)
        prepared.workspace.prepare()
        yield prepared


def bounds_of(prepared: Prepared) -> Bounds:
    """What this process may use."""
    return Bounds(
        settings().workers, settings().worker_memory, prepared.workspace.spill
    )


def is_trial(options: Options) -> bool:
    """Whether the records are made up: those of the command, or of a folder that a
    trial wrote.
    """
    address = Address.parse(options.records)
    return address.kind.made_up or bool(address.path and is_marked(address.path))


def _refuse_others(prepared: Prepared) -> None:
    if is_trial(prepared.options):
        return
    where = prepared.options.records
    raise ArgumentsError(ONLY_TRIALS.format(where, prepared.options.study, where))


def with_study(
    prepared: Prepared, study: Study, chosen: tuple[Interval, ...]
) -> Prepared:
    """Measures over the same records in some periods, with all that follows from them.
    The people need no secret.
    """
    named = counting.name_columns(study.measures)
    populations = counting.populations(study.measures, named)
    plan = in_its_order(study, named, make_plan(named, populations))
    counted = study_recipes(study, named, plan, prepared.records, PUBLIC.id)
    return replace(
        prepared,
        study=study,
        named=named,
        plan=plan,
        counted=counted,
        chosen=chosen,
        key=PUBLIC,
        key_id=PUBLIC.id,
    )


def _make(prepared: Prepared, bounds: Bounds) -> None:
    """The snapshot and the static values."""
    places, plan = prepared.places, prepared.plan
    prepared.records.make()
    work.make_snapshot(
        prepared.records,
        plan,
        places.snapshot.folder,
        bounds,
        dirt=prepared.workspace.dirt,
        suspect=False,
    )
    inputs = (places.static_steps, places.snapshot)
    for shard in range(len(places.snapshot.shards)):
        work.make_static(
            *inputs, shard, places.static, bounds, people=prepared.people, suspect=False
        )


def count_of(trial: Trial) -> RawCounts:
    """The true counts of all chosen periods, as one complete grid."""
    prepared = trial.prepared
    _count_at_once(prepared, trial.bounds)
    chains = _whole_chains(prepared)
    at_once: set[Interval] = set()
    tables: list[pa.Table] = []
    for number in chains:
        at_once.update(prepared.timelines.chains[number].intervals)
        tables += _of_chain(prepared, number)
    tables += [
        period_counts(prepared, interval)
        for interval in prepared.chosen
        if interval not in at_once
    ]
    measures = prepared.study.measures
    return gather(
        tables,
        counting.shapes(measures, prepared.chosen),
        counting.group_types(measures),
    )


def _count_at_once(prepared: Prepared, bounds: Bounds) -> None:
    timelines, places = prepared.timelines, prepared.places
    if not timelines.chains:
        return
    inputs = (timelines, places.snapshot)
    for shard in range(len(places.snapshot.shards)):
        work.make_timelines(
            *inputs,
            shard,
            places.static,
            places.timelines,
            bounds,
            suspect=False,
            force=False,
        )
    paths = [places.chain_counts(number) for number in range(len(timelines.chains))]
    work.make_counts(timelines, places.timelines, paths, bounds, anew=False)


def _whole_chains(prepared: Prepared) -> list[int]:
    """The chains that count all that their periods owe, if all of these were chosen."""
    found: list[int] = []
    for number, chain in enumerate(prepared.timelines.chains):
        if _is_whole(prepared, chain):
            found.append(number)
    return found


def _is_whole(prepared: Prepared, chain: Chain) -> bool:
    chosen = all(interval in prepared.recipes for interval in chain.intervals)
    return chosen and not prepared.recipes[chain.intervals[0]].needed.general


def _of_chain(prepared: Prepared, number: int) -> list[pa.Table]:
    """The raw counts of all periods of a chain, which share one recipe."""
    intervals = prepared.timelines.chains[number].intervals
    recipe = prepared.recipes[intervals[0]]
    counts = all_counts(prepared.places.chain_counts(number))
    return list(
        raw_counts_at_once(
            recipe.needed, counts, intervals, recipe.names, recipe.arrow_groups()
        )
    )


def period_counts(prepared: Prepared, interval: Interval) -> pa.Table:
    """The raw counts of one period alone."""
    recipe = prepared.recipes[interval]
    job = replace(prepared.jobs[period_name(interval)], timed=prepared.timed(interval))
    return counting.with_names(work.count(job, recipe, None), recipe.names)


def rows_of(trial: Trial) -> Engine:
    """An engine whose table `COHORT` has the rows of a dataset, without its
    population's column.
    """
    engine = trial.engine()
    columns = trial.prepared.places.columns
    make_cohort(
        engine, cohort_query(trial.prepared.plan, columns, (POPULATION,)), None, COHORT
    )
    engine.execute(f"ALTER TABLE {quote(COHORT)} DROP COLUMN {quote(POPULATION)}")
    return engine
