"""All that a run will do."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from extractors.cohorts import POPULATION, event_columns
from extractors.errors import ensure
from extractors.model import nodes
from extractors.planner.kinds import Part
from extractors.planner.plan import Plan
from extractors.sql.people import PeopleKey
from extractors.time.timelines import NOTHING, Timelines
from flows.preparing.jobs import Bounds, PeriodJob, Timed, period_jobs, rows_only, timed
from flows.preparing.options import Options
from flows.preparing.places import Places
from flows.preparing.recipe import Recipe
from flows.preparing.recipes import Recipes
from flows.preparing.records import Records
from flows.preparing.rows import RowsJob, rows_jobs
from flows.workspace.settings import settings
from flows.workspace.store import Workspace
from measures.counts import counting
from measures.definitions import Interval
from measures.disclosure.memory.keys import PUBLIC, Key
from measures.disclosure.policies import Policy
from measures.study import Study


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """A study, its plan, and the jobs of the chosen periods.

    The command, the run and what tells of it hold one of these; what they call takes
    the parts that it uses.
    """

    options: Options  # what the run was asked for
    workspace: Workspace  # the shelves of the study
    study: Study  # the definition as it was read
    # every series under the name of its column
    named: dict[str, nodes.Series] = field(repr=False)
    plan: Plan = field(repr=False)  # what is read, and how each series is computed
    records: Records  # which records are read
    # what is counted of measures; None for a dataset
    counted: Recipes | None = field(repr=False)
    chosen: tuple[Interval, ...]  # the periods of this run, in order of time
    policy: Policy = field(repr=False)  # the rules of disclosure control
    # the key of counts; None for a dataset, and where there is none yet
    key: Key | None
    # of the key that the workspace's counts have, or will have; "" where neither is
    # known
    key_id: str

    @cached_property
    def places(self) -> Places:
        """Where the results lie."""
        return Places(
            workspace=self.workspace,
            plan=self.plan,
            records=self.records.fingerprint,
            people=self.key_id,
            counted=self.counted,
            columns=tuple(name or POPULATION for name in self.study.dataset),
            events=event_columns(self.study.events),
            ending=self.options.format,
        )

    @property
    def people(self) -> PeopleKey:
        """What the hashes of people are made with. Those of a dataset are in no
        count.
        """
        ensure(
            self.key is not None or not self.study.measures,
            "there is no key to count people with",
        )
        return (self.key or PUBLIC).people

    @cached_property
    def recipes(self) -> Mapping[Interval, Recipe]:
        """The recipe of each chosen interval."""
        return (
            {interval: self.counted.of[interval] for interval in self.chosen}
            if self.counted
            else {}
        )

    @property
    def timelines(self) -> Timelines:
        """What is counted for all periods at once."""
        return self.counted.timelines if self.counted else NOTHING

    @cached_property
    def parts(self) -> dict[str, Part]:
        """How each series is computed in the periods that the study has."""
        return self.counted.parts() if self.counted else dict(self.plan.parts)

    @property
    def parts_by_title(self) -> dict[str, Part]:
        """The same by the names that people know; a measure's series have names of
        content.
        """
        titles = counting.titles(self.study.measures)
        return {titles.get(name, name): part for name, part in self.parts.items()}

    @cached_property
    def jobs(self) -> dict[str, PeriodJob]:
        """The work of each chosen period under the period's name."""
        bounds = Bounds(1, settings().worker_memory, self.workspace.spill)
        if not self.counted:
            return rows_only(self.rows, self.places, bounds)
        jobs = period_jobs(self.recipes, self.places, bounds)
        found: dict[str, PeriodJob] = {}
        for name, job in jobs.items():
            found[name] = replace(job, rows=self.rows.get(job.interval))
        return found

    @cached_property
    def rows(self) -> Mapping[Interval, RowsJob]:
        """The files of patients of each chosen period, if any are asked for."""
        every = rows_jobs(self.study, self.plan, self.options.arguments, self.places)
        return {
            interval: every[interval] for interval in self.chosen if interval in every
        }

    def timed(self, interval: Interval) -> Timed | None:
        """Where a period is among all that are counted at once; None if nothing of it
        is.
        """
        return timed(interval, self.counted, self.places) if self.counted else None
