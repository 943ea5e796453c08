"""The logs of the server's parts do not grow for ever: beyond a size they are put
aside, and the oldest goes.

A part writes to a file that the server has opened for it, and goes on writing there. So
the file is copied and then emptied, in place of being renamed; what is written between
the two is lost.
"""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

LARGEST = 10_000_000  # bytes
OLDER = 4  # files that are kept beside each log
EVERY = 30.0  # seconds between two looks


class Logs:
    """The logs in a folder; `tick` is called as often as one likes."""

    def __init__(self, folder: Path, *, largest: int = LARGEST):
        self._folder, self._largest = folder, largest
        self._look_at = 0.0

    def tick(self, now: float) -> None:
        """Put aside what has grown too large, if it is time for a look."""
        if now < self._look_at:
            return
        self._look_at = now + EVERY
        for log in self._grown():
            with suppress(OSError):  # a full disk: the log goes on as it is
                put_aside(log)

    def _grown(self) -> Iterable[Path]:
        for log in sorted(self._folder.glob("*.log")):
            if log.stat().st_size > self._largest:
                yield log


def put_aside(log: Path) -> None:
    """Move what a log says into `NAME.log.1`, that into `NAME.log.2` and so on; the
    last one goes.
    """
    names = [log.with_name(f"{log.name}.{number}") for number in range(1, OLDER + 1)]
    # first, so that a full disk has room for the copy
    names[-1].unlink(missing_ok=True)
    for older, old in reversed(list(zip(names[1:], names[:-1], strict=True))):
        if old.exists():
            old.replace(older)
    try:
        shutil.copyfile(log, names[0])
    except OSError:
        names[0].unlink(missing_ok=True)
        raise
    names[0].chmod(0o600)
    with log.open("r+b") as file:
        file.truncate()
