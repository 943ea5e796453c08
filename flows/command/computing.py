"""A run by command, wherever it is made: in a flow, in this process, or not at all.

Prefect is loaded only when a flow begins.
"""

from collections.abc import Sequence
from importlib import import_module

from flows.prefect_server.environment import quiet_environment
from flows.prefect_server.temporary_server import (
    TemporaryServer,
    is_named,
    start_server,
)
from flows.preparing.estimate import refuse_what_cannot_fit
from flows.preparing.guess import looks_like_dataset
from flows.preparing.options import Options
from flows.preparing.prepare import keyed, prepare
from flows.preparing.prepared import Prepared
from flows.running.here import may_run_here, run_here
from flows.running.nothing_to_do import may_be_nothing, run_nothing
from flows.state.outcome import Outcome
from flows.workspace.platforms import refuse_without_groups
from flows.workspace.undisturbed import undisturbed
from measures.closed.process import Closed


def computed(
    options: Options,
    *,
    early: Closed | None,
    only: Sequence[str] | None = None,
    force: bool = False,
) -> tuple[Prepared, Outcome]:
    """What was run, and how it ended; `only`: names of periods. Raises CohortflowError
    as a run does.
    """
    refuse_without_groups("run")
    quiet_environment()
    here, alone = may_run_here(options), not is_named()
    # A server takes longest to start, so it starts first. A dataset needs none, nor
    # does who has nothing to do.
    needless = (here and looks_like_dataset(options)) or (
        not force and may_be_nothing(options)
    )
    server = None if needless else start_server()
    # A mistake in the definition shows before this process loads Prefect.
    prepared = keyed(prepare(options, early=early))
    if here and not prepared.jobs:
        refuse_what_cannot_fit(prepared, own_server=False)
        return prepared, run_here(prepared, force=force)
    if alone and not (server or force):
        nothing = run_nothing(prepared, only)
        if nothing is not None:
            return prepared, nothing
    return prepared, _run_in_flow(
        prepared, server or start_server(), only=only, force=force
    )


def _run_in_flow(
    prepared: Prepared,
    server: TemporaryServer | None,
    *,
    only: Sequence[str] | None,
    force: bool,
) -> Outcome:
    refuse_what_cannot_fit(prepared, own_server=server is not None)
    with undisturbed():
        by_command = import_module("flows.command.by_command")
    return by_command.run(prepared, server, only=only, force=force)
