"""How much of the machine a run may use; every number can be set from the environment."""

import os
from dataclasses import dataclass

from extractors.errors import ArgumentsError


@dataclass(frozen=True)
class Settings:
    """`workers` processes share `memory` bytes of DuckDB's buffers; beyond that it spills to disk.

    2 GB suffice for 500,000 patients; more only saves time where a table is sorted.
    """

    workers: int
    memory: int

    @property
    def worker_memory(self) -> int:
        return self.memory // self.workers


def settings() -> Settings:
    """From COHORTFLOW_WORKERS (default: the number of cores) and COHORTFLOW_MEMORY_MB (2000)."""
    workers = number("COHORTFLOW_WORKERS", os.cpu_count() or 1)
    return Settings(workers, number("COHORTFLOW_MEMORY_MB", 2000) * 1_000_000)


def number(name: str, default: int, *, least: int = 1) -> int:
    """A whole number from the environment; ArgumentsError for anything else."""
    text = os.environ.get(name, str(default))
    if not text.isdecimal() or int(text) < least:
        raise ArgumentsError(f"{name} needs a whole number from {least}, got {text!r}.")
    return int(text)
