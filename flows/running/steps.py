"""What a run does once, before its periods: records, snapshot, static table, timelines,
and their counts.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from extractors.disk import read_json
from extractors.errors import CohortflowError
from extractors.time.layer import has_layer, loads_below
from extractors.time.since import begins_with_base
from flows.preparing.jobs import Bounds, PeriodJob
from flows.preparing.prepared import Prepared
from flows.preparing.recipe import write_recipe
from flows.running import news, work
from flows.running.carrying import carry_over, to_carry
from flows.running.hands import Hands, StepFailed
from flows.running.progress import RunProgress
from flows.running.suspicion import is_suspect
from flows.state.news import note_news, sayable
from flows.state.periods import missing_of
from flows.workspace.failures import record_failure
from flows.workspace.settings import settings
from flows.workspace.store import make_private

# Prefect tasks that wait for the cluster at a time: enough to keep workers busy, few
# enough to be light
WAITING = 16


class Steps:
    """The steps of one run. `force`: also what is there; `anew`: also what all periods
    share.
    """

    def __init__(
        self,
        prepared: Prepared,
        hands: Hands,
        progress: RunProgress,
        *,
        force: bool,
        anew: bool,
    ):
        self.prepared = prepared
        self.hands = hands
        self.progress = progress
        self.force = force
        self.anew = anew
        self.settings = settings()

    @property
    def all_bounds(self) -> Bounds:
        """All cores for what is done alone, but the memory of one worker: no process
        shall grow beyond its share.
        """
        return Bounds(
            self.settings.workers,
            self.settings.worker_memory,
            self.prepared.workspace.spill,
        )

    @property
    def _worker_bounds(self) -> Bounds:
        """One worker's share, for what all do side by side."""
        return Bounds(1, self.settings.worker_memory, self.prepared.workspace.spill)

    def prepare_inputs(self) -> None:
        """Everything that the periods read, unless it is there."""
        prepared, suspect = self.prepared, is_suspect(self.prepared)
        for key, recipe in {
            recipe.key: recipe for recipe in prepared.recipes.values()
        }.items():
            write_recipe(prepared.workspace.recipe(key), recipe)
        bounds, places = self.all_bounds, prepared.places
        snapshot = places.snapshot
        self.once("records", work.make_records, prepared.records)
        inputs = (prepared.records, prepared.plan, snapshot.folder, bounds)
        self.once(
            "snapshot",
            work.make_snapshot,
            *inputs,
            dirt=prepared.workspace.dirt,
            suspect=suspect,
            loads=self._has_loads,
            made_of_it=(places.static, places.timelines),
        )
        self._step("static", partial(self._static, suspect))
        if prepared.timelines.chains:
            self._count_at_once(suspect)
        for job in prepared.jobs.values():
            # a full disk has room for a name in it, but not for a folder
            make_private(job.error.parent)

    def carry_over(self, due: Sequence[PeriodJob]) -> list[PeriodJob]:
        """Carry over the results of periods that the records do not change, unless all
        are forced; the periods that are left to make.

        `due`: the periods without a whole result. All inputs must be there.
        """
        if self.force or not (several := to_carry(self.prepared, due)):
            return list(due)
        self.once("carried over", carry_over, several)
        return missing_of(due, None)

    @property
    def _has_loads(self) -> bool:
        """Whether a load of the records can begin with an earlier one: made-up records
        have one load, and only what is counted at once is kept for the next.
        """
        return (
            bool(self.prepared.timelines.chains) and not self.prepared.records.made_up
        )

    def _static(self, suspect: bool) -> list[CohortflowError]:
        """The static table: of changed people alone, where that of the load below is
        there.
        """
        places, said = self.prepared.places, {"people": self.prepared.people}
        snapshot, static = places.snapshot, places.static
        inputs = (places.static_steps, snapshot, static)
        if snapshot.is_layer:
            before = list(map(places.load, loads_below(snapshot)))
            layer = [(*inputs, before, self._worker_bounds)]
            errors = self._attempts(
                "static", news.make_static_since, layer, suspect=suspect, **said
            )
            if errors or has_layer(static):
                return errors
        several = [
            (places.static_steps, snapshot, shard, static, self._worker_bounds)
            for shard in self._shards
        ]
        return self._attempts(
            "static", work.make_static, several, suspect=suspect, **said
        )

    def _count_at_once(self, suspect: bool) -> None:
        """Count everything whose changes in time are known, for all periods
        together.
        """
        timelines, places = self.prepared.timelines, self.prepared.places
        doubted = suspect or self.force
        self._step("timelines", partial(self._timelines, doubted))
        self._note_news()
        paths = [places.chain_counts(number) for number in range(len(timelines.chains))]
        self.once(
            "counts",
            work.make_counts,
            timelines,
            places.timelines,
            paths,
            self.all_bounds,
            anew=doubted,
        )

    def _note_news(self) -> None:
        """Note what may be said of how the records differ from those of the load
        before.
        """
        prepared = self.prepared
        people = read_json(prepared.places.timelines / news.NEWS)
        if people is not None and prepared.key is not None:
            said = sayable(
                people,
                prepared.places.snapshot_key,
                prepared.key,
                prepared.policy.threshold,
            )
            note_news(prepared.workspace, said)

    def _timelines(self, doubted: bool) -> list[CohortflowError]:
        """The timelines of a load of the records, from those of an earlier one as far
        as they go.
        """
        timelines, places = self.prepared.timelines, self.prepared.places
        folder, static, bounds = places.timelines, places.static, self._worker_bounds
        if self._has_loads:
            inputs = (
                timelines,
                places.snapshot,
                static,
                folder,
                places.lineage,
                self.all_bounds,
            )
            said = {
                "suspect": doubted,
                "anew": self.anew,
                "secret": self.prepared.people,
            }
            if errors := self._attempts("timelines", news.make_since, [inputs], **said):
                return errors
            if begins_with_base(folder):
                return []
        several = [
            (timelines, places.snapshot, shard, static, folder, bounds)
            for shard in self._shards
        ]
        return self._attempts(
            "timelines", work.make_timelines, several, suspect=doubted, force=self.anew
        )

    @property
    def _shards(self) -> range:
        return range(len(self.prepared.places.snapshot.shards))

    def once(
        self, name: str, make: Callable[..., None], *inputs: Any, **settings: Any
    ) -> None:
        """One step before the periods; its error, made safe, ends the run."""
        self._steps(name, make, [inputs], **settings)

    def _steps(
        self,
        name: str,
        make: Callable[..., None],
        several: Sequence[tuple],
        **settings: Any,
    ) -> None:
        """A step before the periods, done in parallel for several inputs; an error,
        made safe, ends the run.
        """
        self._step(name, partial(self._attempts, name, make, several, **settings))

    def _step(self, name: str, tried: Callable[[], list[CohortflowError]]) -> None:
        """A step before the periods: `tried` does it and gives its errors, of which the
        first ends the run.
        """
        self.progress.step(name)
        tries: list[list[CohortflowError]] = []  # the errors of each

        def wait_for_it() -> None:
            tries.append(tried())
            for error in tries[-1]:
                raise StepFailed(error.message, error.transient) from None

        self.hands.step(name, wait_for_it)
        for error in tries[-1]:
            record_failure(self._step_error(name), error.message, error.detail)
            raise error from None
        self._step_error(name).unlink(missing_ok=True)

    def _attempts(
        self,
        name: str,
        make: Callable[..., None],
        several: Sequence[tuple],
        **settings: Any,
    ) -> list[CohortflowError]:
        """The errors of one try for each of several inputs, side by side."""
        with ThreadPoolExecutor(WAITING) as waiting:
            tried = waiting.map(
                lambda inputs: self._attempt(name, make, *inputs, **settings), several
            )
            try:
                return [error for error in tried if error]
            except KeyboardInterrupt:
                self.hands.stop()
                raise

    def _attempt(
        self, name: str, make: Callable[..., None], *inputs: Any, **settings: Any
    ) -> CohortflowError | None:
        try:
            return self.hands.call(
                self.settings.step, name, work.attempt, name, make, *inputs, **settings
            )
        except CohortflowError as error:  # the cluster's own, or a limit's
            return error

    def _step_error(self, name: str) -> Path:
        """Where all that is known of a step's error is kept until the step goes
        well.
        """
        return self.prepared.workspace.folder("errors") / f"{name}.json"
