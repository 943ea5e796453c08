"""The parts of the server as data: what to start, what must be ready before, and how to
see whether it is well.
"""

import datetime
import os
import signal
import socket
import ssl
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlsplit

from extractors.errors import ArgumentsError
from flows.serving.api import LONGEST, ask, is_healthy
from flows.serving.database import chosen
from flows.serving.ports import taken
from flows.serving.postgres import answers
from flows.serving.setting import DASK_PORT, POOL, PORT, Setting
from flows.workspace.secrets import certificate
from flows.workspace.settings import settings

# Without an address Dask's empty web servers listen to the whole network, dashboard or
# not.
NO_PAGES = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0")


DATABASE = "database"  # the part that not every server has
RUNNER = "runner"


@dataclass(frozen=True)
class Part:
    """What the server is made of."""

    # as people start and stop it
    name: str
    # its program and the arguments of that
    command: tuple[str, ...]
    after: tuple[str, ...] = ()  # the parts that must be ready before this one starts
    once: bool = False  # whether it ends when its work is done
    # Whether it works, None if that is not known; without it a part is well while it
    # lives. It is asked with how many seconds ago the part was started.
    is_well: Callable[[float], bool | None] = lambda _age: True
    # what keeps it from starting, in words; nothing if that is not known
    trouble: Callable[[], str] = lambda: ""
    # whether it speaks to others than the site's own, and so may use a proxy
    outside: bool = False
    ending: signal.Signals = signal.SIGTERM  # what asks it to end


def parts(setting: Setting) -> list[Part]:
    """Every part, in the order of starting."""
    page, wire = (partial(taken, setting, name) for name in (PORT, DASK_PORT))
    before = _database(setting)
    return [
        *before,
        Part(
            "server",
            _python("flows.serving.web"),
            after=tuple(part.name for part in before),
            is_well=lambda _age: server_answers(setting),
            trouble=page,
        ),
        Part(
            "scheduler",
            _scheduler(setting),
            is_well=lambda _age: scheduler_answers(setting),
            trouble=wire,
        ),
        Part("workers", _workers(setting), after=("scheduler",)),
        Part(
            "register", _python("flows.serving.register"), after=("server",), once=True
        ),
        Part(
            RUNNER,
            _python("flows.serving.runner"),
            ("register",),
            is_well=partial(runner_is_online, setting),
        ),
        Part(
            "alerts", _python("flows.serving.alerts"), after=("register",), outside=True
        ),
    ]


def _database(setting: Setting) -> list[Part]:
    """A PostgreSQL of our own, if the server has one."""
    programs = chosen(setting).programs
    if programs is None:
        return []
    part = Part(
        DATABASE,
        _python("flows.serving.postgres", str(programs)),
        is_well=lambda _age: answers(setting, programs),
        # PostgreSQL ends its sessions; at SIGTERM it waits for them
        ending=signal.SIGINT,
    )
    return [part]


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", module, *arguments)


def _scheduler(setting: Setting) -> tuple[str, ...]:
    where = (
        "--host",
        setting.bind,
        "--port",
        str(setting.dask_port),
        "--protocol",
        "tls",
    )
    return _python("distributed.cli.dask_scheduler", *where, *NO_PAGES)


def _workers(setting: Setting) -> tuple[str, ...]:
    """Memory is bounded by DuckDB, which spills; a nanny's own limit would only kill it
    meanwhile.
    """
    host = ("--host", setting.bind) if setting.bind == "127.0.0.1" else ()
    size = (
        "--nworkers",
        str(settings().workers),
        "--nthreads",
        "1",
        "--memory-limit",
        "0",
    )
    place = (
        "--local-directory",
        str(setting.home / "dask"),
        *NO_PAGES,
        "--death-timeout",
        "60",
    )
    return _python("distributed.cli.dask_worker", setting.cluster, *host, *size, *place)


def worker_name() -> str:
    """The name under which this machine's process worker shows in the UI."""
    return f"{POOL} on {socket.gethostname()}"


# How a part is ------------------------------------------------------------------------


def server_answers(setting: Setting) -> bool:
    return is_healthy(setting)


def scheduler_answers(setting: Setting) -> bool:
    """Whether it shows the certificate that we know; less would only fill its log with
    broken handshakes.
    """
    place, pem = urlsplit(setting.cluster), certificate(setting.home / "dask.pem")
    known = ssl.create_default_context(cafile=str(pem))
    known.check_hostname = False  # the certificate is for all parts, wherever they are
    known.load_cert_chain(pem)
    try:
        with (
            socket.create_connection(
                (place.hostname or "", place.port or 8786), timeout=LONGEST
            ) as connection,
            known.wrap_socket(connection) as spoken,
        ):
            return spoken.getpeercert() is not None
    except OSError:
        return False


def runner_is_online(setting: Setting, age: float) -> bool | None:
    """Whether the process worker has sent a heartbeat in the `age` seconds since its
    start; None without a server that knows. One that was here before counts as online
    for a minute and a half after its end.
    """
    workers = ask(setting, f"work_pools/{POOL}/workers/filter", {})
    if workers is None:
        return None
    started = datetime.datetime.now(datetime.UTC) - datetime.timedelta(seconds=age)
    ours = [
        each
        for each in workers
        if each["name"] == worker_name() and each["status"] == "ONLINE"
    ]
    return any(
        datetime.datetime.fromisoformat(each["last_heartbeat_time"]) > started
        for each in ours
    )


HEARD = 120.0  # seconds; the process worker sends a heartbeat every 30


def part_is_well(setting: Setting, name: str) -> bool:
    """Whether a part of another process or machine works, as far as is known here.

    ArgumentsError for a part that the server does not have.
    """
    if name == "workers":  # they end if there is no scheduler for a minute
        return scheduler_answers(setting)
    if name == "alerts":
        return server_answers(setting)
    named = {part.name: part for part in parts(setting)}
    return named_part(named, name).is_well(HEARD) is not False


def named_part(named: Mapping[str, Part], name: str) -> Part:
    """The part of a name. ArgumentsError if there is none."""
    if name not in named:
        raise ArgumentsError(
            f"There is no part {name!r}; the server has {', '.join(named)}."
        )
    return named[name]


def become(part: Part, environment: dict[str, str]) -> None:
    """Turn this process into a part, as systemd and containers like it."""
    sys.stdout.flush()
    os.execvpe(part.command[0], part.command, environment)
