"""The story of one run: records, snapshot, static table, periods, counts, release.

One Prefect task per period, in a thread, which hands one Dask task to the cluster and waits for its small
status. Prefect's database sees names, dates, states and safe reasons, and nothing else.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from distributed import Client
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import wait
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from extractors.errors import CohortflowError
from extractors.snapshot import warnings_of
from flows import work
from flows.cluster import on_cluster, open_cluster
from flows.crashed import follow
from flows.dataset import make_dataset
from flows.judging import judged
from flows.limits import limited
from flows.outcome import Outcome, manifest, note_end, starter_warning, write_outcome
from flows.periods import DONE, FAILED, MISSING, period_states
from flows.prepare import Options, Prepared, prepare
from flows.progress import RunProgress, Watch
from flows.protect import protect
from flows.settings import settings
from flows.store import umask, write_json
from flows.telling import telling
from flows.work import Bounds, PeriodJob, Status
from measures import counting
from measures.disclosure.types import RawCounts
from measures.gathering import gather
from measures.release import headlines, write_release

WAITING = 16  # Prefect tasks that wait for the cluster at a time: enough to keep workers busy, few enough to be light
KNOWN: list[Prepared] = []  # what this process has prepared for the flow that it is about to start
ENDED: list[Outcome] = []  # what this process has run to its end, whatever Prefect and the workspace know of it
SAFE: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False, "log_prints": False}


class StepFailed(Exception):
    """A step or period without result; the text is safe to show. `transient`: another try may help."""

    def __init__(self, message: str, transient: bool = False):
        super().__init__(message)
        self.transient = transient

    def __reduce__(self) -> tuple:
        return type(self), (str(self), self.transient)


# Every entry is the same flow to those who watch: `cohortflow`, by command or by deployment.
FLOW: dict[str, Any] = {
    "name": "cohortflow",
    "task_runner": ThreadPoolTaskRunner(max_workers=WAITING),
    "persist_result": False,
    "log_prints": False,
    "retries": 0,
}


@flow(**FLOW, flow_run_name="{options[study]}", validate_parameters=False)
def study_run(
    options: dict[str, Any], only: Sequence[str] | None = None, force: bool = False, quiet: bool = False
) -> State:
    """Run a study: `options` as for `flows.prepare.Options`; `only` names the periods to compute.

    Done periods are left as they are unless `force`. The outcome is written to the workspace.
    """
    return carry_out(Options(**options), only, force=force, quiet=quiet)


def carry_out(
    options: Options, only: Sequence[str] | None = None, *, force: bool = False, quiet: bool = False
) -> State:
    """The body of every flow: as for `study_run`. Raises nothing but CohortflowError."""
    try:
        prepared = KNOWN.pop() if KNOWN else prepare(options)
        with (
            prepared.workspace.locked() as usual,
            follow(prepared.workspace.flow_run),
            telling(prepared) as tell,
        ):
            prepared.workspace.prepare()
            periods = tuple(prepared.jobs)  # already now, so that `status` also knows of a run that is killed
            begun = tuple(period for period in periods if only is None or period in only)
            write_outcome(prepared.workspace, Outcome(prepared.options, periods, waiting=periods, begun=begun))
            outcome = _Run(prepared, force=force, quiet=quiet, umask=usual, watch=tell.moved).conduct(only)
            note_end(prepared.workspace, outcome)
            ENDED.append(outcome)
            tell.ended(outcome)
    except CohortflowError as error:
        raise error from None
    except Exception as error:  # its text and traceback would go to Prefect's database
        raise judged(error, "The run") from None
    return _state_of(outcome)


def _state_of(outcome: Outcome) -> State:
    if outcome.dataset:
        return Completed(message="the dataset is written")
    if outcome.failed:
        names = ", ".join(outcome.failed)
        return Failed(message=f"{len(outcome.failed)} of {len(outcome.periods)} periods failed: {names}")
    return Completed(message=f"{len(outcome.periods) - len(outcome.waiting)} of {len(outcome.periods)} periods done")


def _may_help(_task: object, _run: object, state: State) -> bool:
    """Prefect asks this after every failure, with the exception in the state."""
    return isinstance(state.data, StepFailed) and state.data.transient


JUDGED: dict[str, Any] = {"retries": 2, "retry_delay_seconds": [2, 8], "retry_condition_fn": _may_help}


@task(name="step", task_run_name="{name}", **JUDGED, **SAFE)
def step(name: str, wait_for_it: Callable[[], Any]) -> None:
    """Something done once, before or after the periods."""
    wait_for_it()


@task(name="extract", task_run_name="extract {period}", **JUDGED, **SAFE)
def extract(period: str, conduct: Callable[[str], Status]) -> None:
    """One period; `conduct` hands it to the cluster and waits for its status."""
    status = conduct(period)
    if not status.ok:
        raise StepFailed(status.reason, status.transient)


class _Run:
    """One run of a prepared study on a cluster."""

    def __init__(self, prepared: Prepared, *, force: bool, quiet: bool, umask: int, watch: Watch):
        self.prepared, self.force, self.quiet, self.umask, self.watch = prepared, force, quiet, umask, watch
        self.anew = False  # whether what is counted at once is forced, too: if all periods are
        self.stopped = False  # by Ctrl-C: what ends with the cluster then has not failed
        self.reasons: dict[str, str] = {}  # why periods failed now; a full disk keeps them from being noted
        self.settings = settings()

    def conduct(self, only: Sequence[str] | None) -> Outcome:
        """Make what is missing, then release if everything is there."""
        if self.prepared.study.kind == "dataset":
            return self._extract_dataset()
        started = time.monotonic()
        due, self.anew = self._due(only), self.force and only is None
        with RunProgress(self.prepared.study.name, len(due), quiet=self.quiet, watch=self.watch) as self.progress:
            if due:
                with open_cluster(self.prepared.options.cluster, self.settings) as self.client, self._minding():
                    self._prepare_inputs()
                    self._extract_all(due)
                    outcome = self._concluded(due, self.client)
            else:
                outcome = self._concluded(due, None)
        return replace(outcome, seconds=round(time.monotonic() - started, 1))

    @contextmanager
    def _minding(self) -> Iterator[None]:
        """Before the cluster ends: whether somebody stopped the run."""
        try:
            yield
        except KeyboardInterrupt:
            self.stopped = True
            raise

    def _extract_dataset(self) -> Outcome:
        """A dataset definition has no periods and no release: one file of rows for the highly_sensitive shelf."""
        prepared, started = self.prepared, time.monotonic()
        with RunProgress(prepared.study.name, 1, quiet=self.quiet, watch=self.watch) as self.progress:
            with open_cluster(prepared.options.cluster, self.settings) as self.client:
                self._prepare_inputs()
                inputs = (prepared.plan, prepared.snapshot, prepared.static, prepared.dataset, self._all_bounds)
                self._once("dataset", make_dataset, *inputs)
            self.progress.period("dataset", ok=True)
        path = prepared.workspace.relative(prepared.dataset)
        seconds = round(time.monotonic() - started, 1)
        return Outcome(prepared.options, (), warnings=tuple(self._warnings()), dataset=path, seconds=seconds)

    def _due(self, only: Sequence[str] | None) -> list[PeriodJob]:
        states = period_states(self.prepared)
        chosen = [state for state in states if only is None or state.job.period in only]
        return [state.job for state in chosen if self.force or state.state != DONE]

    # what is done once

    @property
    def _all_bounds(self) -> Bounds:
        """All cores for what is done alone, but the memory of one worker: no process shall grow beyond its share."""
        return Bounds(self.settings.workers, self.settings.worker_memory, self.prepared.workspace.spill)

    @property
    def _worker_bounds(self) -> Bounds:
        """One worker's share, for what all do side by side."""
        return Bounds(1, self.settings.worker_memory, self.prepared.workspace.spill)

    def _prepare_inputs(self) -> None:
        prepared, suspect = self.prepared, self._suspect()
        bounds, snapshot, static = self._all_bounds, prepared.snapshot, prepared.static
        self._once("records", work.make_records, prepared.records)
        inputs = (prepared.records, prepared.plan, snapshot.folder, bounds)
        self._once("snapshot", work.make_snapshot, *inputs, suspect=suspect)
        several = [(prepared.static_sql, snapshot, shard, static, self._worker_bounds) for shard in self._shards]
        self._steps("static", work.make_static, several, suspect=suspect)
        if prepared.timelines.chains:
            self._count_at_once(suspect)
        for interval, job in zip(prepared.recipes, prepared.jobs.values(), strict=True):
            if not job.recipe.exists():
                write_json(job.recipe, prepared.recipes[interval].as_json())

    def _count_at_once(self, suspect: bool) -> None:
        """Count everything whose changes in time are known, for all periods together."""
        prepared = self.prepared
        timelines, folder = prepared.timelines, prepared.timelines_folder
        static, bounds = prepared.static, self._worker_bounds
        several = [(timelines, prepared.snapshot, shard, static, folder, bounds) for shard in self._shards]
        self._steps("timelines", work.make_timelines, several, suspect=suspect or self.force, force=self.anew)
        paths = [prepared.chain_counts(number) for number in range(len(timelines.chains))]
        self._once("counts", work.make_counts, timelines, folder, paths, self._all_bounds, anew=suspect or self.force)

    @property
    def _shards(self) -> range:
        return range(len(self.prepared.snapshot.shards))

    def _once(self, name: str, make: Callable[..., None], *inputs: Any, **settings: Any) -> None:
        """One step before the periods; its error, made safe, ends the run."""
        self._steps(name, make, [inputs], **settings)

    def _steps(self, name: str, make: Callable[..., None], several: Sequence[tuple], **settings: Any) -> None:
        """A step before the periods, done in parallel for several inputs; an error, made safe, ends the run."""
        self.progress.step(name)
        tries: list[list[CohortflowError]] = []  # the errors of each

        def wait_for_it() -> None:
            tries.append(self._attempts(name, make, several, **settings))
            for error in tries[-1]:
                raise StepFailed(error.message, error.transient) from None

        step(name, wait_for_it, return_state=True)
        for error in tries[-1]:
            work.record_failure(self._step_error(name), error.message, error.detail)
            raise error from None
        self._step_error(name).unlink(missing_ok=True)

    def _attempts(
        self, name: str, make: Callable[..., None], several: Sequence[tuple], **settings: Any
    ) -> list[CohortflowError]:
        """The errors of one try for each of several inputs, side by side."""
        with ThreadPoolExecutor(WAITING) as waiting:
            tried = waiting.map(lambda inputs: self._attempt(name, make, *inputs, **settings), several)
            return [error for error in tried if error]

    def _attempt(self, name: str, make: Callable[..., None], *inputs: Any, **settings: Any) -> CohortflowError | None:
        try:
            call = (limited, self.settings.step, name, work.attempt, name, make, *inputs)
            return on_cluster(self.client, name, *call, **settings)
        except CohortflowError as error:  # the cluster's own
            return error

    def _step_error(self, name: str) -> Path:
        """Where all that is known of a step's error is kept until the step goes well."""
        return self.prepared.workspace.folder("errors") / f"{name}.json"

    def _suspect(self) -> bool:
        """Whether something failed on what there is, so that it may be damaged."""
        failed = any(state.state == FAILED for state in period_states(self.prepared))
        return failed or any(
            self._step_error(name).exists() for name in ("snapshot", "static", "timelines", "counts", "dataset")
        )

    # the periods

    def _extract_all(self, due: list[PeriodJob]) -> None:
        self.progress.step("periods")
        futures = [extract.submit(job.period, self._conduct_period) for job in due]
        wait(futures)

    def _conduct_period(self, period: str) -> Status:
        job = self.prepared.jobs[period]
        job = replace(job, timed=self.prepared.timed(job.interval))
        try:
            limit = self.settings.period
            status = on_cluster(self.client, period, limited, limit, period, work.extract, job, force=self.force)
        except CohortflowError as error:  # the cluster's own
            status = Status(error.message, error.transient and not self.stopped, error.exit_code)
            if self.stopped:
                return status
            work.record_failure(job.error, error.message, error.detail)
        self.reasons[period] = status.reason
        self.progress.period(period, ok=status.ok)
        return status

    # the end

    def _concluded(self, due: list[PeriodJob], client: Client | None) -> Outcome:
        outcome = self._outcome(due)
        if not outcome.released:
            return outcome
        self.progress.step("release")
        return self._release(outcome, client)

    def _outcome(self, due: list[PeriodJob]) -> Outcome:
        states = period_states(self.prepared)
        tried = {job.period for job in due}
        left = [state for state in states if state.state != DONE and state.job.period in tried]
        failed = {s.job.period: self.reasons.get(s.job.period) or s.reason or "no result" for s in left}
        return Outcome(
            options=self.prepared.options,
            periods=tuple(state.job.period for state in states),
            computed=tuple(s.job.period for s in states if s.state == DONE and s.job.period in tried),
            failed=failed,
            waiting=tuple(s.job.period for s in states if s.state in (MISSING, FAILED) and s.job.period not in tried),
            warnings=tuple(self._warnings()),
        )

    def _warnings(self) -> list[str]:
        folder = self.prepared.snapshot.folder
        return [*starter_warning(self.prepared), *(warnings_of(folder) if folder.exists() else [])]

    def _release(self, outcome: Outcome, client: Client | None) -> Outcome:
        prepared = self.prepared
        passed = protect(prepared, self._gathered(), client)
        warnings = (*outcome.warnings, *passed.warnings)
        told = {**manifest(prepared, outcome.warnings, passed.key), **passed.manifest}
        released = passed.protection.released
        with umask(self.umask):  # for others to read
            write_release(released, prepared.workspace.release, told, audit=passed.audit.as_json())
        return replace(outcome, warnings=warnings, headlines=tuple(headlines(released)))

    def _gathered(self) -> RawCounts:
        measures = self.prepared.study.measures
        tables = (_read_counts(job) for job in self.prepared.jobs.values())
        return gather(tables, counting.shapes(measures, list(self.prepared.recipes)), counting.group_types(measures))


def _read_counts(job: PeriodJob) -> pa.Table:
    try:
        return pq.ParquetFile(job.counts).read(use_threads=False)  # a few hundred rows
    except (OSError, pa.ArrowException) as error:
        remedy = f"make them anew with: cohortflow rerun … --periods {job.period}"
        raise CohortflowError(f"The raw counts of {job.period} are damaged; {remedy}", str(error)) from None
