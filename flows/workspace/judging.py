"""Errors judged: what may be said of them to anybody, and whether another try may help
(`transient`).

Errors that are not ours are known here by what they mean for a run; all else is only
named.
"""

import errno
import os
import traceback

from extractors.engine import NO_MEMORY, NO_ROOM
from extractors.errors import ArgumentsError, CohortflowError, DiskFull, OutOfMemory

FULL = (errno.ENOSPC, errno.EDQUOT)
# These are wrong for every user of the place; that something is missing may be damage,
# or a mistake of ours.
DENIED = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.EISDIR,
    errno.EEXIST,
    errno.ENAMETOOLONG,
)


def is_full(error: BaseException) -> bool:
    """Whether a person has to make room on a disk."""
    return isinstance(error, OSError) and error.errno in FULL


def refused(error: OSError) -> CohortflowError | None:
    """What a user can do about an error of the system; None where there is nothing:
    then it is ours.
    """
    if is_full(error):
        return DiskFull(NO_ROOM, _words(error))
    # where something was to be moved to, if it was
    named = error.filename2 or error.filename
    if named is None or isinstance(named, int):
        return None
    remedy = "see that it is yours to read and to write, or name another"
    # the path comes last: what reads a reason in a narrow column would see nothing else
    words = f"A place cannot be used: {error.strerror}; {remedy}: {os.fsdecode(named)}"
    return ArgumentsError(words, _words(error))


def judged(error: BaseException, what: str) -> CohortflowError:
    """An error whose message anybody may see; all its words are in `detail`."""
    if isinstance(error, CohortflowError):
        return error
    if isinstance(error, MemoryError):
        return OutOfMemory(NO_MEMORY, _words(error))
    known = (
        refused(error)
        if isinstance(error, OSError) and error.errno in (*FULL, *DENIED)
        else None
    )
    return known or CohortflowError(
        f"{what} ended with an unexpected {type(error).__name__}.", _words(error)
    )


def _words(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))
