"""The flows that deployments start: plain typed parameters, which Prefect's UI makes a
form of.

Where results lie and how large the machine is are settings of the server, not of a run.
All three are the flow `cohortflow` to those who watch, and do what the command does.
"""

import datetime
import os
from collections.abc import Callable
from typing import Literal, ParamSpec
from zoneinfo import ZoneInfo

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed

from extractors.errors import ArgumentsError
from extractors.sources import TRIAL, forms
from flows.preparing.options import PATIENTS, NothingComplete, Options
from flows.preparing.prepare import prepare
from flows.running.pipeline import FLOW, carry_out
from flows.serving.retention import clean_server
from flows.serving.runs import study_of
from flows.serving.setting import KEEP, OLDER_THAN, setting
from flows.state.again import last_options, periods_again
from flows.state.cleaning import Wish
from flows.workspace.settings import WORKSPACE

TIME_ZONE = "Europe/London"
STUDY = "nhs_at_home"
Given = ParamSpec("Given")
Policy = Literal["", "controlled", "opensafely", "nhs-digital", "midpoint6", "none"]


def named() -> str:
    """What a run is called until it names itself: its study."""
    return study_of(flow_run.parameters) or FLOW["name"]


def with_forms(function: Callable[Given, State]) -> Callable[Given, State]:
    """The function, whose docstring names every kind of source: Prefect's form shows
    it.
    """
    function.__doc__ = (function.__doc__ or "").replace("{forms}", forms())
    return function


@flow(**FLOW, flow_run_name=named)
@with_forms
def weekly(
    study: str = STUDY,
    records: str = TRIAL,
    policy: Policy = "",
    wait_days: int = 0,
    patients: int = PATIENTS,
    name: str = "",
    moved: bool = False,
) -> State:
    """Take up the periods that have become complete; the date counts for which the run
    was scheduled, not the clock.

    Args:
        study: the name of a shipped study, or the path of a definition on the server
        records: {forms}
        policy: the rules of disclosure control; empty for the site's own
        wait_days: days after its end until a period counts as complete, for records that come late
        patients: how many made-up ones, where records are trial
        name: another name for the study than its own, and so a place of its own
        moved: the definition of the study of this name is here now
    """
    day = scheduled_day() - datetime.timedelta(days=wait_days)
    wish = Options(
        study,
        records,
        patients,
        policy=policy,
        complete_by=str(day),
        workspace=_workspace(),
        name=name,
        moved=moved,
    )
    try:
        return carry_out(wish, quiet=True)
    except NothingComplete as nothing:
        return Completed(message=nothing.message)


@flow(**FLOW, flow_run_name=named)
@with_forms
def ad_hoc(
    study: str = STUDY,
    from_date: datetime.date | None = None,
    to_date: datetime.date | None = None,
    periods: list[str] | None = None,
    records: str = TRIAL,
    policy: Policy = "",
    force: bool = False,
    patients: int = PATIENTS,
    name: str = "",
    moved: bool = False,
    only_these: bool = False,
    revise: str = "",
) -> State:
    """Compute what is missing of the chosen periods, then release them beside those
    that were released before.

    Args:
        study: the name of a shipped study, or the path of a definition on the server
        from_date: periods that begin on or after this day
        to_date: periods that begin on or before this day
        periods: just these, by name (2019-04-01..2019-04-07) or first day
        records: {forms}
        policy: the rules of disclosure control; empty for the site's own
        force: compute also what is done
        patients: how many made-up ones, where records are trial
        name: another name for the study than its own, and so a place of its own
        moved: the definition of the study of this name is here now
        only_these: the chosen periods alone; others that were released before leave the release
        revise: why numbers are released anew where raw counts changed, if an audit allows it; ledger and release say
            the reason. Empty: the released numbers stay
    """
    wish = Options(
        study,
        records,
        patients,
        first=str(from_date or ""),
        last=str(to_date or ""),
        periods=tuple(periods or ()),
        only_these=only_these,
        policy=policy,
        # the field is the reason: without one nothing is released anew
        revise=bool(revise),
        reason=revise,
        workspace=_workspace(),
        name=name,
        moved=moved,
    )
    return carry_out(wish, force=force, quiet=True)


@flow(**FLOW, flow_run_name=named)
def rerun_failed(study: str = STUDY, periods: list[str] | None = None) -> State:
    """Compute the failed periods of a study's last run again, with the arguments that
    it had.

    Args:
        study: the name of a study that was run, or the path of its definition on the server
        periods: these instead, done or not, by name (2019-04-01..2019-04-07) or first day
    """
    wish = last_options(study, _workspace())
    prepared = prepare(wish)
    again = periods_again(prepared.workspace, prepared.jobs, periods or ())
    return carry_out(wish, again, force=bool(periods), quiet=True)


@flow(**FLOW, flow_run_name="clean")
def clean(keep: int = KEEP, older_than: int = OLDER_THAN) -> State:
    """Remove the results of older loads of records of all studies, and old runs from
    Prefect's database.

    Args:
        keep: how many of the newest loads of a study keep their results
        older_than: days for which nothing was used that goes
    """
    return clean_server(setting(), Wish(keep, older_than))


def scheduled_day() -> datetime.date:
    """The day in London for which this run was scheduled; it stays when the run waits,
    is late or is retried.
    """
    when: datetime.datetime = flow_run.scheduled_start_time
    return when.astimezone(ZoneInfo(TIME_ZONE)).date()


def _workspace() -> str:
    """The server's own; ArgumentsError outside of a server."""
    try:
        return os.environ[WORKSPACE]
    except KeyError:
        raise ArgumentsError(
            f"This flow is for `cohortflow serve`, which sets {WORKSPACE}."
        ) from None
