"""All that a run will do."""

from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

from extractors.cohorts import POPULATION, cohort_query, static_query
from extractors.fingerprint import fingerprint
from extractors.model import nodes
from extractors.planner.kinds import Part
from extractors.planner.ladders import period_name
from extractors.planner.plan import Plan
from extractors.snapshot import FORMAT, Snapshot, snapshot_key
from extractors.time.shards import FORMAT as SHARD_FORMAT
from extractors.time.stretches import cohort_sql
from extractors.time.timelines import Timelines
from flows.preparing.jobs import Bounds, PeriodJob, Timed
from flows.preparing.options import Options
from flows.preparing.recipe import Recipe
from flows.preparing.recipes import Recipes
from flows.preparing.records import Records
from flows.workspace.settings import settings
from flows.workspace.store import Workspace
from measures.definitions import Interval
from measures.disclosure.policies import Policy
from measures.study import Study


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
