"""The work of a run as tasks of Prefect, each of which waits for a worker of Dask."""

from collections.abc import Callable
from typing import Any

from distributed import Client

from flows.running.cluster import on_cluster
from flows.running.limits import limited
from flows.running.tasks import step
from flows.workspace.settings import Limit


class OnDask:
    """Hands of a cluster."""

    def __init__(self, client: Client):
        self.client = client

    def step(self, name: str, work: Callable[[], None]) -> None:
        """As `Hands.step`; Prefect shows it, and tries again."""
        step(name, work, return_state=True)

    def call(self, limit: Limit, what: str, function: Callable, *inputs: Any, **settings: Any) -> Any:
        """As `Hands.call`, on a worker."""
        return on_cluster(self.client, what, limited, limit, what, function, *inputs, **settings)

    def stop(self) -> None:
        """Do nothing: an own cluster ends with the run, and a named one belongs to others."""
