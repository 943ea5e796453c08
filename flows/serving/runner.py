"""Prefect's process worker, after the runs that the last one left behind are closed."""

import datetime
import os
import sys
import time

from flows.serving.orphans import close_orphans, take_again
from flows.serving.parts import worker_name
from flows.serving.setting import POOL, setting

AGAIN = 2  # seconds between two tries while the server does not answer


def main() -> None:
    """Become the worker."""
    where = setting()
    while (closed := close_orphans(where, new_runner=True)) is None:
        # without it a run that was left behind would keep its place for ever
        time.sleep(AGAIN)
    while (
        again := take_again(where, datetime.datetime.now(datetime.UTC), new_runner=True)
    ) is None:
        time.sleep(AGAIN)
    for name in again:
        print(f"{name} was taken up and did not begin; it waits again", flush=True)
    for name in closed:
        print(f"{name} was left behind; it is called Crashed", flush=True)
    command = [
        sys.executable,
        "-m",
        "prefect",
        "worker",
        "start",
        "--pool",
        POOL,
        "--type",
        "process",
    ]
    os.execv(sys.executable, [*command, "--name", worker_name()])


if __name__ == "__main__":
    main()
