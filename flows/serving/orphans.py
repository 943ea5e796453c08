"""Runs whose process is gone are Running for ever in Prefect, and keep the place of those that wait.

So a run writes down which process it is (`mark`), and whoever looks after the server calls it Crashed once that
process is no more. What the run had done is in the workspace, as always.
"""

import os
import socket
from pathlib import Path
from typing import Any

import psutil

from flows.serving.api import ask
from flows.serving.setting import POOL, Setting

LABEL = "cohortflow.process"
FLOW = "cohortflow"
BOOT = Path("/proc/sys/kernel/random/boot_id")  # a start of the machine; there on Linux alone
MESSAGE = "Its process is gone; what is done is kept, and a new run goes on from there."


def mark() -> dict[str, str]:
    """The label by which this process can be told from all others, now and later."""
    return {LABEL: f"{socket.gethostname()} {os.getpid()} {_born(os.getpid())}"}


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
        return _born(int(words[1])) == words[2]
    except (psutil.NoSuchProcess, FileNotFoundError, ProcessLookupError):
        return False


def _born(pid: int) -> str:
    """When a process began. On Linux not by the clock: whenever that is set, all would have begun at another time."""
    if not BOOT.exists():
        return f"{psutil.Process(pid).create_time():.2f}"
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]  # starttime of proc(5), since boot
    return f"{BOOT.read_text().strip()}:{ticks}"
