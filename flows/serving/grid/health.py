"""Whether the parts of the server work: for those who look after the machine, without
the word, and nothing else.
"""

from flows.serving.api import ask, is_ready
from flows.serving.parts import scheduler_answers
from flows.serving.setting import POOL, Setting


def health(setting: Setting) -> dict[str, bool]:
    """Of each part that can be asked, whether it is well."""
    return {
        "database": is_ready(setting),
        "runner": _runner_is_online(setting),
        "scheduler": scheduler_answers(setting),
    }


def _runner_is_online(setting: Setting) -> bool:
    """Whether there is one, on whichever machine: Prefect calls it online for a minute
    and a half after a heartbeat.
    """
    workers = ask(setting, f"work_pools/{POOL}/workers/filter", {}) or []
    return any(worker["status"] == "ONLINE" for worker in workers)
