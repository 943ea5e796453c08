"""All that the server's own pages show, looked up at one moment."""

import datetime
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from flows.serving.runs import Runs, Seen, look
from flows.serving.setting import Setting
from flows.state.grid import StudyRow, grid
from flows.state.holdings import size_of


@dataclass(frozen=True)
class Disk:
    """The disk on which the workspace is; all in bytes."""

    # what is free
    free: int
    # what it holds in all
    size: int
    # study -> what its files take
    held: Mapping[str, int]


@dataclass(frozen=True)
class Overview:
    """Everything at one moment."""

    # when it was looked at, in UTC
    at: datetime.datetime
    # of each study one
    rows: tuple[StudyRow, ...]
    # None: Prefect's server does not answer
    runs: Runs | None
    # how full it is
    disk: Disk

    def at_work(self, study: str) -> Seen | None:
        """The run of a study that is at work."""
        return _first(self.runs.at_work, study) if self.runs else None

    def in_hand(self, study: str) -> frozenset[str]:
        """The periods of a study that are being made."""
        run = self.at_work(study)
        if run is None or self.runs is None:
            return frozenset()
        return self.runs.in_hand.get(run.id, frozenset())

    def next_run(self, study: str) -> Seen | None:
        """The run of a study that comes next."""
        return _first(self.runs.next, study) if self.runs else None

    def trouble(self, row: StudyRow) -> str:
        """Why the last run of a study ended badly; empty if it did not. Safe to show.

        A run that ended before it had its place in the workspace is known to Prefect
        alone.
        """
        last = row.runs[-1] if row.runs else None
        run = self._ended_badly(row)
        if run is not None and (
            last is None or _moment(run.ended) >= _moment(last.begun)
        ):
            return run.message or run.state
        return last.reason if last else ""

    def unnoted(self, row: StudyRow) -> Seen | None:
        """The last run of a study, if it ended badly before the workspace knew of it.

        A run that is noted there was begun for Prefect before.
        """
        last, run = row.runs[-1] if row.runs else None, self._ended_badly(row)
        if run is None or last is None:
            return run
        return run if _moment(run.begun or run.ended) > _moment(last.begun) else None

    def _ended_badly(self, row: StudyRow) -> Seen | None:
        """The last of the runs of a study that ended badly."""
        return _first(self.runs.badly, row.study) if self.runs else None


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def _first(runs: Iterable[Seen], study: str) -> Seen | None:
    """The first run of a study."""
    return next((run for run in runs if run.study == study), None)


def overview(setting: Setting, now: datetime.datetime) -> Overview:
    """Look at the workspace, at Prefect's server and at the disk."""
    runs, rows = look(setting, now), grid(setting.workspace)
    rows += _never_run(runs, {row.study for row in rows})
    return Overview(now, tuple(rows), runs, disk_of(setting.workspace, rows))


def _never_run(runs: Runs | None, known: set[str]) -> list[StudyRow]:
    """Studies of which Prefect knows runs, and the workspace nothing yet."""
    if runs is None:
        return []
    named = [
        run.study for run in (*runs.at_work, *runs.waiting, *runs.next, *runs.badly)
    ]
    return [StudyRow(study) for study in sorted(set(named) - known - {""})]


def disk_of(workspace: Path, rows: Iterable[StudyRow]) -> Disk:
    """What there is of the disk, and what each study takes of it."""
    used = shutil.disk_usage(workspace)
    held = {row.study: size_of(workspace / row.study) for row in rows}
    return Disk(used.free, used.total, held)
