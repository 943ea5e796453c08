"""Whether what lies in a workspace may be damaged, so that a run looks through all of
it.
"""

from collections.abc import Sequence

from extractors.snapshot import is_described
from flows.preparing.jobs import PeriodJob
from flows.preparing.prepared import Prepared
from flows.state.periods import DONE, FAILED, PeriodState, missing_of, period_states
from flows.workspace.failures import known_failure
from flows.workspace.written import note_written

STEPS = ("snapshot", "static", "timelines", "counts", "dataset")


def is_suspect(prepared: Prepared, states: Sequence[PeriodState] | None = None) -> bool:
    """Whether something failed on what there is, or is damaged; `states` are looked up
    if they are not given.
    """
    found = period_states(prepared.jobs.values()) if states is None else states
    if any(state.state == FAILED for state in found):
        return True
    errors = prepared.workspace.folder("errors")
    return is_undescribed(prepared) or any(
        (errors / f"{name}.json").exists() for name in STEPS
    )


def is_undescribed(prepared: Prepared) -> bool:
    """Whether there is a snapshot that does not say what it is."""
    folder = prepared.places.snapshot.folder
    return folder.exists() and not is_described(folder)


def due(prepared: Prepared, only: Sequence[str] | None) -> list[PeriodJob]:
    """The periods that have no whole result. Needs the lock.

    Those that an earlier version wrote are looked through once, and noted.
    """
    states = period_states(prepared.jobs.values())
    thorough = is_suspect(prepared, states)
    chosen = [state for state in states if only is None or state.job.period in only]
    return [state.job for state in chosen if not _is_done(state, thorough=thorough)]


def _is_done(state: PeriodState, *, thorough: bool) -> bool:
    job, done = state.job, state.state == DONE
    new = done and job.recipe is not None and not job.note.exists()
    if done and (thorough or new):
        done = not missing_of([job], None, thorough=True)
    if done and new:
        note_written(
            job.note,
            job.period,
            job.results,
            known_failure(job.error).get("attempts", 0),
        )
    return done
