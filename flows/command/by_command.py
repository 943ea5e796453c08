"""A run by command: one flow, for which a cluster is started while its server
starts.
"""

import gc
import os
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict

from prefect.client.schemas.objects import State
from prefect.settings import (
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    get_current_settings,
    temporary_settings,
)

from extractors.errors import ArgumentsError, CohortflowError
from flows.prefect_server.plain_http import refuse_plain_http
from flows.prefect_server.temporary_server import URL, TemporaryServer
from flows.preparing.prepare import site
from flows.preparing.prepared import Prepared
from flows.running.cluster import EarlyCluster, started_early
from flows.running.pipeline import Handover, study_flow
from flows.state.outcome import Outcome
from flows.state.periods import DONE, period_states
from flows.telling.crashed import give_up_server
from flows.workspace.judging import judged
from flows.workspace.settings import settings

# The flow of a command sends Prefect no signs of life: its user sees the terminal,
# and at its end Prefect would wait up to a second for the sender.
UNWATCHED = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}


def _unreachable(error: Exception, server: TemporaryServer | None) -> CohortflowError:
    url = os.environ.get(URL)
    if not url or server:
        return judged(error, "Prefect's temporary server")
    remedy = "start it, or unset PREFECT_API_URL, and the run brings a temporary one"
    return ArgumentsError(f"There is no Prefect server at {url}; {remedy}.", str(error))


def run(
    prepared: Prepared,
    server: TemporaryServer | None,
    *,
    only: Sequence[str] | None = None,
    force: bool = False,
    quiet: bool = False,
) -> Outcome:
    """Run a study as one flow run; how it ended. Raises CohortflowError for what keeps
    it from its periods or release.

    A temporary server takes a second longer to start than all the rest, so the cluster
    starts meanwhile. Prefect's server may go away later; what the run makes does not
    depend on it.
    """
    if not server:
        # of the environment, of a profile or of a file
        url = get_current_settings().api.url
        refuse_plain_http(url or "", allowed=site().allow_plain_http)
    # what is loaded now stays to the end, so the search for garbage can leave it out
    gc.freeze()
    with _early(prepared, force=force) as early:
        if server:
            server.wait()
        flow_run = study_flow(handover := Handover(prepared, early))
        given = (asdict(prepared.options), only, force, quiet)
        try:
            with temporary_settings(UNWATCHED if server else {}):
                state = flow_run(*given, return_state=True)
        except Exception as error:  # Prefect's: those of the flow are in its state
            if handover.outcome is None:
                raise _unreachable(error, server) from None
            give_up_server()
            return handover.outcome
        return _ended(state, handover)


def _early(prepared: Prepared, *, force: bool) -> AbstractContextManager[EarlyCluster]:
    """A cluster, if there is something to do for it."""
    states = period_states(prepared.jobs.values())
    done = bool(states) and all(state.state == DONE for state in states)
    if done and not force:
        return nullcontext(EarlyCluster())
    prepared.workspace.make()
    return started_early(prepared.options.cluster, settings(), prepared.workspace.dask)


def _ended(state: State, handover: Handover) -> Outcome:
    """How the flow ended; its own error is raised here."""
    result = state.result(raise_on_failure=False)
    if isinstance(result, BaseException):
        raise result
    assert handover.outcome is not None
    return handover.outcome
