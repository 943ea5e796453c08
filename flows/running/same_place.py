"""Workers of a cluster that is not the run's own see the workspace of the run, or they
do nothing for it.

Workers get paths and leave files. One on another machine, or of another user, would
write its results to another disk, or to none, and the run would wait for files that
never come. So all are asked before anything is computed; one that joins later looks
before it begins (`seeing.py`).
"""

import secrets
import time
from pathlib import Path

from distributed import Client

from extractors.errors import ArgumentsError
from flows.running.seeing import REMEDY
from flows.workspace.passing import passing_folder

MARK = "seen-by-workers"
# seconds until a shared file system shows a new file, and between two looks
LATE, AGAIN = 5.0, 0.2
MOST_NAMES = 5


def refuse_blind(client: Client, place: Path) -> None:
    """Raise ArgumentsError if a worker of the cluster does not see a new file in a
    folder of the workspace.
    """
    word = secrets.token_hex(8)
    with passing_folder(place) as folder:
        mark = folder / MARK
        mark.write_text(word, encoding="utf-8")
        answers = client.run(word_in, str(mark), on_error="return")
    blind = sorted(worker for worker, answer in answers.items() if answer != word)
    if blind:
        more = f" and {len(blind) - MOST_NAMES} more" if len(blind) > MOST_NAMES else ""
        names = ", ".join(blind[:MOST_NAMES]) + more
        raise ArgumentsError(
            f"{len(blind)} of {len(answers)} Dask workers do not see the workspace "
            f"{place.parents[2]}: {names}. {REMEDY}"
        )


def word_in(path: str) -> str:
    """What a file says, on a worker; empty if it does not see it."""
    end = time.monotonic() + LATE
    while True:
        try:
            return Path(path).read_text(encoding="utf-8")
        except OSError:
            if time.monotonic() > end:
                return ""
        time.sleep(AGAIN)
