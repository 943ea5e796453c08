"""Where a run and Prefect lose each other: the run is killed, or Prefect's server is.

A run that is killed cannot tell Prefect, where it would stay Running for ever; so the
next one does it.
"""

import queue
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.events.worker import EventsWorker
from prefect.runtime import flow_run
from prefect.states import Crashed

from flows.workspace.kept import FLOW_RUN

LOST = (
    "Prefect's server was lost and does not know how this run ended; nothing else is "
    "missing."
)
KILLED = "The process of this run was ended from outside; what was done is kept."


@contextmanager
def follow(note: Path) -> Iterator[None]:
    """Remember in a file which flow run is at work; one that is remembered already is
    dead. Needs the lock.
    """
    earlier, ours = (FLOW_RUN.recall(note) or {}).get("id"), flow_run.get_id()
    if earlier and earlier != ours:
        # the run of another server, for one: that is no reason to run nothing now
        with suppress(Exception):
            _mark_crashed(UUID(earlier))
    FLOW_RUN.write(note, {"id": ours})
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def _mark_crashed(id: UUID) -> None:
    with get_client(sync_client=True) as client:
        run = client.read_flow_run(id)
        if run.state is None or not run.state.is_final():
            client.set_flow_run_state(id, Crashed(message=KILLED), force=True)


def give_up_server() -> None:
    """Say that the server is gone, and let the process end: Prefect would try for
    seconds with each of its events.
    """
    print(f"cohortflow: {LOST}", file=sys.stderr)
    for worker in list(EventsWorker._instances.values()):  # type: ignore[misc]
        with suppress(queue.Empty):
            while isinstance(worker, EventsWorker):
                worker._queue.get_nowait()
