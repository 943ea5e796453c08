"""How much of the machine a run may use; every number can be set from the environment."""

import os
from dataclasses import dataclass


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
    workers = int(os.environ.get("COHORTFLOW_WORKERS", os.cpu_count() or 1))
    return Settings(max(1, workers), int(os.environ.get("COHORTFLOW_MEMORY_MB", "2000")) * 1_000_000)
