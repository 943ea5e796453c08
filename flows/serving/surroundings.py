"""The environment of the server's parts, and of commands that speak to them. No
secret is ever an argument, for arguments can be read by every user of the machine."""

import os
import shlex
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from flows.prefect_server.environment import CLOSED
from flows.prefect_server.proxies import beside_proxies, without_proxies
from flows.serving.database import URLS, chosen
from flows.serving.parts import DATABASE, RUNNER, Part
from flows.serving.setting import Setting
from flows.workspace.secrets import auth_string, certificate
from flows.workspace.settings import CLUSTER, WORKSPACE
from flows.workspace.store import whole_file

FOLDERS = ("logs", "prefect", "dask", "tmp")  # of what the parts write
TLS = "DASK_DISTRIBUTED__COMM__TLS__"


def for_clients(setting: Setting) -> dict[str, str]:
    """What a command needs to be seen in this server's UI, to work on its cluster and
    to keep its results in its workspace.
    """
    pem = str(certificate(setting.home / "dask.pem"))
    certificates: dict[str, str] = {}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        certificates |= {f"{TLS}{role}__KEY": pem, f"{TLS}{role}__CERT": pem}
    return {
        "PREFECT_API_URL": setting.api_url,
        "PREFECT_API_AUTH_STRING": auth_string(setting.auth_file),
        CLUSTER: setting.cluster,
        # else a command would write where its shell is, and no page would show it
        WORKSPACE: str(setting.workspace),
        f"{TLS}CA_FILE": pem,
        **certificates,
        "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True",
        "DO_NOT_TRACK": "1",
    }


def for_part(setting: Setting, part: Part) -> dict[str, str]:
    """The whole environment of a part. One that speaks to others has the proxies of
    this process.
    """
    environment = for_parts(setting)
    if chosen(setting).programs and part.name in (DATABASE, "server"):
        # those of the records: they would lead elsewhere
        environment = {
            name: value
            for name, value in environment.items()
            if not name.startswith("PG")
        }
    if part.name == RUNNER:
        # Prefect's worker has a folder `runner_storage` there, which another user's
        # server may have made
        environment["TMPDIR"] = str(setting.home / "tmp")
    if not part.outside:
        return environment
    proxies = {
        name: value
        for name, value in os.environ.items()
        if name.lower().endswith("_proxy")
    }
    return environment | proxies | beside_proxies(os.environ, hosts(setting))


def hosts(setting: Setting) -> list[str]:
    """The machines of the site's own Prefect and Dask."""
    return [
        urlsplit(address).hostname or ""
        for address in (setting.api_url, setting.cluster)
    ]


def for_parts(setting: Setting) -> dict[str, str]:
    """The environment of most parts: what is set already, our own word for what must
    not be otherwise, and no proxy."""
    return {
        **CLOSED,
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        # relative, so that a TLS proxy needs no setting
        "PREFECT_SERVER_UI_API_URL": "/api",
        **without_proxies(os.environ),
        **for_clients(setting),
        "PREFECT_HOME": str(setting.home / "prefect"),
        "PREFECT_SERVER_API_HOST": setting.bind,
        "PREFECT_SERVER_API_PORT": str(setting.port),
        **_pages(setting),
        "PREFECT_SERVER_API_AUTH_STRING": auth_string(setting.auth_file),
        URLS[0]: chosen(setting).url,
        "DASK_LOGGING__DISTRIBUTED": "warning",
        # Dask takes modules from its scratch folder, too; one that all users share may
        # hold others'
        "DASK_TEMPORARY_DIRECTORY": str(setting.home / "dask"),
        # of Dask nothing but its own wire: no pages, no metrics, no profiles
        "DASK_DISTRIBUTED__SCHEDULER__HTTP__ROUTES": "[]",
        "DASK_DISTRIBUTED__WORKER__HTTP__ROUTES": "[]",
        "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False",
        "DASK_DISTRIBUTED__ADMIN__TICK__INTERVAL": "1s",
        "DASK_DISTRIBUTED__ADMIN__SYSTEM_MONITOR__INTERVAL": "5s",
    }


def _pages(setting: Setting) -> dict[str, str]:
    """Where Prefect's server puts the files of its pages: beside itself, or in our
    folder if it may not.

    A unit of systemd sees its own code as read-only.
    """
    found = find_spec("prefect")
    installed = (
        Path(found.origin).parent / "server" if found and found.origin else Path()
    )
    if os.access(installed, os.W_OK):
        return {}
    return {"PREFECT_UI_STATIC_DIRECTORY": str(setting.home / "pages")}


def write_for_clients(setting: Setting) -> Path:
    """A file to be read by a shell (`set -a; . FILE`) or by systemd; only its owner may
    read it.
    """
    path = setting.home / "environment"
    environment = for_clients(setting) | beside_proxies(os.environ, hosts(setting))
    lines = [f"{name}={shlex.quote(value)}\n" for name, value in environment.items()]
    with whole_file(path) as beside:
        beside.touch(0o600)
        beside.write_text("".join(lines), encoding="utf-8")
    return path
