"""The last run of a study once more: with which arguments, and which of its periods."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from extractors.errors import ArgumentsError
from extractors.planner.ladders import period_name
from flows.preparing.jobs import PeriodJob
from flows.preparing.naming import named_study
from flows.preparing.options import Options
from flows.preparing.prepare import named_periods
from flows.state.outcome import Outcome, read_outcome
from flows.state.periods import FAILED, MISSING, PeriodState, period_states
from flows.workspace.store import Workspace
from measures.study import Study, find_study


def last_options(
    study: str, workspace: str, *, name: str = "", moved: bool = False
) -> Options:
    """The arguments of the last run of this study in this workspace, wherever that was
    then.

    `study`: the name of one that was run, or where its definition is.
    """
    name, path = (
        (name, study) if name else named_study(study, Path(workspace).absolute())
    )
    options = last_outcome(name, study, workspace).options
    given = path or options.study
    own = Study(_found(given, name), "measures").name
    return replace(
        options,
        study=given,
        name="" if name == own else name,
        moved=moved,
        workspace=workspace,
    )


def _found(study: str, name: str) -> Path:
    try:
        return find_study(study)
    except ArgumentsError as error:
        remedy = (
            f"if it has moved, give its path with --name {shlex.quote(name)} and "
            "--moved"
        )
        raise ArgumentsError(
            f"The definition of {name} is not where it was. {error.message} What to "
            f"do: {remedy}."
        ) from None


def last_outcome(name: str, study: str, workspace: str) -> Outcome:
    """Raises ArgumentsError if there was none. `study`: what was asked for, for its
    words.
    """
    outcome = read_outcome(Workspace(Path(workspace).absolute(), name))
    if outcome is None:
        start = shlex.join(["cohortflow", "run", study, "--workspace", workspace])
        raise ArgumentsError(
            f"{name} was never run in this workspace; start with: {start}"
        )
    return outcome


def periods_again(
    workspace: Workspace, jobs: Mapping[str, PeriodJob], names: Sequence[str]
) -> list[str]:
    """The periods with these names or first days, done or not; without names those that
    failed.

    Where the last run could not tell how it ended (killed, no room on the disk), what
    it has left counts, too.
    """
    if not names:
        last = read_outcome(workspace)
        begun = last.begun if last else ()
        states = period_states(jobs.values())
        found: list[str] = []
        for state in states:
            if state.state == FAILED or _left(state, begun):
                found.append(state.job.period)
        return found
    among = [job.interval for job in jobs.values()]
    named = chain.from_iterable(named_periods(name, among) for name in names)
    return [period_name(interval) for interval in named]


def _left(state: PeriodState, begun: Sequence[str]) -> bool:
    return state.state == MISSING and state.job.period in begun
