"""The work of a run as tasks of Prefect, each of which waits for a worker of Dask."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from distributed import Client, Future

from extractors.errors import CohortflowError
from flows.running.cluster import awaited, handed_in, on_cluster
from flows.running.limits import limited
from flows.running.same_code import with_code
from flows.running.tasks import step
from flows.workspace.code import CodeParts
from flows.workspace.settings import Limit


class OnDask:
    """Hands of a cluster. `code`: what every worker must have, where the cluster is not
    the run's own.
    """

    def __init__(self, client: Client, code: CodeParts | None = None):
        self.client = client
        self.code = code
        self._handed: dict[str, Future] = {}

    def hand_in(
        self,
        limit: Limit,
        function: Callable,
        inputs: Mapping[str, Any],
        **settings: Any,
    ) -> None:
        """Give the workers a call for each name, all at once; the first `call` of that
        name waits for it.

        One message instead of one for each. Where the cluster is lost, `call` says so.
        """
        calls = []
        for name, given in inputs.items():
            calls.append(self._checked(limited, limit, name, function, given))
        with suppress(CohortflowError):
            self._handed = dict(
                zip(inputs, handed_in(self.client, calls, **settings), strict=True)
            )

    def step(self, name: str, work: Callable[[], None]) -> None:
        """As `Hands.step`; Prefect shows it, and tries again."""
        step(name, work, return_state=True)

    def call(
        self, limit: Limit, what: str, function: Callable, *inputs: Any, **settings: Any
    ) -> Any:
        """As `Hands.call`, on a worker."""
        handed = self._handed.pop(what, None)
        # as all are once the connection is lost
        if handed is not None and not handed.cancelled():
            return awaited(self.client, what, handed)
        work, *given = self._checked(limited, limit, what, function, *inputs)
        return on_cluster(self.client, what, work, *given, **settings)

    def _checked(self, *call: Any) -> tuple[Any, ...]:
        """A function and its inputs, as a call that looks at the worker's code
        first.
        """
        return (with_code, self.code, *call) if self.code else call

    def stop(self) -> None:
        """Do nothing: an own cluster ends with the run, and a named one belongs to
        others.
        """
