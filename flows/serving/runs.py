"""Runs as Prefect's server knows them: whose they are, and which wait, are at work or
have ended badly.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extractors import errors
from flows.serving.api import ask
from flows.serving.orphans import FLOW
from flows.serving.setting import Setting
from measures.study import NAME, Study, shipped_studies

MOST = 200  # what the server gives at a time
BACK = datetime.timedelta(days=7)
AT_WORK = ("RUNNING", "CANCELLING")
TO_COME = ("SCHEDULED", "PENDING")
BADLY = ("FAILED", "CRASHED")
ENDED = (*BADLY, "COMPLETED", "CANCELLED")
CLEAN_UP = "clean-up"
TASK = "extract "  # how the name of a period's task begins
# Our errors beside those of `extractors.errors`. By name, since what looks at runs
# loads no source of records; a test compares the names with the code.
OURS = frozenset(
    {
        "DirtyRecords",
        "NoEntry",
        "NotThere",
        "NothingComplete",
        "ObjectsChanged",
        "OtherCode",
        "RecordsChanged",
        "RecordsUnreachable",
        "RefusedAt",
        "Unreachable",
        "Unseen",
    }
)
RAISED = "Flow run encountered an exception: "  # Prefect's words before an error


@dataclass(frozen=True)
class Seen:
    """One run of a study, as Prefect's server knows it."""

    # its id in Prefect
    id: str
    # the name of its study in the workspace; empty where its parameters name none
    study: str
    # its name in Prefect
    name: str
    # Prefect's word for its state, in small letters
    state: str
    # the id of the state: one that is retried and fails again has another
    state_id: str
    # when it was to begin
    due: str
    # when it began; empty if it has not, also one that is to be tried again has
    begun: str
    # when it ended; empty if it has not
    ended: str
    # what its state says; safe to show
    message: str
    # whether a deployment has started it, and no person at a terminal
    deployed: bool

    @property
    def title(self) -> str:
        """What a person calls it: its study, or the clean-up, which is of all of
        them.
        """
        return self.study or CLEAN_UP


def seen_of(run: Mapping[str, Any]) -> Seen:
    """A run as the server tells of it."""
    state = run.get("state") or {}
    return Seen(
        id=run["id"],
        study=study_of(run.get("parameters") or {}),
        name=str(run["name"]),
        state=str(run["state_type"] or "").lower(),
        state_id=str(run["state_id"] or ""),
        due=str(run["expected_start_time"] or ""),
        begun=str(run["start_time"] or ""),
        ended=str(run["end_time"] or ""),
        message=safe_message(str(state.get("message") or "")),
        deployed=bool(run.get("deployment_id")),
    )


def study_of(parameters: Mapping[str, Any]) -> str:
    """The name of the study that a run was asked for, by a deployment or by a command;
    empty if it can be none.
    """
    name = _study_of(parameters)
    return name if NAME.fullmatch(name) else ""


def _study_of(parameters: Mapping[str, Any]) -> str:
    options = parameters.get("options")
    given = options if isinstance(options, dict) else parameters
    if given.get("name"):
        return str(given["name"])
    study = str(given.get("study") or "")
    if not study or study in shipped_studies():
        return study
    path = Path(study)
    return Study(path, "measures").name if path.suffix == ".py" else path.name


def safe_message(message: str) -> str:
    """What a state says, without Prefect's words before an error; of errors that are
    not ours their kind alone.
    """
    if not message.startswith(RAISED):
        return message
    kind, _, words = message.removeprefix(RAISED).partition(": ")
    known = getattr(errors, kind, None)
    ours = isinstance(known, type) and issubclass(known, errors.CohortflowError)
    if ours or kind in OURS:
        return words
    return (
        f"The run ended with an unexpected {kind if kind.isidentifier() else 'error'}."
    )


def runs_of(
    setting: Setting, chosen: Mapping[str, Any], sort: str
) -> list[Seen] | None:
    """The runs of our flow that are so, at most MOST; None if the server does not
    answer.
    """
    flows = {"name": {"any_": [FLOW]}}
    question = {"flow_runs": chosen, "flows": flows, "limit": MOST, "sort": sort}
    answer = ask(setting, "flow_runs/filter", question)
    return None if answer is None else [seen_of(run) for run in answer]


def states(names: Iterable[str]) -> dict[str, Any]:
    return {"state": {"type": {"any_": list(names)}}}


# What a look at them all finds --------------------------------------------------------


@dataclass(frozen=True)
class Runs:
    """All that is of interest now."""

    # those that a process is carrying out
    at_work: tuple[Seen, ...]
    # those whose time has come, in the order of their times
    waiting: tuple[Seen, ...]
    # those whose time is to come, in the order of their times
    next: tuple[Seen, ...]
    # those of the last week that ended badly, the last one first
    badly: tuple[Seen, ...]
    # the id of a run at work -> the periods that it has in hand
    in_hand: Mapping[str, frozenset[str]]


def look(setting: Setting, now: datetime.datetime) -> Runs | None:
    """What the server knows now; None if it does not answer."""
    at_work = runs_of(setting, states(AT_WORK), "EXPECTED_START_TIME_ASC")
    scheduled = runs_of(setting, states(TO_COME), "EXPECTED_START_TIME_ASC")
    since = {"end_time": {"after_": (now - BACK).isoformat()}}
    badly = runs_of(setting, states(BADLY) | since, "END_TIME_DESC")
    if at_work is None or scheduled is None or badly is None:
        return None
    waiting = [run for run in scheduled if _time(run.due) <= now]
    return Runs(
        at_work=tuple(at_work),
        waiting=tuple(waiting),
        next=tuple(run for run in scheduled if _time(run.due) > now),
        badly=tuple(badly),
        in_hand={run.id: _in_hand(setting, run) for run in at_work},
    )


def _time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


def _in_hand(setting: Setting, run: Seen) -> frozenset[str]:
    """The periods that a run has in hand."""
    chosen = {
        "flow_runs": {"id": {"any_": [run.id]}},
        "task_runs": states(["RUNNING"]),
        "limit": MOST,
    }
    tasks = ask(setting, "task_runs/filter", chosen) or []
    names = [task["name"] for task in tasks]
    return frozenset(name.removeprefix(TASK) for name in names if name.startswith(TASK))
