"""The story of one run: records, snapshot, static table, periods, counts, release.

One Prefect task per period, in a thread, which hands one Dask task to the cluster and
waits for its small status. Prefect's database sees names, dates, states and safe
reasons, and nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from prefect import Flow, flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from prefect.task_runners import ThreadPoolTaskRunner

from flows.preparing.options import Options
from flows.preparing.prepare import keyed, prepare
from flows.preparing.prepared import Prepared
from flows.running.at_work import at_work
from flows.running.cluster import EarlyCluster
from flows.running.conduct import Run
from flows.running.protect import check_ledgers
from flows.running.steps import WAITING
from flows.running.terms import terms_of
from flows.state.outcome import Outcome, note_end
from flows.state.periods import missing_of
from flows.state.standing import refuse_to_replace
from flows.telling import refused, telling
from flows.telling.crashed import follow
from flows.workspace.judging import judged


@dataclass
class Handover:
    """What a command and its flow hand each other past Prefect, which keeps a flow's
    parameters as JSON.
    """

    # from the command
    prepared: Prepared | None = None
    # from the command: a cluster that starts while the command prepares
    early: EarlyCluster | None = None
    # from the flow: how the run ended, whatever Prefect and the workspace know of it
    outcome: Outcome | None = None


# Every entry is the same flow to those who watch: `cohortflow`, by command or by
# deployment.
FLOW: dict[str, Any] = {
    "name": "cohortflow",
    "task_runner": ThreadPoolTaskRunner(max_workers=WAITING),
    "persist_result": False,
    "log_prints": False,
    "retries": 0,
}


def study_flow(handover: Handover) -> Flow[..., State]:
    """The flow of one command."""

    @flow(**FLOW, flow_run_name="{options[study]}", validate_parameters=False)
    def study_run(
        options: dict[str, Any],
        only: Sequence[str] | None = None,
        force: bool = False,
        quiet: bool = False,
    ) -> State:
        """Run a study: `options` as for `flows.preparing.options.Options`; `only` names
        the periods to compute.

        Done periods are left as they are unless `force`. The outcome is written to the
        workspace.
        """
        return carry_out(
            Options(**options), only, force=force, quiet=quiet, handover=handover
        )

    return study_run


def carry_out(
    options: Options,
    only: Sequence[str] | None = None,
    *,
    force: bool = False,
    quiet: bool = False,
    handover: Handover | None = None,
) -> State:
    """The body of every flow: as for `study_flow`. Raises nothing but
    CohortflowError.
    """
    handover = handover or Handover()
    tells = False
    try:
        prepared = keyed(handover.prepared or prepare(options))
        with (
            prepared.workspace.locked(),
            follow(prepared.workspace.flow_run),
            telling(prepared) as tell,
        ):
            tells = True
            refuse_to_replace(prepared.workspace, made_up=prepared.records.made_up)
            if prepared.study.kind == "measures":
                # what it refuses, it refuses now and not after hours
                check_ledgers(
                    terms_of(prepared),
                    computes=bool(missing_of(prepared.jobs.values(), only)),
                )
            with at_work(prepared, only):
                run = Run(
                    prepared,
                    force=force,
                    quiet=quiet,
                    watch=tell.moved,
                    early=handover.early,
                )
                outcome = run.conduct(only)
            note_end(prepared.workspace, outcome)
            handover.outcome = outcome
            tell.ended(outcome, run.seconds)
    except Exception as error:  # its text and traceback would go to Prefect's database
        known = judged(error, "The run")
        if not tells:
            refused(known.message)
        raise known from None
    return _state_of(outcome)


def _state_of(outcome: Outcome) -> State:
    if outcome.dataset:
        return Completed(message="the dataset is written")
    if outcome.failed:
        names = ", ".join(outcome.failed)
        return Failed(
            message=f"{len(outcome.failed)} of {len(outcome.periods)} periods failed: "
            f"{names}"
        )
    return Completed(
        message=f"{len(outcome.periods) - len(outcome.waiting)} of "
        f"{len(outcome.periods)} periods done"
    )
