"""A dataset made in this process, unless a Prefect server or a Dask cluster is named.

A dataset has no periods to watch or to run again one by one. With a server and a
cluster a run of 2,000 people and 18 variables took 11 CPU seconds; in this process it
takes 1.1.
"""

import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from extractors.engine import interrupt_all
from flows.prefect_server.temporary_server import is_named
from flows.preparing.options import Options
from flows.preparing.prepared import Prepared
from flows.running.at_work import at_work
from flows.running.dataset import extract_dataset
from flows.running.hands import DELAYS, StepFailed
from flows.running.limits import AGAIN, limited
from flows.running.progress import RunProgress
from flows.running.steps import Steps
from flows.state.outcome import Outcome, note_end
from flows.state.standing import refuse_to_replace
from flows.workspace.judging import judged
from flows.workspace.settings import CLUSTER, Limit, settings


def may_run_here(options: Options) -> bool:
    """Whether neither a Prefect server nor a cluster is named."""
    return not (is_named() or options.cluster or os.environ.get(CLUSTER))


def run_here(prepared: Prepared, *, force: bool = False) -> Outcome:
    """Make the rows of a dataset definition. Raises CohortflowError."""
    try:
        with prepared.workspace.locked():
            refuse_to_replace(prepared.workspace, made_up=prepared.records.made_up)
            with at_work(prepared):
                outcome = _extracted(prepared, force=force)
            note_end(prepared.workspace, outcome)
    except Exception as error:
        raise judged(error, "The run") from None
    return outcome


def _extracted(prepared: Prepared, *, force: bool) -> Outcome:
    with RunProgress(prepared.study.name, 1) as progress:
        return extract_dataset(
            Steps(prepared, Here(), progress, force=force, anew=False)
        )


class Here:
    """Hands of this process: as many at once as a cluster would have workers."""

    def __init__(self) -> None:
        self._free = threading.Semaphore(settings().workers)
        self._threads: set[int] = set()
        self._stopped = False

    def step(self, name: str, work: Callable[[], None]) -> None:
        """As `Hands.step`."""
        for delay in (*DELAYS, None):
            try:
                return work()
            except StepFailed as failed:
                if delay is None or not failed.transient or self._stopped:
                    return
            time.sleep(delay)

    def call(
        self, limit: Limit, what: str, function: Callable, *inputs: Any, **settings: Any
    ) -> Any:
        """As `Hands.call`, in the thread that asks."""
        with self._free:
            if self._stopped:
                raise KeyboardInterrupt
            self._threads.add(threading.get_ident())
            try:
                return limited(limit, what, function, *inputs, on_end=_say, **settings)
            finally:
                self._threads.remove(threading.get_ident())

    def stop(self) -> None:
        """Begin nothing more, and interrupt DuckDB until all that works has ended."""
        self._stopped = True
        threading.Thread(target=self._interrupt, daemon=True).start()

    def _interrupt(self) -> None:
        while self._threads:
            for thread in list(self._threads):
                with suppress(RuntimeError):  # an engine that closes meanwhile
                    interrupt_all(thread, "The run was stopped.")
            time.sleep(AGAIN)


def _say(said: str) -> None:
    """Say why this process ends: no nanny replaces it."""
    print(f"cohortflow: {said}", file=sys.stderr, flush=True)
