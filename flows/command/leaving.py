"""The end of a process of ours: as soon as all that is to be done at its end is done.

Python would then take down module after module of Prefect and Dask: half a second after
every run.
"""

import atexit
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

STOPPED = "cohortflow: stopped."
KEPT = "cohortflow: stopped; what is done is kept, the same command goes on from here."
FAILED = 1  # Python's own code for an error that is not caught


@dataclass
class Left:
    """What the process ends with; the block sets it."""

    # Python's own code for an error, until the block knows better
    code: int = FAILED


@contextmanager
def leaving(stopped: str = STOPPED) -> Iterator[Left]:
    """The work of a process, which says its exit code, or is stopped by Ctrl-C and says
    so.

    What is loaded meanwhile is asked first when it ends.
    """
    left = Left()
    atexit.register(_leave, left)  # the first to be registered is the last to be called
    try:
        yield left
    except KeyboardInterrupt:
        print(stopped, file=sys.stderr)
        left.code = FAILED
    except SystemExit as asked:
        left.code = _code_of(asked)
        raise


def _code_of(asked: SystemExit) -> int:
    """As Python takes it: `sys.exit("words")` fails, and `sys.exit()` does not."""
    if isinstance(asked.code, int):
        return asked.code
    return FAILED if asked.code else 0


def _leave(left: Left) -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # its reader is gone, or it is closed
            stream.flush()
    os._exit(left.code)
