"""Makes the work pool and the deployments, or makes them as they should be. Run by the
server at every start.
"""

import re
import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import (
    ConcurrencyLimitConfig,
    ConcurrencyLimitStrategy,
)
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound
from prefect.flows import Flow
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType
from prefect.workers.process import ProcessWorker

from extractors.errors import ArgumentsError, CohortflowError
from flows.preparing.naming import noted, place_of, refuse_another
from flows.running.pipeline import FLOW
from flows.serving.deployed import TIME_ZONE, ad_hoc, clean, rerun_failed, weekly
from flows.serving.setting import POOL, Setting, Wanted, setting
from flows.workspace.store import Workspace
from measures.loading import load_study
from measures.study import Study, find_study

# A run that finds another at work waits: dropping it would leave a complete period
# unreleased for a week.
ONE_AT_A_TIME = ConcurrencyLimitConfig(
    limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE
)

CHECK = "check"
NIGHT = "15 3 * * *"  # when dead results go; a run that is at work then is waited for
OURS = "study-"  # how the slugs of our schedules begin


def main() -> int:
    """With the word `check` nothing is made; the exit code says whether it could be."""
    try:
        where = setting()
        refuse_nonsense(where)
        if sys.argv[1:] != [CHECK]:
            register(where)
    except CohortflowError as error:
        print(f"cohortflow: {error.message}", file=sys.stderr)
        return error.exit_code
    return 0


def refuse_nonsense(setting: Setting) -> None:
    """Raises ArgumentsError for what would fail only at the first weekly run, or be
    tried for ever.
    """
    try:
        CronSchedule(cron=setting.schedule, timezone=TIME_ZONE)
    except ValueError:
        raise ArgumentsError(
            "COHORTFLOW_SCHEDULE needs a time as cron has it, like '0 6 * * 1' for "
            f"Mondays at 6; got {setting.schedule!r}."
        ) from None
    try:
        _refuse_studies(setting)
    except ArgumentsError as error:
        raise ArgumentsError(f"COHORTFLOW_STUDIES: {error.message}") from None


def _refuse_studies(setting: Setting) -> None:
    """Raises ArgumentsError for one that is not there, and for two with one name: they
    would share a place.
    """
    named: dict[str, str] = {}
    for wanted in setting.studies:
        path, name = find_study(wanted.study), name_of(wanted)
        place = place_of(path)
        if named.setdefault(name, place) != place:
            raise ArgumentsError(
                f"{named[name]} and {wanted.study} would both be the study {name!r}; "
                f"name one of them, as in NEW={wanted.study}."
            )
        _refuse_known(Workspace(setting.workspace, name), path)


def _refuse_known(workspace: Workspace, path: Path) -> None:
    """As a run would; the definition is read only if another one has its name."""
    known = noted(workspace)
    if known is None or known.place == place_of(path):
        return
    study = replace(
        load_study(path, forbidden=(workspace.root,)), called=workspace.study
    )
    try:
        refuse_another(workspace, study, moved=False)
    except ArgumentsError as error:
        remedy = (
            f"Here a name is given as NEW={path}, and --moved to one `cohortflow run`."
        )
        raise ArgumentsError(f"{error.message} {remedy}") from None


def name_of(wanted: Wanted) -> str:
    """The name of the study in the workspace."""
    return wanted.name or Study(find_study(wanted.study), "measures").name


def register(setting: Setting) -> None:
    """Bring pool and deployments on Prefect's server to what is set; safe to do
    again.
    """
    _make_pool()
    given: dict[str, Any] = {
        "records": setting.records,
        "policy": setting.policy,
        "patients": setting.patients,
    }
    first = {"study": setting.studies[0].study, "name": setting.studies[0].name}
    planned = schedules(setting, _stopped("weekly"))
    _forget("weekly", planned)
    _deploy(
        weekly, "weekly", {**first, **given, "wait_days": setting.wait_days}, planned
    )
    _deploy(ad_hoc, "ad-hoc", {**first, **given})
    kept = {"keep": setting.keep, "older_than": setting.older_than}
    _deploy(clean, "clean", kept, [_nightly(_stopped("clean"))])
    _deploy(
        rerun_failed,
        "rerun-failed",
        {"study": setting.studies[0].name or setting.studies[0].study},
    )


def _make_pool() -> None:
    """One run at a time on this machine: all of them share its cores, and its
    workers.
    """
    template = ProcessWorker.get_default_base_job_template()
    pool = WorkPoolCreate(
        name=POOL,
        type="process",
        description="Runs studies on this server, one at a time.",
        base_job_template=template,
        concurrency_limit=1,
    )
    with get_client(sync_client=True) as client:
        client.create_work_pool(pool, overwrite=True)


def _known(name: str) -> DeploymentResponse | None:
    """A deployment as it is on the server; what an operator has switched off there, a
    restart must not switch on.
    """
    with get_client(sync_client=True) as client:
        try:
            return client.read_deployment_by_name(f"{FLOW['name']}/{name}")
        except ObjectNotFound:
            return None


def _stopped(name: str) -> set[str]:
    """The slugs of the schedules that are switched off."""
    known = _known(name)
    return (
        {each.slug for each in known.schedules if each.slug and not each.active}
        if known
        else set()
    )


def _forget(name: str, planned: Sequence[Schedule]) -> None:
    """Take away schedules of studies that are not set any more; a schedule that was
    added in the UI stays.
    """
    known, slugs = _known(name), {each.slug for each in planned}
    with get_client(sync_client=True) as client:
        for each in known.schedules if known else ():
            if (
                known
                and each.slug
                and each.slug.startswith(OURS)
                and each.slug not in slugs
            ):
                client.delete_deployment_schedule(known.id, each.id)


def schedules(setting: Setting, stopped: Collection[str] = ()) -> list[Schedule]:
    """One for each study; those whose slugs are `stopped` stay switched off."""
    return [
        _weekly(setting, wanted, stopped) for wanted in dict.fromkeys(setting.studies)
    ]


def _nightly(stopped: Collection[str]) -> Schedule:
    return Cron(NIGHT, timezone=TIME_ZONE, slug="clean", active="clean" not in stopped)


def _weekly(setting: Setting, wanted: Wanted, stopped: Collection[str]) -> Schedule:
    slug = OURS + slug_of(name_of(wanted))
    return Cron(
        setting.schedule,
        timezone=TIME_ZONE,
        slug=slug,
        parameters={"study": wanted.study, "name": wanted.name},
        active=slug not in stopped,
    )


def slug_of(name: str) -> str:
    """As Prefect takes it: small letters, digits and dashes."""
    return re.sub("[^a-z0-9]+", "-", name.lower()).strip("-")


def _deploy(
    flow: Flow,
    name: str,
    parameters: dict[str, Any],
    planned: list[Schedule] | None = None,
) -> None:
    known = _known(name)
    deployment: Any = flow.to_deployment(
        name=name,
        paused=bool(known and known.paused),
        schedules=planned or [],
        parameters=parameters,
        work_pool_name=POOL,
        # the folder of the server, so that paths mean the same; a flow's log would
        # repeat what states say
        job_variables={
            "working_dir": str(Path.cwd()),
            "env": {"PREFECT_LOGGING_LEVEL": "CRITICAL"},
        },
        concurrency_limit=ONE_AT_A_TIME,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    deployment.apply()


if __name__ == "__main__":
    sys.exit(main())
