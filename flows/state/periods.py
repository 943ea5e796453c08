"""Every period of a run: done, missing or failed, and why it would run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.preparing.jobs import PeriodJob
from flows.preparing.records import UNKNOWN
from flows.workspace.failures import known_failure
from flows.workspace.kept import RECIPE
from flows.workspace.store import Workspace

DONE, MISSING, FAILED = "done", "missing", "failed"


@dataclass(frozen=True)
class PeriodState:
    """What became of a period so far. One whose files are damaged has failed after 0
    attempts.
    """

    # its work, and where its results belong
    job: PeriodJob
    # one of the words above: done, failed, missing …
    state: str
    # tries that failed, and the one that was done
    attempts: int = 0
    # of the last failure, safe to show
    reason: str = ""

    def as_json(self, workspace: Workspace) -> dict[str, Any]:
        """As `status --json` shows it (flows/command/README.md#json)."""
        return {
            "period": self.job.period,
            "interval_start": str(self.job.interval[0]),
            "interval_end": str(self.job.interval[1]),
            "state": self.state,
            "attempts": self.attempts,
            "reason": self.reason,
            "cohort": workspace.relative(self.job.cohort),
            "counts": workspace.relative(self.job.counts),
        }


def period_states(
    jobs: Iterable[PeriodJob], *, thorough: bool = False
) -> list[PeriodState]:
    """The state of each period, looked up in the workspace; `thorough`: every byte of
    it.
    """
    return [_state(job, thorough=thorough) for job in jobs]


def missing_of(
    jobs: Iterable[PeriodJob],
    only: Sequence[str] | None,
    *,
    thorough: bool = False,
) -> list[PeriodJob]:
    """Those that have no whole result; `only`: the names of the periods that a run is
    asked for.
    """
    chosen = [job for job in jobs if only is None or job.period in only]
    found: list[PeriodJob] = []
    for state in period_states(chosen, thorough=thorough):
        if state.state != DONE:
            found.append(state.job)
    return found


def _state(job: PeriodJob, *, thorough: bool) -> PeriodState:
    """One that is damaged has failed; so has one that failed when it was to be made
    once more.
    """
    seen, failure = job.look(thorough=thorough), known_failure(job.error)
    attempts, reason = failure.get("attempts", 0), failure.get("reason", "")
    if seen.damage:
        return PeriodState(job, FAILED, 0, f"{seen.damage}; a run makes it anew")
    since = job.recipe is not None and seen.noted and attempts > seen.failures
    if seen.whole and not since:
        return PeriodState(job, DONE, attempts + 1)
    return (
        PeriodState(job, FAILED, attempts, reason)
        if failure
        else PeriodState(job, MISSING)
    )


def why(state: PeriodState, workspace: Workspace, because: Mapping[str, str]) -> str:
    """In words, why a period would run; empty if it would not. `because`: what its
    results would be made of.
    """
    if state.state == DONE:
        return ""
    if state.state == FAILED:
        return f"failed before: {state.reason}" if state.attempts else state.reason
    earlier = list(_earlier(workspace, state.job.period))
    if not earlier:
        return "never run"
    return (
        min((_changes(then, because) for then in earlier), key=len)
        or "its results are gone"
    )


def _changes(then: Mapping[str, str], now: Mapping[str, str]) -> str:
    words = {
        "records": "new records",
        "codelists": "codelist changed",
        "definition": "definition changed",
    }
    if now["records"] == UNKNOWN:
        words["records"] = "records not looked at"
    changed = [name for name in words if then.get(name) != now[name]]
    if "codelists" in changed and then.get("file") == now["file"]:
        # it is of all files that the definition reads, codelists too
        changed.remove("definition")
    return ", ".join(words[name] for name in changed)


def _earlier(workspace: Workspace, period: str) -> Iterator[dict[str, str]]:
    """What earlier results of this period were made of."""
    for counts in workspace.folder("counts").glob(f"*/period={period}.parquet"):
        recipe = RECIPE.recall(counts.with_name("recipe.json"))
        if recipe:
            yield recipe["because"]
