"""How long a piece of work may take on a worker: interrupted, and if that does not
help, its process ended.
"""

import os
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from extractors.engine import interrupt_all
from flows.workspace.settings import Limit

Result = TypeVar("Result")
# seconds, or the limit if that is less, in which an interrupted query has to stop;
# DuckDB needs a moment
GRACE = 30
# between two statements there is nothing to interrupt, so it is done again and again
AGAIN = 0.5
ENDED = 75  # EX_TEMPFAIL


def limited(
    limit: Limit,
    what: str,
    function: Callable[..., Result],
    *inputs: object,
    on_end: Callable[[str], None] | None = None,
    **settings: object,
) -> Result:
    """What a function gives, if it does so in time; else DuckDB raises an
    InterruptedRun in it.

    What hangs elsewhere (a disk that does not answer, say) cannot be interrupted. It
    ends this process, which a nanny replaces; `on_end` hears of it before.
    """
    done = threading.Event()
    said = f"{what} took longer than {limit.seconds} s ({limit.setting})."
    stop = partial(interrupt_all, threading.get_ident(), said)
    end = partial(on_end, said) if on_end else None
    threading.Thread(
        target=_watch, args=(done, limit.seconds, stop, end), daemon=True
    ).start()
    try:
        return function(*inputs, **settings)
    finally:
        done.set()


def _watch(
    done: threading.Event,
    seconds: int,
    stop: Callable[[], None],
    on_end: Callable[[], None] | None,
) -> None:
    if done.wait(seconds):
        return
    end = time.monotonic() + min(seconds, GRACE)
    while time.monotonic() < end:
        stop()
        if done.wait(AGAIN):
            return
    if on_end:
        on_end()
    os._exit(ENDED)
