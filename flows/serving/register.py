"""Makes the work pool and the deployments, or makes them as they should be. Run by the server at every start."""

import sys
from pathlib import Path
from typing import Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.flows import Flow
from prefect.schedules import Cron, Schedule
from prefect.types.entrypoint import EntrypointType
from prefect.workers.process import ProcessWorker

from extractors.errors import CohortflowError
from flows.serving.deployed import TIME_ZONE, ad_hoc, rerun_failed, weekly
from flows.serving.setting import POOL, Setting, setting

# A run that finds another at work waits: dropping it would leave a complete period unreleased for a week.
ONE_AT_A_TIME = ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE)


def main() -> int:
    try:
        register(setting())
    except CohortflowError as error:
        print(f"cohortflow: {error.message}", file=sys.stderr)
        return error.exit_code
    return 0


def register(setting: Setting) -> None:
    """Bring pool and deployments on Prefect's server to what is set; safe to do again."""
    _make_pool()
    given: dict[str, Any] = {"records": setting.records, "policy": setting.policy, "patients": setting.patients}
    first = {"study": setting.studies[0]}
    _deploy(weekly, "weekly", {**first, **given, "wait_days": setting.wait_days}, _schedules(setting))
    _deploy(ad_hoc, "ad-hoc", {**first, **given})
    _deploy(rerun_failed, "rerun-failed", first)


def _make_pool() -> None:
    """One run at a time on this machine: all of them share its cores, and its workers."""
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


def _schedules(setting: Setting) -> list[Schedule]:
    """One for each study."""
    return [
        Cron(setting.schedule, timezone=TIME_ZONE, slug=Path(study).stem.replace("_", "-"), parameters={"study": study})
        for study in setting.studies
    ]


def _deploy(flow: Flow, name: str, parameters: dict[str, Any], schedules: list[Schedule] | None = None) -> None:
    deployment: Any = flow.to_deployment(
        name=name,
        schedules=schedules or [],
        parameters=parameters,
        work_pool_name=POOL,
        # the folder of the server, so that paths mean the same; a flow's log would repeat what states say
        job_variables={"working_dir": str(Path.cwd()), "env": {"PREFECT_LOGGING_LEVEL": "CRITICAL"}},
        concurrency_limit=ONE_AT_A_TIME,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    deployment.apply()


if __name__ == "__main__":
    sys.exit(main())
