"""Whether this worker sees the workspace of the run that it works for; without Dask,
which a worker may not need.
"""

import time
from collections.abc import Iterable

from extractors.errors import CohortflowError
from flows.preparing.jobs import Bounds

# Seconds that a worker is busy with work that it cannot do: else it would take all of
# it, one after the other.
HELD = 5.0
REMEDY = (
    "The workspace needs a file system that this machine and all workers share, "
    "under the same path, and workers need the same user as the run; `cohortflow "
    "docs clusters` says more."
)


class Unseen(CohortflowError):
    """A worker that does not see the workspace got a piece of work; another worker may
    do it.
    """

    transient = True


def refuse_unseen(inputs: Iterable[object]) -> None:
    """Raise Unseen, on a worker that does not see the workspace that it is to spill to,
    or to leave an error in.
    """
    for given in inputs:
        if isinstance(given, Bounds) and not given.spill.parent.is_dir():
            time.sleep(HELD)
            raise Unseen(
                f"A Dask worker that joined does not see the workspace. {REMEDY}"
            )
