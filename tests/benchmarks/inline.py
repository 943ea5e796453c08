"""The steps of a run in this process, without Prefect, Dask and release."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from extractors.errors import CohortflowError
from flows.preparing.jobs import PeriodJob
from flows.preparing.prepared import Prepared
from flows.preparing.recipes import study_recipes
from flows.running import work
from flows.running.steps import Steps
from measures.disclosure.memory.keys import PUBLIC

NOBODY: Any = None  # neither a cluster nor somebody who watches


class InlineRun(Steps):
    """A run of which single steps can be asked for, each done when the call returns."""

    def __init__(self, prepared: Prepared):
        super().__init__(_keyed(prepared), NOBODY, NOBODY, force=False, anew=False)
        prepared.workspace.prepare()
        # the periods that `make` has carried over
        self.carried: list[str] = []

    def make(self, periods: Iterable[str]) -> None:
        """Make some periods as a run does: those that can be are carried over."""
        due = [self.prepared.jobs[period] for period in periods]
        left = [job.period for job in self.carry_over(due)]
        self.carried = [job.period for job in due if job.period not in left]
        self.extract(left)

    def extract(self, periods: Iterable[str]) -> None:
        for period in periods:
            job = self.prepared.jobs[period]
            _extract(replace(job, timed=self.prepared.timed(job.interval)))

    def extract_general(self, periods: Iterable[str], folder: Path) -> list[PeriodJob]:
        """The same counts from whole cohorts over the snapshot, as for series whose
        changes nobody knows.

        The cohorts and counts go to an empty folder; all of the machine is used for one
        period after the other.
        """
        jobs = [
            replace(
                self.prepared.jobs[period],
                timed=None,
                cohort=folder / f"cohort-{period}.parquet",
                counts=folder / f"counts-{period}.parquet",
                bounds=self.all_bounds,
            )
            for period in periods
        ]
        for job in jobs:
            _extract(job)
        return jobs

    def _step(self, name: str, tried: Callable[[], list[CohortflowError]]) -> None:
        for error in tried():
            raise error

    def _attempts(
        self,
        name: str,
        make: Callable[..., None],
        several: Sequence[tuple],
        **settings: Any,
    ) -> list[CohortflowError]:
        for inputs in several:
            if error := work.attempt(name, make, *inputs, **settings):
                return [error]
        return []


def _keyed(prepared: Prepared) -> Prepared:
    """With the public key where there is none yet: nothing is released, and nobody's
    key is made.
    """
    if prepared.key:
        return prepared
    counted = study_recipes(
        prepared.study, prepared.named, prepared.plan, prepared.records, PUBLIC.id
    )
    return replace(prepared, key=PUBLIC, counted=counted)


def _extract(job: PeriodJob) -> None:
    status = work.extract(job)
    if not status.ok:
        raise SystemExit(f"{job.period}: {status.reason}")
