"""While a run is at work: the workspace is ready for it, and knows what it has set out
to do.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flows.preparing.naming import note_study
from flows.preparing.prepared import Prepared
from flows.state.loads import note_load
from flows.state.outcome import noted
from flows.workspace.passing import remove_dead


@contextmanager
def at_work(prepared: Prepared, only: Sequence[str] | None = None) -> Iterator[None]:
    """Prepare a workspace that is locked, and note the run; `only` names its
    periods.
    """
    workspace, options = prepared.workspace, prepared.options
    note_study(workspace, prepared.study, moved=options.moved)
    workspace.prepare()
    note_load(prepared)
    remove_dead(workspace.dask)
    with noted(workspace, options, tuple(prepared.jobs), only):
        yield
