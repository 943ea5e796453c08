"""Prefect's process worker, after the runs that the last one left behind are closed."""

import os
import sys

from flows.serving.orphans import close_orphans
from flows.serving.parts import worker_name
from flows.serving.setting import POOL, setting


def main() -> None:
    """Become the worker."""
    for name in close_orphans(setting(), new_runner=True):
        print(f"{name} was left behind; it is called Crashed", flush=True)
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--type", "process"]
    os.execv(sys.executable, [*command, "--name", worker_name()])


if __name__ == "__main__":
    main()
