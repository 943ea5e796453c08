"""The conduct of one run: its steps, its periods side by side, its end."""

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial

from distributed import Client
from prefect.futures import wait

from extractors.errors import CohortflowError
from flows.preparing.estimate import expected_steps
from flows.preparing.jobs import PeriodJob, Status
from flows.preparing.prepared import Prepared
from flows.preparing.rows import OUTPUT
from flows.running import work
from flows.running.cluster import EarlyCluster, address_of, open_cluster
from flows.running.dataset import extract_dataset
from flows.running.ending import release
from flows.running.on_dask import OnDask
from flows.running.outcomes import outcome_of
from flows.running.progress import RunProgress, Watch
from flows.running.steps import Steps
from flows.running.suspicion import due, is_undescribed
from flows.running.tasks import extract
from flows.state.outcome import Outcome
from flows.workspace.code import own_code
from flows.workspace.failures import record_failure
from flows.workspace.settings import settings


@dataclass(frozen=True)
class Working:
    """What a run has while it is at work."""

    # the workers, as Prefect's tasks reach them
    hands: OnDask
    # the bar of the terminal, and the page of Prefect
    progress: RunProgress


class Run:
    """One run of a prepared study on a cluster."""

    def __init__(
        self,
        prepared: Prepared,
        *,
        force: bool,
        quiet: bool,
        watch: Watch,
        early: EarlyCluster | None = None,
    ):
        self.prepared = prepared
        self.force = force
        self.quiet = quiet
        self.watch = watch
        self.early = early
        # by Ctrl-C: what ends with the cluster then has not failed
        self.stopped = False
        # why periods failed now; a full disk keeps them from being noted
        self.reasons: dict[str, str] = {}
        self.seconds: dict[str, float] = {}  # how long each period took its worker
        # the periods whose results are those of the load before
        self.carried: tuple[str, ...] = ()
        self.settings = settings()

    def conduct(self, only: Sequence[str] | None) -> Outcome:
        """Make what is missing, then release if everything is there."""
        started = time.monotonic()
        is_dataset = not self.prepared.jobs
        outcome = self._extract_dataset() if is_dataset else self._extract_periods(only)
        return replace(outcome, seconds=round(time.monotonic() - started, 1))

    def _extract_dataset(self) -> Outcome:
        with self._progress(1) as progress, self._cluster() as client:
            return extract_dataset(
                self._steps(Working(self._hands(client), progress), anew=False)
            )

    def _extract_periods(self, only: Sequence[str] | None) -> Outcome:
        chosen = self._due(only)
        with self._progress(len(chosen)) as progress:
            if not chosen and not is_undescribed(self.prepared):
                return self._concluded(chosen, progress, None)
            with self._cluster() as client, self._minding():
                working = Working(self._hands(client), progress)
                steps = self._steps(working, anew=self.force and only is None)
                steps.prepare_inputs()
                self._extract_all(self._left(chosen, steps, progress), working)
                return self._concluded(chosen, progress, client)

    def _progress(self, periods: int) -> RunProgress:
        return RunProgress(
            self.prepared.study.name,
            periods,
            quiet=self.quiet,
            watch=self.watch,
            expected=expected_steps(self.prepared),
        )

    def _cluster(self) -> AbstractContextManager[Client]:
        place = self.prepared.workspace.dask
        return open_cluster(
            self.prepared.options.cluster, self.settings, place, self.early
        )

    def _hands(self, client: Client) -> OnDask:
        return OnDask(
            client, own_code() if address_of(self.prepared.options.cluster) else None
        )

    def _steps(self, working: Working, *, anew: bool) -> Steps:
        """`anew`: whether what is counted at once is forced, too: if all periods
        are.
        """
        return Steps(
            self.prepared, working.hands, working.progress, force=self.force, anew=anew
        )

    @contextmanager
    def _minding(self) -> Iterator[None]:
        """Before the cluster ends: whether the run was stopped."""
        try:
            yield
        except KeyboardInterrupt:
            self.stopped = True
            raise

    def _due(self, only: Sequence[str] | None) -> list[PeriodJob]:
        missing = due(self.prepared, only)
        if self.force:
            found: list[PeriodJob] = []
            for job in self.prepared.jobs.values():
                if only is None or job.period in only:
                    found.append(job)
            return found
        return missing

    def _left(
        self, chosen: list[PeriodJob], steps: Steps, progress: RunProgress
    ) -> list[PeriodJob]:
        """The periods that are not done once those are carried over that can be."""
        left = steps.carry_over(chosen)
        names = {job.period for job in left}
        self.carried = tuple(job.period for job in chosen if job.period not in names)
        for period in self.carried:
            progress.period(period, ok=True)
        return left

    def _extract_all(self, chosen: list[PeriodJob], working: Working) -> None:
        working.progress.step("periods")
        jobs = {job.period: self._timed(job) for job in chosen}
        working.hands.hand_in(
            self.settings.period, work.extract, jobs, force=self.force
        )
        conduct = partial(self._conduct_period, working)
        futures = [extract.submit(job.period, conduct) for job in chosen]
        wait(futures)

    def _timed(self, job: PeriodJob) -> PeriodJob:
        return replace(job, timed=self.prepared.timed(job.interval))

    def _conduct_period(self, working: Working, period: str) -> Status:
        job = self._timed(self.prepared.jobs[period])
        try:
            status = working.hands.call(
                self.settings.period, period, work.extract, job, force=self.force
            )
        except CohortflowError as error:  # the cluster's own
            status = Status(
                error.message, error.transient and not self.stopped, error.exit_code
            )
            if self.stopped:
                return status
            record_failure(job.error, error.message, error.detail)
        self.reasons[period] = status.reason
        self.seconds[period] = status.seconds
        working.progress.period(period, ok=status.ok)
        return status

    def _concluded(
        self, chosen: list[PeriodJob], progress: RunProgress, client: Client | None
    ) -> Outcome:
        outcome = replace(
            outcome_of(self.prepared, chosen, self.reasons), carried=self.carried
        )
        if not outcome.released:
            return outcome
        if not self.prepared.study.measures:
            return replace(
                outcome,
                dataset=self.prepared.workspace.relative(
                    self.prepared.workspace.folder(OUTPUT)
                ),
            )
        progress.step("release")
        return release(
            self.prepared, outcome, client, step=progress.step, anew=self.force
        )
