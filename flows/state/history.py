"""What became of a study's periods in its last runs: a note for those who look after a
server.

The note names the results of each period, so that a look finds out what is done without
the definition, which is foreign code. It is bounded, and holds names, times, states and
safe reasons.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from extractors.disk import read_json
from extractors.errors import CohortflowError
from flows.preparing.jobs import PeriodJob
from flows.workspace.judging import is_full
from flows.workspace.kept import HISTORY
from flows.workspace.store import Workspace

AT_WORK, COMPLETED, FAILED, STOPPED, KILLED = (
    "at work",
    "completed",
    "failed",
    "stopped",
    "killed",
)
MOST_RUNS = 60  # a year of weekly runs, and some by hand
MOST_PERIODS = 20_000  # over all runs of the note: about a megabyte
LONGEST_REASON = 500  # letters


@dataclass(frozen=True)
class Ran:
    """One run of a study."""

    # when it began, in UTC as ISO has it
    begun: str
    # its id in Prefect; empty if it had none
    run: str = ""
    # when it ended; empty while it is at work, and if it was killed
    ended: str = ""
    # one of the words above
    state: str = AT_WORK
    # why it stopped before its periods did; safe to show
    reason: str = ""
    # the number of the release that was there when it ended; 0: none
    release: int = 0
    # the periods that it made, and the seconds of each; 0 where they are not known
    made: Mapping[str, float] = field(default_factory=dict)
    # the periods that failed, and why; safe to show
    failed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """Where what is known of a period lies; paths are relative to the workspace."""

    # all of them are there: the period is done
    results: tuple[str, ...]
    # what is noted of its failure
    error: str


@dataclass(frozen=True)
class History:
    """The note of one study."""

    # every period of the study, in order of time
    periods: Mapping[str, Place] = field(default_factory=dict)
    # its last runs, the oldest first
    runs: tuple[Ran, ...] = ()


def history_file(workspace: Workspace) -> Path:
    return workspace.high / "history.json"


def read_history(workspace: Workspace) -> History:
    """The note; an empty one where there is none, or where it is damaged.

    Raises CohortflowError if a newer version wrote it.
    """
    path = history_file(workspace)
    try:
        read_json(path)
    except (
        CohortflowError
    ):  # a page is worth less than a run: what was there begins anew
        return History()
    data = HISTORY.read(path)
    if data is None:
        return History()
    periods = {}
    for name, place in data["periods"].items():
        periods[name] = Place(tuple(place["results"]), place["error"])
    return History(periods, tuple(Ran(**run) for run in data["runs"]))


def note_begun(workspace: Workspace, jobs: Iterable[PeriodJob], run: str) -> None:
    """Note that a run is at work. One that was at work before was killed. Needs the
    lock.
    """
    known = read_history(workspace)
    runs = [_left(each) for each in known.runs]
    periods = {job.period: _place(workspace, job) for job in jobs}
    _write(workspace, History(periods, (*runs, Ran(begun=now(), run=run))))


def note_ended(workspace: Workspace, ended: Ran) -> None:
    """Note how the run at work ended; when it began, and which it was, is known."""
    known = read_history(workspace)
    if not known.runs:
        return
    last = known.runs[-1]
    whole = replace(ended, begun=last.begun, run=last.run, ended=now())
    _write(workspace, replace(known, runs=(*known.runs[:-1], _shortened(whole))))


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _left(run: Ran) -> Ran:
    return replace(run, state=KILLED) if run.state == AT_WORK else run


def _place(workspace: Workspace, job: PeriodJob) -> Place:
    files = [job.counts, job.cohort, *([job.rows.note] if job.rows else [])]
    results = tuple(workspace.relative(path) for path in dict.fromkeys(files))
    return Place(results, workspace.relative(job.error))


def _shortened(run: Ran) -> Ran:
    failed = {name: reason[:LONGEST_REASON] for name, reason in run.failed.items()}
    return replace(run, reason=run.reason[:LONGEST_REASON], failed=failed)


def _bounded(runs: tuple[Ran, ...]) -> tuple[Ran, ...]:
    """The last runs, as many as there is room for; the very last one in any case."""
    kept: list[Ran] = []
    periods = 0
    for run in reversed(runs[-MOST_RUNS:]):
        periods += len(run.made) + len(run.failed)
        if kept and periods > MOST_PERIODS:
            break
        kept.append(run)
    return tuple(reversed(kept))


def _write(workspace: Workspace, history: History) -> None:
    """A full disk does not end a run for this note."""
    noted: dict[str, Any] = asdict(replace(history, runs=_bounded(history.runs)))
    try:
        HISTORY.write(history_file(workspace), noted)
    except OSError as error:
        if not is_full(error):
            raise
