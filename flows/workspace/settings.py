"""How much of the machine a run may use; every number can be set from the
environment.
"""

import os
from dataclasses import dataclass

from extractors.errors import ArgumentsError

CLUSTER = "COHORTFLOW_CLUSTER"  # the address of a Dask scheduler
WORKSPACE = "COHORTFLOW_WORKSPACE"  # the folder of all results


@dataclass(frozen=True)
class Limit:
    """How long one attempt may take."""

    # of wall time
    seconds: int
    # the variable of the environment that says so, for the words of an error
    setting: str


@dataclass(frozen=True)
class Settings:
    """What the processes of one machine may use; variables of the environment say
    otherwise.

    2 GB of memory suffice for 500,000 patients; more only saves time where a table is
    sorted.
    """

    # processes that count periods
    workers: int
    # bytes of DuckDB's buffers, which the workers share; beyond them DuckDB spills to
    # disk
    memory: int
    # of one period's work
    period: Limit
    # of what is done once, before the periods
    step: Limit

    @property
    def worker_memory(self) -> int:
        return self.memory // self.workers


def named_workspace() -> str:
    """The folder of all results where a command names none: that of the environment,
    or `workspace`.
    """
    return os.environ.get(WORKSPACE) or "workspace"


def settings() -> Settings:
    """From the environment; by default as many workers as cores, 2 GB, an hour for a
    period and a day for a step.
    """
    workers = number("COHORTFLOW_WORKERS", os.cpu_count() or 1)
    memory = number("COHORTFLOW_MEMORY_MB", 2000) * 1_000_000
    limits = {"COHORTFLOW_PERIOD_SECONDS": 3600, "COHORTFLOW_STEP_SECONDS": 24 * 3600}
    return Settings(
        workers,
        memory,
        *(Limit(number(name, default), name) for name, default in limits.items()),
    )


def number(name: str, default: int, *, least: int = 1) -> int:
    """A whole number from the environment; ArgumentsError for anything else."""
    text = os.environ.get(name, str(default))
    if not text.isdecimal() or int(text) < least:
        raise ArgumentsError(f"{name} needs a whole number from {least}, got {text!r}.")
    return int(text)
