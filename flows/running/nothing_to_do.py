"""A run that has nothing to do: no server and no cluster is started for it."""

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from extractors.errors import CohortflowError
from flows.prefect_server.temporary_server import is_named
from flows.preparing.options import Options
from flows.preparing.prepared import Prepared
from flows.running.at_work import at_work
from flows.running.outcomes import outcome_of
from flows.running.progress import RunProgress
from flows.running.suspicion import due, is_undescribed
from flows.running.unchanged import inputs_of, release_there
from flows.state.outcome import Outcome, note_end
from flows.state.periods import missing_of
from flows.state.standing import refuse_to_replace
from flows.workspace.judging import judged
from flows.workspace.store import Workspace
from measures.study import Study, find_study


def may_be_nothing(options: Options) -> bool:
    """Whether there is a release that may be up to date, and no Prefect server to tell
    of it.

    Nothing is read for it: a server that is needed after all starts a little later.
    """
    if is_named() or options.revise or options.attrition:
        return False
    try:
        name = options.name or Study(find_study(options.study), "measures").name
        return Workspace(Path(options.workspace).absolute(), name).released.exists()
    except (OSError, CohortflowError):  # preparing the run says what is wrong
        return False


def run_nothing(
    prepared: Prepared, only: Sequence[str] | None = None, *, quiet: bool = False
) -> Outcome | None:
    """The outcome of a run for which all is there already; None if something is to be
    made.

    Raises CohortflowError as a run does.
    """
    if missing_of(prepared.jobs.values(), None):
        return None
    try:
        with prepared.workspace.locked():
            if due(prepared, None) or is_undescribed(prepared):
                return None
            refuse_to_replace(prepared.workspace, made_up=prepared.records.made_up)
            return _outcome(prepared, only, quiet=quiet)
    except Exception as error:
        raise judged(error, "The run") from None


def _outcome(
    prepared: Prepared, only: Sequence[str] | None, *, quiet: bool
) -> Outcome | None:
    started = time.monotonic()
    outcome = outcome_of(prepared, (), {})
    said = release_there(prepared, inputs_of(prepared, outcome.warnings))
    if said is None:
        return None
    with (
        at_work(prepared, only),
        RunProgress(prepared.study.name, 0, quiet=quiet) as progress,
    ):
        progress.step("release")
    ended = replace(
        outcome,
        warnings=(*outcome.warnings, *said.warnings),
        headlines=said.headlines,
        seconds=round(time.monotonic() - started, 1),
    )
    note_end(prepared.workspace, ended)
    return ended
