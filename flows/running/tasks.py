"""The two kinds of Prefect tasks: a step that is done once, and a period.

Prefect's database sees names, states and safe reasons of them, and nothing else.
"""

from collections.abc import Callable
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State

from flows.preparing.jobs import Status
from flows.running.hands import DELAYS, StepFailed

SAFE: dict[str, Any] = {
    "cache_policy": NO_CACHE,
    "persist_result": False,
    "log_prints": False,
}


def _may_help(_task: object, _run: object, state: State) -> bool:
    """Prefect asks this after every failure, with the exception in the state."""
    return isinstance(state.data, StepFailed) and state.data.transient


JUDGED: dict[str, Any] = {
    "retries": len(DELAYS),
    "retry_delay_seconds": [*DELAYS],
    "retry_condition_fn": _may_help,
}


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
