"""Work that ends the process it is done in."""

import os
import signal
from pathlib import Path


def dies(folder: Path, times: int, number: int) -> int:
    """Twice a number; the first so many `times`, the process is killed instead, like
    `kill -9` does it.
    """
    for time in range(times):
        try:
            (folder / str(time)).touch(exist_ok=False)
        except FileExistsError:
            continue
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * number
