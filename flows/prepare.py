"""From a command's arguments to all that a run will do, without opening a record or a database.

`Prepared` is what `plan` explains, `status` looks up and `run` carries out.
"""

import datetime
import os
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

from extractors.cohorts import cohort_query, static_query
from extractors.errors import ArgumentsError, DisclosureRefused
from extractors.fingerprint import fingerprint
from extractors.model import nodes
from extractors.planner.kinds import Part
from extractors.planner.ladders import period_name
from extractors.planner.plan import Plan, make_plan
from extractors.shards import FORMAT as SHARD_FORMAT
from extractors.snapshot import FORMAT, Snapshot, snapshot_key
from extractors.sources import is_database
from extractors.stretches import cohort_sql
from extractors.timelines import Timelines
from extractors.trial.definition import wishes_of
from extractors.trying import POPULATION
from flows.dataset import check_format, dataset_series, span_of_interest
from flows.recipe import Recipe
from flows.recipes import Recipes, study_recipes
from flows.records import TRIAL, Records, database_records, real_records, trial_records, with_files
from flows.settings import settings
from flows.store import Workspace
from flows.work import Bounds, PeriodJob, Timed
from measures import counting
from measures.categorical import refuse_telling_groups
from measures.definitions import Interval, Measure
from measures.disclosure.policies import RAW, Policy
from measures.disclosure.site import read_site
from measures.loading import load_study
from measures.study import Study, find_study

PATIENTS = 20_000
SITE_POLICY = "COHORTFLOW_SITE_POLICY"  # the file in which a site says which policies it allows, and how strict


class NothingComplete(ArgumentsError):
    """No period has ended yet; a weekly run has nothing to do."""


@dataclass(frozen=True)
class Options:
    """What a run was asked for; plain data that anybody may see. Empty means the default."""

    study: str
    records: str = TRIAL
    patients: int = PATIENTS
    first: str = ""
    last: str = ""
    periods: tuple[str, ...] = ()
    complete_by: str = ""
    workspace: str = "workspace"
    cluster: str = ""
    policy: str = ""
    revise: bool = False
    format: str = "parquet"
    arguments: tuple[str, ...] = ()

    @property
    def chooses(self) -> bool:
        """Whether it asks for some of the study's periods only."""
        return bool(self.first or self.last or self.periods or self.complete_by)


@dataclass(frozen=True)
class Prepared:
    """A study, its plan, and the jobs of the chosen periods by name, in order of time."""

    options: Options
    workspace: Workspace
    study: Study
    named: dict[str, nodes.Series] = field(repr=False)
    plan: Plan = field(repr=False)
    records: Records
    counted: Recipes | None = field(repr=False)
    chosen: tuple[Interval, ...]
    policy: Policy = field(repr=False)

    @cached_property
    def snapshot_key(self) -> str:
        return snapshot_key(self.plan, self.records.fingerprint)

    @property
    def snapshot(self) -> Snapshot:
        folder = self.workspace.folder("snapshots", self.snapshot_key)
        return Snapshot(folder, tuple(need.schema.name for need in self.plan.needs))

    @cached_property
    def recipes(self) -> dict[Interval, Recipe]:
        """The recipe of each chosen interval."""
        return {interval: self.counted.of[interval] for interval in self.chosen} if self.counted else {}

    @property
    def timelines(self) -> Timelines:
        """What is counted for all periods at once."""
        return self.counted.timelines if self.counted else Timelines((), ())

    @cached_property
    def parts(self) -> dict[str, Part]:
        """How each series is computed in the periods that the study has."""
        return self.counted.parts() if self.counted else dict(self.plan.parts)

    @cached_property
    def static_sql(self) -> str:
        return static_query(self.plan).sql

    @cached_property
    def static(self) -> Path:
        """The folder of the static table's shards."""
        return self.workspace.folder("static", fingerprint(FORMAT, self.snapshot_key, self.static_sql))

    @cached_property
    def timelines_folder(self) -> Path:
        key = fingerprint(SHARD_FORMAT, self.static.name, asdict(self.timelines))
        return self.workspace.folder("timelines", key)

    def chain_counts(self, chain: int) -> Path:
        """Where the counts of all periods of a chain belong."""
        return self.timelines_folder / f"counts-{chain}.arrow"

    @property
    def dataset(self) -> Path:
        """Where a dataset definition's rows belong."""
        query = cohort_query(self.plan, tuple(self.named), (POPULATION,)).query
        key = fingerprint(FORMAT, self.static.name, query.sql)
        return self.workspace.folder("datasets", key) / f"dataset.{self.options.format}"

    @cached_property
    def jobs(self) -> dict[str, PeriodJob]:
        snapshot, bounds = self.snapshot, Bounds(1, settings().worker_memory, self.workspace.spill)
        return {period_name(interval): self._job(interval, snapshot, bounds) for interval in self.recipes}

    def _job(self, interval: Interval, snapshot: Snapshot, bounds: Bounds) -> PeriodJob:
        key, period = self.recipes[interval].key, period_name(interval)
        return PeriodJob(
            period,
            interval,
            recipe=self.workspace.folder("counts", key) / "recipe.json",
            snapshot=snapshot,
            static=self.static,
            cohort=self.workspace.cohort(key, period),
            counts=self.workspace.counts(key, period),
            error=self.workspace.error(key, period),
            bounds=bounds,
        )

    def timed(self, interval: Interval) -> Timed | None:
        """Where a period stands among all that are counted at once; None if nothing of it is."""
        if not self.counted or interval not in self.counted.places:
            return None
        number, place = self.counted.places[interval]
        chain = self.timelines.chains[number]
        cohort = cohort_sql(chain, number, place) if self.recipes[interval].rest else ""
        return Timed(self.timelines_folder, self.chain_counts(number), number, chain.track, place, cohort)


def prepare(options: Options, *, look: bool = True) -> Prepared:
    """Load the definition, plan it and find the periods. Raises DefinitionError, ArgumentsError, RecordsError.

    Raises DisclosureRefused for the policy `none` with records that aren't made up. `look`: whether a database
    may be asked what state its records are in; else the last known one counts.
    """
    policy = _policy(options)
    path = find_study(options.study)
    forbidden = _forbidden(options)
    check_format(options.format)
    settings()
    study = load_study(path, arguments=options.arguments, forbidden=forbidden)
    _check_fitting(options, study)
    refuse_telling_groups(study.measures)
    workspace = Workspace(Path(options.workspace).absolute(), study.name)
    named, populations = _series(study)
    plan = make_plan(named, populations)
    records = with_files(_records(options, workspace, study, named, plan, look=look), workspace, plan.needs)
    counted = study_recipes(study, named, plan, records) if study.measures else None
    chosen = tuple(_chosen(study, options)) if study.measures else ()
    return Prepared(options, workspace, study, named, plan, records, counted, chosen, policy)


def _policy(options: Options) -> Policy:
    """The policy that was asked for, as the site has it."""
    path = os.environ.get(SITE_POLICY)
    policy = read_site(Path(path) if path else None).chosen(options.policy)
    if policy.rule == RAW and options.records != TRIAL:
        raise DisclosureRefused("The policy 'none' shows true counts; it is for made-up records only.")
    return policy


def _forbidden(options: Options) -> list[Path]:
    """What an author's file must not look into. Raises ArgumentsError for an address that may not be used."""
    places = [] if options.records == TRIAL or is_database(options.records) else [options.records]
    return [Path(options.workspace), *(Path(place.removeprefix("omop:")) for place in places)]


def _check_fitting(options: Options, study: Study) -> None:
    """Raises ArgumentsError for what is asked of a dataset but makes sense for measures only, or the other way."""
    if study.kind == "dataset" and options.chooses:
        raise ArgumentsError("A dataset has no periods; leave out --from, --to, --periods and --complete-by.")
    if study.kind == "measures" and options.format != Options.format:
        raise ArgumentsError("--format is for datasets; the release of measures has its files in all formats.")


def _series(study: Study) -> tuple[dict[str, nodes.Series], tuple[str, ...]]:
    """Every series by the name of its column, and the names of those that say who is counted."""
    if study.kind == "dataset":
        return dataset_series(study.dataset, study.path), (POPULATION,)
    named = counting.name_columns(study.measures)
    return named, counting.populations(study.measures, named)


def intervals_of(measures: Iterable[Measure]) -> list[Interval]:
    return sorted({interval for measure in measures for interval in measure.intervals})


def _records(
    options: Options, workspace: Workspace, study: Study, named: dict[str, nodes.Series], plan: Plan, *, look: bool
) -> Records:
    if is_database(options.records):
        return database_records(workspace, options.records, plan, look=look)
    if options.records != TRIAL:
        return real_records(workspace, options.records)
    intervals = intervals_of(study.measures) or [span_of_interest(named.values())]
    first, last = min(start for start, _ in intervals), max(end for _, end in intervals)
    return trial_records(workspace, wishes_of(plan.needs, named.values(), first, last), options.patients)


def _chosen(study: Study, options: Options) -> list[Interval]:
    """The intervals that `--from`, `--to`, `--complete-by` and `--periods` leave; ArgumentsError if none."""
    every = intervals_of(study.measures)
    first, last = _date(options.first, "--from"), _date(options.last, "--to")
    day = _date(options.complete_by, "--complete-by")
    chosen = [i for i in every if (not first or i[0] >= first) and (not last or i[0] <= last)]
    chosen = [i for i in chosen if not day or i[1] < day]
    if not chosen and day and not (first or last):
        raise NothingComplete(
            f"No period of the study had ended before {day}; the first one ends on {min(end for _, end in every)}."
        )
    if options.periods:
        chosen = [interval for name in options.periods for interval in named_periods(name, chosen)]
    if not chosen:
        raise ArgumentsError(f"No period begins in that time; the study has {every[0][0]} to {every[-1][1]}.")
    return sorted(set(chosen))


def named_periods(name: str, among: Sequence[Interval]) -> list[Interval]:
    """The periods of this name or with this first day."""
    found = [interval for interval in among if name in (period_name(interval), str(interval[0]))]
    if not found:
        examples = ", ".join(period_name(interval) for interval in among[:2])
        raise ArgumentsError(f"There is no period {name!r}; name one like {examples}, or its first day.")
    return found


def _date(text: str, option: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise ArgumentsError(f"{option} needs a date like 2019-04-01, got {text!r}.") from None
