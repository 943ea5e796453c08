"""The steps of a run in this process, without Prefect, Dask and release."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flows import work
from flows.pipeline import _Run
from flows.prepare import Prepared
from flows.work import PeriodJob, Status


@dataclass(frozen=True)
class Done:
    """What has been computed already, asked for as from Dask."""

    value: Any

    def result(self) -> Any:
        return self.value


class AtOnce:
    """Computes what it is given, in place of a cluster."""

    def submit(self, make: Callable[..., Any], *inputs: Any, pure: bool, **settings: Any) -> Done:
        return Done(make(*inputs, **settings))


class Silence:
    def step(self, name: str) -> None: ...

    def period(self, *, ok: bool) -> None: ...


class InlineRun(_Run):
    """A run of which single steps can be asked for, each done when the call returns."""

    def __init__(self, prepared: Prepared):
        super().__init__(prepared, force=False, quiet=True, umask=0o077, watch=Silence())  # type: ignore[arg-type]
        self.client = AtOnce()  # type: ignore[assignment]
        self.progress = Silence()  # type: ignore[assignment]

    def prepare_inputs(self) -> None:
        """All that is done before the periods."""
        self.prepared.workspace.prepare()
        self._prepare_inputs()

    def extract(self, periods: Iterable[str]) -> None:
        for period in periods:
            _check(period, self._conduct_period(period))

    def extract_general(self, periods: Iterable[str], folder: Path) -> None:
        """The same counts from whole cohorts over the snapshot, as for series whose changes nobody knows."""
        for period in periods:
            _check(period, work.extract(as_general(self.prepared.jobs[period], folder)))

    def _steps(self, name: str, make: Callable[..., None], several: Sequence[tuple], **settings: Any) -> None:
        for error in self._attempts(name, make, several, **settings):
            raise error


def as_general(job: PeriodJob, folder: Path) -> PeriodJob:
    return replace(job, timed=None, cohort=folder / job.cohort.name, counts=folder / f"counts-{job.counts.name}")


def _check(period: str, status: Status) -> None:
    if not status.ok:
        raise SystemExit(f"{period}: {status.reason}")
