"""Runs whose process is gone are Running for ever in Prefect, and keep the place of those that wait.

So a run writes down which process it is (`mark`), and whoever looks after the server calls it Crashed once that
process is no more. What the run had done is in the workspace, as always.
"""

import socket
from typing import Any

import psutil

from flows.serving.api import ask
from flows.serving.setting import POOL, Setting
from flows.telling.mark import LABEL, time_of_birth

FLOW = "cohortflow"
MESSAGE = "Its process is gone; what is done is kept, and a new run goes on from there."


def close_orphans(setting: Setting, *, new_runner: bool = False) -> list[str] | None:
    """Call runs Crashed whose process is gone; their names, or None if the server did not take it all.

    A process on another machine is nobody's business here.

    A `new_runner` is the only one of its pool, so also what was deployed and is not seen here is gone.
    """
    states = {"type": {"any_": ["RUNNING", "CANCELLING"]}}
    question = {"flow_runs": {"state": states}, "flows": {"name": {"any_": [FLOW]}}, "limit": 200}
    runs, closed = ask(setting, "flow_runs/filter", question), []
    if runs is None:
        return None
    for run in runs:
        lives = _lives(run)
        deployed = run.get("work_pool_name") == POOL
        if lives is False or (new_runner and deployed and not lives):
            state = {"type": "CRASHED", "name": "Crashed", "message": MESSAGE}
            if ask(setting, f"flow_runs/{run['id']}/set_state", {"state": state, "force": True}) is None:
                return None
            closed.append(run["name"])
    return closed


def _lives(run: dict[str, Any]) -> bool | None:
    """Whether the process of a run is at work on this machine; None if it is on another, or not known yet."""
    words = str(run.get("labels", {}).get(LABEL, "")).split()
    if len(words) != 3 or words[0] != socket.gethostname():
        return None
    try:
        return time_of_birth(int(words[1])) == words[2]
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        return False
