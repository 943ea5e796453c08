"""Runs that are still to come carry the name of their study: Prefect would call them
affable-rabbit.
"""

from flows.serving.api import change
from flows.serving.runs import TO_COME, runs_of, states
from flows.serving.setting import Setting

MOST = 50  # names that are given at one look


def name_planned(setting: Setting) -> int:
    """Name those that come next; how many were named. One that has begun names itself
    (`flows/telling/`).
    """
    planned = runs_of(setting, states(TO_COME), "EXPECTED_START_TIME_ASC") or []
    named = 0
    for run in planned:
        wanted = f"{run.title}, due {run.due[:10]}"
        if not run.deployed or run.begun or run.name == wanted:
            continue
        if named == MOST or not change(
            setting, f"flow_runs/{run.id}", {"name": wanted}
        ):
            break
        named += 1
    return named
