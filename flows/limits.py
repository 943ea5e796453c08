"""How long a piece of work may take on a worker: interrupted, and if that does not help, its process ended."""

import os
import threading
import time
from collections.abc import Callable
from typing import TypeVar

from extractors.engine import interrupt_all

Result = TypeVar("Result")
GRACE = 30  # seconds, or the limit if that is less, in which an interrupted query has to stop; DuckDB needs a moment
AGAIN = 0.5  # between two statements there is nothing to interrupt, so it is done again and again
ENDED = 75  # EX_TEMPFAIL


def limited(seconds: int, what: str, function: Callable[..., Result], *inputs: object, **settings: object) -> Result:
    """What a function gives, if it does so in time; else DuckDB raises an InterruptedRun in it.

    What hangs elsewhere (a disk that does not answer, say) cannot be interrupted. It ends this process, which a
    nanny replaces.
    """
    done = threading.Event()
    said = f"{what} took longer than {seconds} s (COHORTFLOW_PERIOD_SECONDS)."
    threading.Thread(target=_watch, args=(done, seconds, said), daemon=True).start()
    try:
        return function(*inputs, **settings)
    finally:
        done.set()


def _watch(done: threading.Event, seconds: int, said: str) -> None:
    if done.wait(seconds):
        return
    end = time.monotonic() + min(seconds, GRACE)
    while time.monotonic() < end:
        interrupt_all(said)
        if done.wait(AGAIN):
            return
    os._exit(ENDED)
