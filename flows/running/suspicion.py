"""Whether what lies in a workspace may be damaged, so that a run looks through all of it."""

from collections.abc import Sequence

from extractors.snapshot import is_described
from flows.preparing.jobs import PeriodJob
from flows.preparing.prepared import Prepared
from flows.state.periods import FAILED, missing_of, period_states
from flows.workspace.failures import known_failure
from flows.workspace.written import note_written

STEPS = ("snapshot", "static", "timelines", "counts", "dataset")


def is_suspect(prepared: Prepared) -> bool:
    """Whether something failed on what there is, or is damaged."""
    if any(state.state == FAILED for state in period_states(prepared.jobs.values())):
        return True
    errors = prepared.workspace.folder("errors")
    return is_undescribed(prepared) or any((errors / f"{name}.json").exists() for name in STEPS)


def is_undescribed(prepared: Prepared) -> bool:
    """Whether there is a snapshot that does not say what it is."""
    folder = prepared.places.snapshot.folder
    return folder.exists() and not is_described(folder)


def due(prepared: Prepared, only: Sequence[str] | None) -> list[PeriodJob]:
    """The periods that have no whole result. Needs the lock.

    Those that an earlier version wrote are looked through once, and noted.
    """
    jobs = [job for job in prepared.jobs.values() if only is None or job.period in only]
    thorough = is_suspect(prepared)
    return [job for job in jobs if not _is_done(job, thorough=thorough)]


def _is_done(job: PeriodJob, *, thorough: bool) -> bool:
    new = job.recipe is not None and not job.note.exists()
    if missing_of([job], None, thorough=thorough or new):
        return False
    if new:
        note_written(job.note, job.period, job.results, known_failure(job.error).get("attempts", 0))
    return True
