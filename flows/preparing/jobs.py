"""What a worker is given, and what it gives back: plain data, as paths and settings."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from extractors.engine import Engine
from extractors.planner.ladders import Interval, period_name
from extractors.snapshot import Snapshot
from extractors.time.stretches import cohort_sql
from flows.preparing.places import Places
from flows.preparing.recipe import Recipe
from flows.preparing.recipes import Recipes
from flows.preparing.rows import RowsJob
from flows.workspace.store import make_private
from flows.workspace.written import NOTHING, OTHER, Seen, look


@dataclass(frozen=True)
class Bounds:
    """What a DuckDB may use: threads, bytes of memory, and where it spills to."""

    # of DuckDB; a worker that counts beside others has one
    threads: int
    # bytes of its buffers
    memory: int
    # the folder of what does not fit into them
    spill: Path

    def engine(self) -> Engine:
        make_private(self.spill)
        return Engine(threads=self.threads, memory=self.memory, spill=self.spill)


@dataclass(frozen=True)
class Timed:
    """Where a period is among all that are counted at once.

    A worker counts 52 weeks in one pass over the stretches of each person, and then
    reads the sums of one week from the files below.
    """

    # of the timelines
    folder: Path
    # the file of the sums of its chain
    counts: Path
    # the number of its chain: periods that are counted in one pass
    chain: int
    # the number of the track of that chain
    track: int
    # its place on the chain, from 0
    place: int
    # SQL of what is known of each person in the period, where more than counts is
    # wanted
    cohort: str


@dataclass(frozen=True)
class PeriodJob:
    """One period's work, as paths: what to read, and where its results belong."""

    # its name, as in file names: 2024-01-01, or with its end where two begin together
    period: str
    # first and last day, both included
    interval: tuple[datetime.date, datetime.date]
    recipe: Path | None  # of what is counted; None where nothing is
    # the records, as they were written down once for all periods
    snapshot: Snapshot
    # the file of what does not change from period to period
    static: Path
    # the file of its cohort; written only where counting at once does not do
    cohort: Path
    # the file of its raw counts
    counts: Path
    # the note of its failures, if there are any
    error: Path
    # what it may use of the machine
    bounds: Bounds
    # where all periods are counted at once; None where this one is counted alone
    timed: Timed | None = None
    rows: RowsJob | None = None  # the files of patients, if any are asked for

    @property
    def note(self) -> Path:
        """What says that cohort and counts are there, and what they are; it is written
        last.
        """
        return self.counts.with_suffix(".json")

    @property
    def results(self) -> dict[str, Path]:
        """What is counted, by what people call it; empty if nothing is."""
        if self.recipe is None:
            return {}
        return {"cohort": self.cohort, "counts": self.counts}

    def look(self, *, thorough: bool = False) -> Seen:
        """What is there of all results; `thorough` reads every byte of them."""
        seen = Seen(whole=True)
        if self.recipe is not None:
            seen = look(self.note, self.period, self.results, thorough=thorough)
            if seen.whole and not seen.noted and not self._is_of_interval():
                seen = replace(
                    seen,
                    whole=False,
                    damage=OTHER.format(what="counts", other="another period"),
                )
        if self.rows is None or self.rows.written or not seen.whole:
            return seen
        return NOTHING

    def _is_of_interval(self) -> bool:
        """Whether counts that an earlier version wrote are of this period: their rows
        say so.
        """
        ends = pq.ParquetFile(self.counts).read(["interval_start", "interval_end"])
        found = {
            (row["interval_start"], row["interval_end"]) for row in ends.to_pylist()
        }
        return found <= {self.interval}


def period_jobs(
    recipes: Mapping[Interval, Recipe], places: Places, bounds: Bounds
) -> dict[str, PeriodJob]:
    """The work of each period under the period's name."""
    snapshot = places.snapshot  # one for all
    found: dict[str, PeriodJob] = {}
    for interval, recipe in recipes.items():
        found[period_name(interval)] = _job(interval, recipe, snapshot, places, bounds)
    return found


def rows_only(
    rows: Mapping[Interval, RowsJob], places: Places, bounds: Bounds
) -> dict[str, PeriodJob]:
    """The work of each period of which nothing is counted, under the period's name."""
    snapshot, found = places.snapshot, {}
    for interval, job in rows.items():
        name = period_name(interval)
        found[name] = PeriodJob(
            period=name,
            interval=interval,
            recipe=None,
            snapshot=snapshot,
            static=places.static,
            cohort=job.note,
            counts=job.note,
            error=places.workspace.error(job.note.parent.name, name),
            bounds=bounds,
            rows=job,
        )
    return found


def _job(
    interval: Interval,
    recipe: Recipe,
    snapshot: Snapshot,
    places: Places,
    bounds: Bounds,
) -> PeriodJob:
    workspace, key, period = places.workspace, recipe.key, period_name(interval)
    return PeriodJob(
        period=period,
        interval=interval,
        recipe=workspace.recipe(key),
        snapshot=snapshot,
        static=places.static,
        cohort=workspace.cohort(key, period),
        counts=workspace.counts(key, period),
        error=workspace.error(key, period),
        bounds=bounds,
    )


def timed(interval: Interval, counted: Recipes, places: Places) -> Timed | None:
    """Where a period is among all that are counted at once; None if nothing of it
    is.
    """
    if interval not in counted.places:
        return None
    number, place = counted.places[interval]
    chain = counted.timelines.chains[number]
    return Timed(
        folder=places.timelines,
        counts=places.chain_counts(number),
        chain=number,
        track=chain.track,
        place=place,
        cohort=cohort_sql(chain, number, place) if counted.of[interval].rest else "",
    )


@dataclass(frozen=True)
class Status:
    """What became of a piece of work."""

    # of its failure, safe to show; empty if all is well
    reason: str = ""
    # whether another try may help
    transient: bool = False
    # of the command, if this failure ends the run
    exit_code: int = 0
    # how long its worker had it in hand
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return not self.reason
