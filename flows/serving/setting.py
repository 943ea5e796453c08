"""Where the server of a workspace lives, and what it is set to; everything can be set
from the environment.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from extractors.errors import ArgumentsError
from extractors.sources import TRIAL
from flows.preparing.options import PATIENTS
from flows.workspace.settings import CLUSTER, named_workspace, number
from measures.study import NAME

PORT, DASK_PORT = "COHORTFLOW_PORT", "COHORTFLOW_DASK_PORT"
POOL = "cohortflow"
LAST_PORT = 65535
# The load before the newest is there to compare with, and one more; a month of runs
# fills a page.
KEEP, OLDER_THAN = 3, 30


@dataclass(frozen=True)
class Wanted:
    """A study that runs every week."""

    # the name of a shipped study, or the path of a definition
    study: str
    # another name for it than its own, if it has one
    name: str = ""


@dataclass(frozen=True)
class Setting:
    """How a server is set up; `home` holds what it keeps: its database, secrets and
    logs.
    """

    # where studies have their results
    workspace: Path
    # the address of this machine on which its pages answer
    bind: str
    # of its pages
    port: int
    # of the scheduler of Dask
    dask_port: int
    # of Prefect's server, as others reach it
    api_url: str
    # of the scheduler of Dask, as others reach it
    cluster: str
    # what the weekly deployment runs, one after the other
    studies: tuple[Wanted, ...]
    # an address of records, or TRIAL
    records: str
    # how many people a trial makes up
    patients: int
    # the rules of disclosure control; empty for the default
    policy: str
    # when the weekly deployment runs, as cron has it
    schedule: str
    # how many days after its end a period is first counted
    wait_days: int
    # how many loads of records keep their results
    keep: int
    # for how many days results of older loads stay
    older_than: int

    @property
    def home(self) -> Path:
        return self.workspace / ".server"

    @property
    def auth_file(self) -> Path:
        return Path(os.environ.get("COHORTFLOW_AUTH_FILE") or self.home / "auth")

    @property
    def page(self) -> str:
        """The address of the UI."""
        return self.api_url.removesuffix("/api")


def setting(workspace: str = "") -> Setting:
    """From the environment; ArgumentsError for what makes no sense."""
    given = os.environ.get
    port, dask_port = _port(PORT, 4200), _port(DASK_PORT, 8786)
    return Setting(
        workspace=Path(workspace or named_workspace()).absolute(),
        bind=given("COHORTFLOW_BIND") or "127.0.0.1",
        port=port,
        dask_port=dask_port,
        api_url=_address(given("PREFECT_API_URL"), f"http://127.0.0.1:{port}/api"),
        cluster=_address(given(CLUSTER), f"tls://127.0.0.1:{dask_port}"),
        studies=tuple(
            _wanted(each.strip())
            for each in (given("COHORTFLOW_STUDIES") or "nhs_at_home").split(",")
        ),
        records=given("COHORTFLOW_RECORDS") or TRIAL,
        patients=number("COHORTFLOW_PATIENTS", PATIENTS),
        policy=given("COHORTFLOW_POLICY") or "",
        schedule=given("COHORTFLOW_SCHEDULE") or "0 6 * * 1",
        wait_days=number("COHORTFLOW_WAIT_DAYS", 0, least=0),
        keep=number("COHORTFLOW_KEEP", KEEP),
        older_than=number("COHORTFLOW_OLDER_THAN", OLDER_THAN, least=0),
    )


def _wanted(text: str) -> Wanted:
    """As NAME=path or without a name; a path with a sign of its own begins with ./ or
    /.
    """
    name, sign, path = text.partition("=")
    return Wanted(path, name) if sign and NAME.fullmatch(name) else Wanted(text)


def _port(name: str, default: int) -> int:
    port = number(name, default)
    if port > LAST_PORT:
        raise ArgumentsError(f"{name} needs a port from 1 to {LAST_PORT}, got {port}.")
    return port


def _address(given: str | None, default: str) -> str:
    address = given or default
    if not urlsplit(address).hostname:
        raise ArgumentsError(f"{address!r} is no address; one looks like {default}.")
    return address
