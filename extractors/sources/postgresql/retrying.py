"""Trying again while a server is away: it may be about to come back, but no run should
wait for ever.
"""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from extractors.sources.postgresql.errors import RecordsUnreachable

Result = TypeVar("Result")
# seconds before each further attempt: a person waits, and may have mistyped
LOOKING = (0.5, 2)
READING = (1, 2, 4, 8, 15, 30)  # a minute: a server that restarts takes some of it


def again_if_unreachable(
    attempt: Callable[[], Result], pauses: Sequence[float]
) -> Result:
    """What an attempt gives; the last one's RecordsUnreachable if none succeeds. Other
    errors are final.
    """
    for pause in pauses:
        try:
            return attempt()
        except RecordsUnreachable:
            time.sleep(pause)
    return attempt()
