"""A run by command: one flow, for which a cluster is started while its server starts."""

import gc
import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict

from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

from extractors.errors import ArgumentsError, CohortflowError
from flows.prefect_server.temporary_server import URL, ours
from flows.preparing.prepared import Prepared
from flows.running.cluster import started_early
from flows.running.pipeline import ENDED, KNOWN, study_run
from flows.state.outcome import Outcome
from flows.state.periods import DONE, period_states
from flows.telling.crashed import give_up_server
from flows.workspace.judging import judged
from flows.workspace.settings import settings

# Of a flow that nobody may miss no sign of life is sent: at its end Prefect would wait up to a second for the sender.
UNWATCHED = {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}


def _unreachable(error: Exception) -> CohortflowError:
    url = os.environ.get(URL)
    if not url or url in ours:
        return judged(error, "Prefect's temporary server")
    remedy = "start it, or unset PREFECT_API_URL, and the run brings a temporary one"
    return ArgumentsError(f"There is no Prefect server at {url}; {remedy}.", str(error))


def run(
    prepared: Prepared,
    wait_for_server: Callable[[], None],
    *,
    only: Sequence[str] | None = None,
    force: bool = False,
    quiet: bool = False,
) -> Outcome:
    """Run a study as one flow run; how it ended. Raises CohortflowError for what keeps it from its periods or release.

    A temporary server takes a second longer to start than all the rest, so the cluster starts meanwhile. Prefect's
    server may go away later; what the run makes does not depend on it.
    """
    gc.freeze()  # what is loaded now stays to the end; nobody need look through it for garbage
    with _early(prepared, force=force):
        wait_for_server()
        return _flow(prepared, only, force=force, quiet=quiet)


def _early(prepared: Prepared, *, force: bool) -> AbstractContextManager[None]:
    """A cluster, if there is something to do for it."""
    done = bool(prepared.jobs) and all(state.state == DONE for state in period_states(prepared))
    return nullcontext() if done and not force else started_early(prepared.options.cluster, settings())


def _flow(prepared: Prepared, only: Sequence[str] | None, *, force: bool, quiet: bool) -> Outcome:
    ENDED.clear()
    KNOWN[:] = [prepared]
    try:
        with temporary_settings(UNWATCHED if os.environ.get(URL) in ours else {}):
            state = study_run(asdict(prepared.options), only, force, quiet, return_state=True)
    except Exception as error:  # Prefect's: those of the flow are in its state
        if not ENDED:
            raise _unreachable(error) from None
        give_up_server()
        return ENDED[-1]
    result = state.result(raise_on_failure=False)
    if isinstance(result, BaseException):
        raise result
    return ENDED[-1]
