"""Runs whose process is gone are Running for ever in Prefect, and keep the place of
those that wait.

So a run writes down which process it is (`mark`), and the part that watches the server
calls it Crashed once that process is no more. What the run had done is in the
workspace, as always.

A run that a runner took up while the server's database went away is Pending for ever,
and keeps that place, too. It waits again.
"""

import datetime
import socket
from typing import Any

import psutil

from flows.serving.api import ask
from flows.serving.setting import POOL, Setting
from flows.telling.mark import LABEL, time_of_birth

FLOW = "cohortflow"
# a process of a run begins within one, also on a busy machine
STUCK = datetime.timedelta(minutes=10)
WAITS = "It was taken up and did not begin, so it waits again."
MESSAGE = "Its process is gone; what is done is kept, and a new run goes on from there."


def close_orphans(setting: Setting, *, new_runner: bool = False) -> list[str] | None:
    """Call runs Crashed whose process is gone; their names, or None if the server did
    not take it all.

    A process on another machine is nobody's business here.

    A `new_runner` is the only one of its pool, so also what was deployed and is not
    seen here is gone.
    """
    states = {"type": {"any_": ["RUNNING", "CANCELLING"]}}
    question = {
        "flow_runs": {"state": states},
        "flows": {"name": {"any_": [FLOW]}},
        "limit": 200,
    }
    runs, closed = ask(setting, "flow_runs/filter", question), []
    if runs is None:
        return None
    for run in runs:
        lives = _lives(run)
        deployed = run.get("work_pool_name") == POOL
        if lives is False or (new_runner and deployed and not lives):
            state = {"type": "CRASHED", "name": "Crashed", "message": MESSAGE}
            if (
                ask(
                    setting,
                    f"flow_runs/{run['id']}/set_state",
                    {"state": state, "force": True},
                )
                is None
            ):
                return None
            closed.append(run["name"])
    return closed


def take_again(
    setting: Setting, now: datetime.datetime, *, new_runner: bool = False
) -> list[str] | None:
    """Let runs wait again that were taken up and did not begin; their names, or None as
    `close_orphans`.

    What a `new_runner` finds taken up, the one before it took, and its processes have
    ended with it.
    """
    question = {
        "flow_runs": {"state": {"type": {"any_": ["PENDING"]}}},
        "flows": {"name": {"any_": [FLOW]}},
        "limit": 200,
    }
    runs = ask(setting, "flow_runs/filter", question)
    if runs is None:
        return None
    again = []
    for run in runs:
        if run.get("work_pool_name") == POOL and (
            new_runner or _pending_since(run) < now - STUCK
        ):
            state = {
                "type": "SCHEDULED",
                "name": "Scheduled",
                "message": WAITS,
                "state_details": {"scheduled_time": now.isoformat()},
            }
            if (
                ask(
                    setting,
                    f"flow_runs/{run['id']}/set_state",
                    {"state": state, "force": True},
                )
                is None
            ):
                return None
            again.append(str(run["name"]))
    return again


def _pending_since(run: dict[str, Any]) -> datetime.datetime:
    return datetime.datetime.fromisoformat(run["state"]["timestamp"])


def _lives(run: dict[str, Any]) -> bool | None:
    """Whether the process of a run is at work on this machine; None if it is on
    another, or not known yet.
    """
    words = str(run.get("labels", {}).get(LABEL, "")).split()
    if len(words) != 3 or words[0] != socket.gethostname():
        return None
    try:
        return time_of_birth(int(words[1])) == words[2]
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        return False
