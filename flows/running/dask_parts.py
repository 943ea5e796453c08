"""The parts of a run's own Dask, with which no other program can speak.

Each of them listens on loopback, where every user of the machine can connect, and its
wire is pickles. So all of them speak TLS, with a key that is made for the run and goes
with it.
"""

import logging
from pathlib import Path
from typing import Any

import dask
from distributed import LocalCluster, Nanny, Scheduler, Worker
from distributed.security import Security

from flows.workspace.secrets import certificate

ROLES = ("client", "scheduler", "worker")


class ClosedScheduler(Scheduler):
    """A scheduler without a web server, which Dask starts even where it has no page."""

    def start_http_server(self, *_: object, **__: object) -> None:
        """Nothing listens."""


class ClosedWorker(Worker):
    """A worker without a web server."""

    def start_http_server(self, *_: object, **__: object) -> None:
        """Nothing listens."""


class ClosedNanny(Nanny):
    """The process that starts a `ClosedWorker`, and another one when that dies."""

    def __init__(self, scheduler: str, **settings: Any):
        super().__init__(scheduler, worker_class=ClosedWorker, **settings)


class ClosedCluster(LocalCluster):
    """A scheduler in this process, and workers in processes of their own."""

    async def _start(self) -> None:
        self.scheduler_spec["cls"] = ClosedScheduler
        await super()._start()


def closed_cluster(workers: int, folder: Path) -> ClosedCluster:
    """A new cluster whose key, and whatever Dask writes, lie in a folder that only its
    owner opens.

    Dask takes modules from its scratch folder, too: in one that all users share, others
    could put theirs.
    """
    with dask.config.set({"temporary-directory": str(folder)}):
        return ClosedCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            protocol="tls://",
            security=_security(certificate(folder / "key.pem")),
            worker_class=ClosedNanny,
            local_directory=str(folder),
            dashboard_address=None,
            # DuckDB keeps its own bounds and spills; a nanny would only kill it
            # meanwhile
            memory_limit=0,
            # else a worker whose scheduler has just ended prints a traceback
            silence_logs=logging.CRITICAL,
        )


def _security(pem: Path) -> Security:
    """All parts show the same certificate, and believe it alone.

    They get its text: a path with a line break in it is taken for one.
    """
    text = pem.read_text(encoding="ascii")
    known: dict[str, str] = {}
    for role in ROLES:
        known |= {f"tls_{role}_key": text, f"tls_{role}_cert": text}
    return Security(require_encryption=True, tls_ca_file=text, **known)
