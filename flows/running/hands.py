"""What a run asks of those who do its work: a cluster (`on_dask`) or this process
(`here`).
"""

from collections.abc import Callable
from typing import Any, Protocol

from flows.workspace.settings import Limit

DELAYS = (2, 8)  # seconds before a step is tried again, if that may help


class StepFailed(Exception):
    """A step or period without result; Prefect keeps the text. `transient`: try
    again.
    """

    def __init__(self, message: str, transient: bool = False):
        super().__init__(message)
        self.transient = transient

    def __reduce__(self) -> tuple:
        return type(self), (str(self), self.transient)


class Hands(Protocol):
    """The workers of a run."""

    def step(self, name: str, work: Callable[[], None]) -> None:
        """Do a step, which raises StepFailed if it has no result; again after DELAYS if
        that may help.
        """

    def call(
        self, limit: Limit, what: str, function: Callable, *inputs: Any, **settings: Any
    ) -> Any:
        """What a function gives in the time it has; CohortflowError if it gives
        nothing.
        """

    def stop(self) -> None:
        """End the work in hand, because the run is stopped."""
