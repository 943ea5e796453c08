"""What a worker is given, and what it gives back: plain data, as paths and settings."""

import datetime
from dataclasses import dataclass
from pathlib import Path

from extractors.engine import Engine
from extractors.snapshot import Snapshot
from flows.workspace.store import make_private


@dataclass(frozen=True)
class Bounds:
    """What a DuckDB may use: threads, bytes of memory, and where it spills to."""

    threads: int
    memory: int
    spill: Path

    def engine(self) -> Engine:
        make_private(self.spill)
        return Engine(threads=self.threads, memory=self.memory, spill=self.spill)


@dataclass(frozen=True)
class Timed:
    """Where a period stands among all that are counted at once: files, chain and track, and its place.

    `cohort`: SQL of what is known of everybody in the period, where more than that is wanted.
    """

    folder: Path
    counts: Path
    chain: int
    track: int
    place: int
    cohort: str


@dataclass(frozen=True)
class PeriodJob:
    """One period's work, as paths: what to read, and where its results belong."""

    period: str
    interval: tuple[datetime.date, datetime.date]
    recipe: Path
    snapshot: Snapshot
    static: Path
    cohort: Path
    counts: Path
    error: Path
    bounds: Bounds
    timed: Timed | None = None


@dataclass(frozen=True)
class Status:
    """What became of a piece of work; `reason` is safe to show, empty if all is well."""

    reason: str = ""
    transient: bool = False
    exit_code: int = 0

    @property
    def ok(self) -> bool:
        return not self.reason
