"""A Dask that is not the run's own: a scheduler and workers, each a process that can be
killed.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.flows.commands import LONGEST
from tests.lib.places import CHECKOUT
from tests.lib.prefect_server import environment


@dataclass
class Cluster:
    """`start` and `work` may be called again after a kill; the address stays."""

    folder: Path
    port: int
    scheduler: subprocess.Popen | None = None
    workers: list[subprocess.Popen] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.scheduler = self._dask("scheduler", "--port", str(self.port))
        _until(lambda: _answers(self.port))

    def work(
        self,
        *,
        workers: int = 2,
        address_space: int = 0,
        place: Path | None = None,
        by: Sequence[str] = (),
    ) -> None:
        """Start workers, each with one thread and a nanny.

        `address_space` bounds each of their processes, in bytes; `place` is the folder
        in which they start and keep their files; `by` is the command that starts
        theirs.
        """
        before = self._known()
        where = place or self.folder
        options = (
            "--nthreads",
            "1",
            "--local-directory",
            str(where),
            "--memory-limit",
            "0",
        )
        if address_space:
            by = ["bash", "-c", f'ulimit -v {address_space // 1024}; exec "$@"', "bash"]
        for _ in range(workers):
            started = self._dask(
                "worker", self.address, *options, by=by, place=place or CHECKOUT
            )
            self.workers.append(started)
        _until(lambda: self._known() >= before + workers)

    def lose_scheduler(self) -> None:
        assert self.scheduler
        kill_family(self.scheduler)

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            if process:
                kill_family(process)

    def _known(self) -> int:
        """Workers that have said so in their logs."""
        logs = [
            path.read_text(errors="replace", encoding="utf-8")
            for path in self.folder.glob("worker-*.log")
        ]
        return sum(
            "Registered to" in log or "Starting established connection" in log
            for log in logs
        )

    def _dask(
        self,
        kind: str,
        *options: str,
        by: Sequence[str] = (),
        place: Path = CHECKOUT,
    ) -> subprocess.Popen:
        command = [
            *by,
            sys.executable,
            "-m",
            "dask",
            kind,
            *options,
            "--host",
            "127.0.0.1",
            "--no-dashboard",
        ]
        number = len(list(self.folder.glob(f"{kind}-*.log")))
        with (self.folder / f"{kind}-{number}.log").open("w", encoding="utf-8") as log:
            return subprocess.Popen(
                command,
                cwd=place,
                env=environment(self.folder),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )


@contextmanager
def dask_elsewhere(folder: Path) -> Iterator[Cluster]:
    """A scheduler with nobody who works yet, gone at the end of the block with all that
    was started.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        cluster = Cluster(folder, probe.getsockname()[1])
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.end()


def kill_family(process: subprocess.Popen) -> None:
    """kill -9 of a process and of what it has started."""
    try:
        family = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    process.kill()
    for child in family:
        try:
            child.kill()
        except psutil.NoSuchProcess:
            continue
    process.wait(LONGEST)
    psutil.wait_procs(family, timeout=LONGEST)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _until(happens) -> None:
    end = time.monotonic() + LONGEST
    while not happens():
        assert time.monotonic() < end, "Dask does not start"
        time.sleep(0.1)
