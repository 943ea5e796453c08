"""Errors judged: what may be said of them to anybody, and whether another try may help (`transient`).

Errors that are not ours are known here by what they mean for a run; all else is only named.
"""

import errno
import traceback

from extractors.engine import NO_MEMORY, NO_ROOM
from extractors.errors import CohortflowError, DiskFull, OutOfMemory

FULL = (errno.ENOSPC, errno.EDQUOT)


def is_full(error: BaseException) -> bool:
    """Whether somebody has to make room on a disk."""
    return isinstance(error, OSError) and error.errno in FULL


def judged(error: BaseException, what: str) -> CohortflowError:
    """An error whose message anybody may see; all its words are in `detail`."""
    if isinstance(error, CohortflowError):
        return error
    detail = "".join(traceback.format_exception(error))
    if isinstance(error, MemoryError):
        return OutOfMemory(NO_MEMORY, detail)
    if is_full(error):
        return DiskFull(NO_ROOM, detail)
    return CohortflowError(f"{what} ended with an unexpected {type(error).__name__}.", detail)
