"""All studies of a workspace and all their periods, as their notes and files say it.

No definition is read: it is foreign code, and a page that is looked at every minute
would run it. So what is shown is the study as its last run saw it; `plan` says what a
run would find now.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from extractors.errors import CohortflowError
from flows.state.decided import Decided, decided
from flows.state.history import History, Place, Ran, history_file, read_history
from flows.state.outcome import Outcome, read_outcome
from flows.state.periods import DONE, FAILED, MISSING
from flows.state.summed import sums_of
from flows.state.words import length_of
from flows.workspace.failures import known_failure
from flows.workspace.store import Workspace, study_folders

TO_COME = "to come"  # a period that has not ended yet
STATES = (DONE, FAILED, MISSING, TO_COME)


@dataclass(frozen=True)
class Past:
    """What became of a period in one run."""

    # when the run began, in UTC as ISO has it
    begun: str
    # done or failed
    state: str
    # how long it took; 0 if that is not known
    seconds: float = 0.0
    # why it failed; safe to show
    reason: str = ""


@dataclass(frozen=True)
class Cell:
    """A period of a study."""

    # its name, as 2019-04-01..2019-04-07
    period: str
    # one of STATES
    state: str
    # tries that failed, and the one that did it
    attempts: int = 0
    # why the last try failed; safe to show
    reason: str = ""
    # how long it took the last time; 0 if that is not known
    seconds: float = 0.0
    # the runs that tried it, the last one first
    past: tuple[Past, ...] = ()


@dataclass(frozen=True)
class StudyRow:
    """A study of a workspace."""

    # its name
    study: str
    # one for each period, in their order
    cells: tuple[Cell, ...] = ()
    # its last runs, the oldest first
    runs: tuple[Ran, ...] = ()
    # its release, as people judged it
    release: Decided = Decided(0, "waiting")
    # why its notes cannot be read; empty if they can
    trouble: str = ""

    @property
    def counts(self) -> dict[str, int]:
        """How many periods are in each state, those alone that are."""
        states = [cell.state for cell in self.cells]
        return {state: states.count(state) for state in STATES if state in states}

    @property
    def summary(self) -> str:
        """As `166 periods: 164 done, 2 failed`."""
        said = ", ".join(f"{number} {state}" for state, number in self.counts.items())
        return f"{len(self.cells)} periods: {said}" if self.cells else "no periods"

    def as_json(self) -> dict[str, Any]:
        """As `status --all --json` shows it (flows/command/README.md#json)."""
        return {**asdict(self), "summary": self.counts}


def grid(root: Path) -> list[StudyRow]:
    """Every study of a workspace that was run, and the sums of several sites, in the
    order of their names.
    """
    return [row_of(Workspace(root, name)) for name in _names(root)]


def _names(root: Path) -> Iterator[str]:
    for folder in study_folders(root):
        with suppress(PermissionError):  # another user's study
            workspace = Workspace(root, folder.name)
            noted = workspace.last_run.exists() or history_file(workspace).exists()
            if noted or sums_of(folder.name, root):
                yield folder.name


def row_of(workspace: Workspace) -> StudyRow:
    """One study, whatever is wrong with its notes."""
    try:
        known, outcome = read_history(workspace), read_outcome(workspace)
        cells = _cells(workspace, known) or _cells_of(outcome)
        release = decided(workspace.release)
        return StudyRow(workspace.study, tuple(cells), known.runs, release)
    except CohortflowError as error:
        return StudyRow(workspace.study, trouble=error.message)
    except OSError as error:
        return StudyRow(workspace.study, trouble=error.strerror or type(error).__name__)


def _cells(workspace: Workspace, known: History) -> list[Cell]:
    """The periods as they are on the disk now, also while a run is at work."""
    past = _pasts(known.runs)
    found = []
    for name, place in known.periods.items():
        found.append(_cell(workspace, name, place, past.get(name, ())))
    return found


def _cell(
    workspace: Workspace, name: str, place: Place, past: tuple[Past, ...]
) -> Cell:
    failure = known_failure(workspace.root / place.error)
    attempts, reason = failure.get("attempts", 0), failure.get("reason", "")
    if all((workspace.root / path).exists() for path in place.results):
        seconds = next((each.seconds for each in past if each.state == DONE), 0.0)
        return Cell(name, DONE, attempts + 1, seconds=seconds, past=past)
    if failure:
        return Cell(name, FAILED, attempts, reason, past=past)
    return Cell(name, _missing(name), past=past)


def _missing(name: str) -> str:
    """Whether a period could have been made by now."""
    end = name.rpartition("..")[2]
    today = datetime.datetime.now(datetime.UTC).date()
    return TO_COME if end >= str(today) else MISSING


def _pasts(runs: Iterable[Ran]) -> Mapping[str, tuple[Past, ...]]:
    """What became of each period in all runs, the last one first."""
    found: dict[str, tuple[Past, ...]] = {}
    for run in runs:
        for period, seconds in run.made.items():
            found[period] = (Past(run.begun, DONE, seconds), *found.get(period, ()))
        for period, reason in run.failed.items():
            tried = Past(run.begun, FAILED, reason=reason)
            found[period] = (tried, *found.get(period, ()))
    return found


def _cells_of(outcome: Outcome | None) -> list[Cell]:
    """The periods as the last run left them, of a version that kept no history."""
    found = []
    for name in outcome.periods if outcome else ():
        if outcome and name in outcome.failed:
            found.append(Cell(name, FAILED, 1, outcome.failed[name]))
        elif outcome and name in outcome.waiting:
            found.append(Cell(name, _missing(name)))
        else:
            found.append(Cell(name, DONE, 1))
    return found


def by_length(cells: Iterable[Cell]) -> dict[str, dict[str, list[Cell]]]:
    """The periods of each length by themselves, under a name like `Weeks`, and in it by
    the year they begin in.
    """
    found: dict[str, dict[str, list[Cell]]] = {}
    for cell in cells:
        years = found.setdefault(_length(cell.period), {})
        years.setdefault(cell.period[:4], []).append(cell)
    return found


def _length(period: str) -> str:
    first, last = map(datetime.date.fromisoformat, period.split(".."))
    return length_of((last - first).days + 1)


# What changed lately ------------------------------------------------------------------


@dataclass(frozen=True)
class Changes:
    """What runs since a day have changed of a study."""

    # how many there were
    runs: int
    # the periods that were made for the first time, or again
    made: tuple[str, ...]
    # the periods that failed, and are not done now
    failing: tuple[str, ...]
    # the periods that failed, and are done now
    mended: tuple[str, ...]
    # the number of the release before, and now
    releases: tuple[int, int]

    def words(self) -> str:
        """As `2 runs; 3 periods made, 1 failed and mended since; release 2 is new`."""
        said = [f"{len(self.made)} made" if self.made else ""]
        said.append(f"{len(self.failing)} failing" if self.failing else "")
        said.append(
            f"{len(self.mended)} failed and mended since" if self.mended else ""
        )
        periods = ", ".join(filter(None, said)) or "no period changed"
        runs = f"{self.runs} run{'' if self.runs == 1 else 's'}"
        before, now = self.releases
        release = f"; release {now} is new" if now > before else ""
        return f"{runs}: {periods}{release}"


def changes(row: StudyRow, since: datetime.datetime) -> Changes | None:
    """What runs that began since then have changed; None if there were none."""
    lately = [
        run for run in row.runs if datetime.datetime.fromisoformat(run.begun) >= since
    ]
    if not lately:
        return None
    made: set[str] = set()
    failed: set[str] = set()
    for run in lately:
        made.update(run.made)
        failed.update(run.failed)
    done = {cell.period for cell in row.cells if cell.state == DONE}
    before = [run.release for run in row.runs if run not in lately]
    return Changes(
        runs=len(lately),
        made=tuple(sorted(made)),
        failing=tuple(sorted(failed - done)),
        mended=tuple(sorted(failed & done)),
        releases=(before[-1] if before else 0, row.release.number),
    )
