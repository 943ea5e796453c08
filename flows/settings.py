"""How much of the machine a run may use; every number can be set from the environment."""

import os
from dataclasses import dataclass

from extractors.errors import ArgumentsError


@dataclass(frozen=True)
class Settings:
    """`workers` processes share `memory` bytes of DuckDB's buffers; beyond that it spills to disk.

    2 GB suffice for 500,000 patients; more only saves time where a table is sorted. A period may take
    `period_seconds` at every attempt.
    """

    workers: int
    memory: int
    period_seconds: int

    @property
    def worker_memory(self) -> int:
        return self.memory // self.workers


def settings() -> Settings:
    """From COHORTFLOW_WORKERS (default: the number of cores), _MEMORY_MB (2000) and _PERIOD_SECONDS (an hour)."""
    workers = number("COHORTFLOW_WORKERS", os.cpu_count() or 1)
    memory = number("COHORTFLOW_MEMORY_MB", 2000) * 1_000_000
    return Settings(workers, memory, number("COHORTFLOW_PERIOD_SECONDS", 3600))


def number(name: str, default: int, *, least: int = 1) -> int:
    """A whole number from the environment; ArgumentsError for anything else."""
    text = os.environ.get(name, str(default))
    if not text.isdecimal() or int(text) < least:
        raise ArgumentsError(f"{name} needs a whole number from {least}, got {text!r}.")
    return int(text)
