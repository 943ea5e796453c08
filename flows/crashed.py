"""A run that is killed cannot tell Prefect, where it would stay Running for ever; so the next one does it."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.runtime import flow_run
from prefect.states import Crashed

from flows.store import read_json, write_json

KILLED = "The process of this run was ended from outside; what was done is kept."


@contextmanager
def follow(note: Path) -> Iterator[None]:
    """Remember in a file which flow run is at work; one that is remembered already is dead. Needs the lock."""
    earlier, ours = read_json(note, {}).get("id"), flow_run.get_id()
    if earlier and earlier != ours:
        with suppress(Exception):  # another server's run, say: nobody should miss a run for that
            _mark_crashed(UUID(earlier))
    write_json(note, {"id": ours})
    try:
        yield
    finally:
        note.unlink(missing_ok=True)


def _mark_crashed(id: UUID) -> None:
    with get_client(sync_client=True) as client:
        run = client.read_flow_run(id)
        if run.state is None or not run.state.is_final():
            client.set_flow_run_state(id, Crashed(message=KILLED), force=True)
