"""The story of one run: records, snapshot, static table, periods, counts, release.

One Prefect task per period, in a thread, which hands one Dask task to the cluster and waits for its small
status. Prefect's database sees names, dates, states and safe reasons, and nothing else.
"""

import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from distributed import Client
from distributed.scheduler import KilledWorker
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.futures import wait
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from extractors.errors import CohortflowError
from extractors.snapshot import warnings_of
from flows import work
from flows.cluster import open_cluster
from flows.outcome import Outcome, manifest, starter_warning, write_outcome
from flows.periods import DONE, FAILED, MISSING, period_states
from flows.prepare import Options, Prepared, prepare
from flows.progress import RunProgress
from flows.protect import protect
from flows.settings import settings
from flows.store import write_json
from flows.work import Bounds, PeriodJob, Status
from measures import counting
from measures.disclosure.types import RawCounts
from measures.gathering import gather
from measures.release import headlines, write_release

WAITING = 16  # Prefect tasks that wait for the cluster at a time: enough to keep workers busy, few enough to be light
RETRIES, RETRY_SECONDS = 2, 2
AGAIN = "(trying again may help)"
SAFE: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False, "log_prints": False}


class StepFailed(Exception):
    """A step without result; the text is safe to show."""


@flow(
    name="cohortflow",
    task_runner=ThreadPoolTaskRunner(max_workers=WAITING),  # type: ignore[arg-type]
    persist_result=False,
    log_prints=False,
    retries=0,
    validate_parameters=False,
)
def study_run(
    options: dict[str, Any], only: Sequence[str] | None = None, force: bool = False, quiet: bool = False
) -> State:
    """Run a study: `options` as for `flows.prepare.Options`; `only` names the periods to compute.

    Done periods are left as they are unless `force`. The outcome is written to the workspace.
    """
    try:
        prepared = prepare(Options(**options))
        with prepared.workspace.locked():
            prepared.workspace.prepare()
            outcome = _Run(prepared, force=force, quiet=quiet).conduct(only)
            write_outcome(prepared.workspace, outcome)
    except CohortflowError as error:
        raise error from None
    except Exception as error:  # its text and traceback would go to Prefect's database
        raise _safe(error, "The run") from None
    return _state_of(outcome)


def _state_of(outcome: Outcome) -> State:
    if outcome.failed:
        names = ", ".join(outcome.failed)
        return Failed(message=f"{len(outcome.failed)} of {len(outcome.periods)} periods failed: {names}")
    return Completed(message=f"{len(outcome.periods) - len(outcome.waiting)} of {len(outcome.periods)} periods done")


@task(name="step", task_run_name="{name}", **SAFE)
def step(name: str, wait_for_it: Callable[[], Any]) -> None:
    """Something done once, before or after the periods."""
    wait_for_it()


def _may_help(_task: object, _run: object, state: State) -> bool:
    return AGAIN in (state.message or "")


@task(
    name="extract",
    task_run_name="extract {period}",
    retries=RETRIES,
    retry_delay_seconds=RETRY_SECONDS,
    retry_condition_fn=_may_help,
    **SAFE,
)
def extract(period: str, conduct: Callable[[str], Status]) -> None:
    """One period; `conduct` hands it to the cluster and waits for its status."""
    status = conduct(period)
    if not status.ok:
        raise StepFailed(f"{status.reason} {AGAIN if status.transient else ''}".strip())


class _Run:
    """One run of a prepared study on a cluster."""

    def __init__(self, prepared: Prepared, *, force: bool, quiet: bool):
        self.prepared, self.force, self.quiet = prepared, force, quiet
        self.settings = settings()

    def conduct(self, only: Sequence[str] | None) -> Outcome:
        """Make what is missing, then release if everything is there."""
        started = time.monotonic()
        due = self._due(only)
        with RunProgress(self.prepared.study.name, len(due), quiet=self.quiet) as self.progress:
            if due:
                with open_cluster(self.prepared.options.cluster, self.settings) as self.client:
                    self._prepare_inputs()
                    self._extract_all(due)
                    outcome = self._concluded(due, self.client)
            else:
                outcome = self._concluded(due, None)
        return replace(outcome, seconds=round(time.monotonic() - started, 1))

    def _due(self, only: Sequence[str] | None) -> list[PeriodJob]:
        states = period_states(self.prepared)
        chosen = [state for state in states if only is None or state.job.period in only]
        return [state.job for state in chosen if self.force or state.state != DONE]

    # what is done once

    def _prepare_inputs(self) -> None:
        prepared, client = self.prepared, self.client
        suspect = any(state.state == FAILED for state in period_states(prepared))
        bounds = Bounds(self.settings.workers, self.settings.memory, prepared.workspace.spill)
        records, plan, snapshot, static = prepared.records, prepared.plan, prepared.snapshot, prepared.static
        folder = snapshot.folder
        again = {"suspect": suspect, "pure": False}
        self._once("records", lambda: client.submit(work.make_records, records, pure=False))
        self._once("snapshot", lambda: client.submit(work.make_snapshot, records, plan, folder, bounds, **again))
        self._once("static", lambda: client.submit(work.make_static, plan, snapshot, static, bounds, **again))
        for interval, job in zip(prepared.recipes, prepared.jobs.values(), strict=True):
            if not job.recipe.exists():
                write_json(job.recipe, prepared.recipes[interval].as_json())

    def _once(self, name: str, submit: Callable[[], Any]) -> None:
        """One step before the periods; its error, made safe, ends the run."""
        self.progress.step(name)
        errors: list[CohortflowError] = []

        def wait_for_it() -> None:
            try:
                submit().result()
            except Exception as error:
                errors.append(_safe(error, name))
                raise StepFailed(errors[0].message) from None

        step(name, wait_for_it, return_state=True)
        if errors:
            self._keep(name, errors[0])
            raise errors[0] from None

    def _keep(self, name: str, error: CohortflowError) -> None:
        """All that is known of an error, on the shelf where it may lie."""
        work.record_failure(self.prepared.workspace.folder("errors") / f"{name}.json", error.message, error.detail)

    # the periods

    def _extract_all(self, due: list[PeriodJob]) -> None:
        self.progress.step("periods")
        futures = [extract.submit(job.period, self._conduct_period) for job in due]
        wait(futures)

    def _conduct_period(self, period: str) -> Status:
        job = self.prepared.jobs[period]
        try:
            status = self.client.submit(work.extract, job, force=self.force, pure=False).result()
        except KilledWorker:
            status = Status("The worker died several times.", exit_code=1)
            work.record_failure(job.error, status.reason)
        except Exception as error:
            status = Status(_safe(error, period).message, transient=True, exit_code=1)
            work.record_failure(job.error, status.reason, str(error))
        self.progress.period(ok=status.ok)
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
        failed = {s.job.period: s.reason or "no result" for s in states if s.state != DONE and s.job.period in tried}
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
        told = {**manifest(prepared, outcome.warnings), **passed.manifest}
        released = passed.protection.released
        write_release(released, prepared.workspace.release, told, audit=passed.audit.as_json())
        return replace(outcome, warnings=warnings, headlines=tuple(headlines(released)))

    def _gathered(self) -> RawCounts:
        measures = self.prepared.study.measures
        tables = (_read_counts(job) for job in self.prepared.jobs.values())
        return gather(tables, counting.shapes(measures, list(self.prepared.recipes)), counting.group_types(measures))


def _read_counts(job: PeriodJob) -> pa.Table:
    return pq.ParquetFile(job.counts).read()


def _safe(error: Exception, what: str) -> CohortflowError:
    if isinstance(error, CohortflowError):
        return error
    detail = "".join(traceback.format_exception(error))
    return CohortflowError(f"{what} ended with an unexpected {type(error).__name__}.", detail)


def run(options: Options, *, only: Sequence[str] | None = None, force: bool = False, quiet: bool = False) -> None:
    """Run a study as one flow run. Raises CohortflowError for what ends a run before its periods."""
    jobs = list(prepare(options).jobs.values())
    name = f"{options.study} {jobs[0].interval[0]}..{jobs[-1].interval[0]}"
    flow_run = study_run.with_options(flow_run_name=name)
    state = flow_run(asdict(options), only, force, quiet, return_state=True)
    result = state.result(raise_on_failure=False)
    if isinstance(result, BaseException):
        raise result
