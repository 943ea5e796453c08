"""What is remembered of failures, of a period or a step: how many there were, and why
the last one was.
"""

from contextlib import suppress
from pathlib import Path
from typing import Any

from extractors.engine import NO_ROOM
from extractors.errors import Damaged
from flows.workspace.judging import is_full
from flows.workspace.kept import FAILURE

LOST = "something failed, and the note of it is damaged"


def record_failure(path: Path, reason: str, detail: str = "") -> None:
    """Remember a failed attempt: how many there were, the last one's safe reason, and
    all its words.

    On a full disk an empty file has to do: a name mostly finds room. The error itself
    is what has to reach the log.
    """
    attempts = known_failure(path).get("attempts", 0) + 1
    try:
        FAILURE.write(path, {"attempts": attempts, "reason": reason, "detail": detail})
    except OSError as error:
        if is_full(error):
            with suppress(OSError):
                path.touch(0o600)


def known_failure(path: Path) -> dict[str, Any]:
    """What is remembered; nothing if there was no failure."""
    if path.exists() and not path.stat().st_size:
        return {"attempts": 1, "reason": NO_ROOM}
    try:
        return FAILURE.read(path) or {}
    except Damaged:
        return {"attempts": 1, "reason": LOST}
