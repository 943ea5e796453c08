"""Periods that a new load of the records does not change are carried over.

Their cohorts and counts would be the same bytes again. So the files of the load before
get another name, with a note of their own, and the periods are done.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from extractors.disk import link
from extractors.errors import EngineError
from extractors.time.differing import periods_that_differ
from extractors.time.since import Base, load_before
from flows.preparing.jobs import PeriodJob
from flows.preparing.prepared import Prepared
from flows.preparing.recipe import Recipe
from flows.running.work import is_counted
from flows.workspace.failures import known_failure
from flows.workspace.store import whole_file
from flows.workspace.written import note_carried


@dataclass(frozen=True)
class Twice:
    """A period in two loads of the records."""

    # where the load before has its results
    old: PeriodJob
    # where the new load is to have them
    new: PeriodJob


@dataclass(frozen=True)
class Compared:
    """The periods of a chain that both loads count."""

    # the timelines of the load before
    before: Path
    # the timelines of the new load
    now: Path
    # the number of the chain
    chain: int
    # how many periods the chain has
    periods: int
    # by its place on the chain
    found: Mapping[int, Twice]

    def alike(self) -> list[Twice]:
        """The periods with the same counts and the same rows in both loads.

        None where something is damaged: that is said where a period reads it.
        """
        try:
            differing = periods_that_differ(
                self.before, self.now, self.chain, self.periods
            )
        except EngineError:
            return []
        return [each for place, each in self.found.items() if place not in differing]


def comparisons(prepared: Prepared, jobs: Iterable[PeriodJob]) -> list[Compared]:
    """What tells of some periods whether they are as they were; none where no load
    before can be compared.

    What is extracted period by period is not compared.
    """
    now = prepared.places.timelines
    before = load_before(now)
    if before is None:
        return []
    keys = _keys_in(before, prepared.recipes.values())
    chains: dict[int, dict[int, Twice]] = {}
    for job in jobs:
        timed, recipe = prepared.timed(job.interval), prepared.recipes[job.interval]
        if timed and not recipe.needed.general:
            twice = Twice(_under_key(prepared, job, keys[recipe.key]), job)
            chains.setdefault(timed.chain, {})[timed.place] = twice
    compared = []
    for chain, found in chains.items():
        periods = len(prepared.timelines.chains[chain].intervals)
        compared.append(Compared(before.folder, now, chain, periods, found))
    return compared


def _keys_in(load: Base, recipes: Iterable[Recipe]) -> dict[str, str]:
    """By the key of each recipe, its key in an earlier load, where it differs in the
    snapshot alone.
    """
    found = {}
    # all weeks share one recipe, and to work its key out takes half a millisecond
    for key, recipe in {recipe.key: recipe for recipe in recipes}.items():
        inputs = {**recipe.inputs, "snapshot": load.snapshot}
        found[key] = replace(recipe, inputs=inputs).key
    return found


def _under_key(prepared: Prepared, job: PeriodJob, key: str) -> PeriodJob:
    """The job of a period by a recipe with another key."""
    workspace = prepared.workspace
    return replace(
        job,
        recipe=workspace.recipe(key),
        cohort=workspace.cohort(key, job.period),
        counts=workspace.counts(key, job.period),
        error=workspace.error(key, job.period),
        rows=None,
    )


def to_carry(prepared: Prepared, due: Iterable[PeriodJob]) -> list[Compared]:
    """The comparisons of periods of which the load before has results."""
    found = []
    for compared in comparisons(prepared, due):
        there = {
            place: twice
            for place, twice in compared.found.items()
            if twice.old.note.exists()
        }
        if there:
            found.append(replace(compared, found=there))
    return found


def carry_over(several: Sequence[Compared]) -> None:
    """Carry over the results of every period that is as it was, if they are whole."""
    for compared in several:
        for twice in compared.alike():
            if is_counted(twice.old):
                _carry(twice.old, twice.new)


def _carry(old: PeriodJob, new: PeriodJob) -> None:
    for what, path in old.results.items():
        with whole_file(new.results[what]) as beside:
            link(path, beside)
    failures = known_failure(new.error).get("attempts", 0)
    note_carried(old.note, new.note, failures)
