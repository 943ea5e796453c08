"""One real Prefect server for the tests of a session: each run by itself would start
and end one of its own.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# seconds that it may take to start or end, on a machine that is busy with other things
LONGEST = 120
SITE = Path(__file__).with_name("site.toml")
CLOSED = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_ENABLED": "false",
}


@dataclass
class Server:
    """`home` is the folder of its database."""

    url: str
    home: Path

    @property
    def database(self) -> bytes:
        """All bytes of its database, also what is not merged into it yet."""
        return b"".join(
            path.read_bytes() for path in sorted(self.home.glob("prefect.db*"))
        )


def environment(home: Path) -> dict[str, str]:
    """The tests' own environment, without whatever Prefect it knows of."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PREFECT", "COHORTFLOW"))
    }
    ours = {
        "COHORTFLOW_KEY_FILE": str(home / "keys" / "key"),
        "COHORTFLOW_SITE_POLICY": str(SITE),
    }
    return kept | CLOSED | ours | {"PREFECT_HOME": str(home), "COHORTFLOW_WORKERS": "2"}


class Restartable(Server):
    """A server that may be killed, and started again on the same port with the same
    database.
    """

    process: subprocess.Popen

    def start(self) -> None:
        port = self.url.rpartition(":")[2].partition("/")[0]
        command = [
            sys.executable,
            "-m",
            "prefect",
            "server",
            "start",
            "--host",
            "127.0.0.1",
            "--port",
            port,
        ]
        with (self.home / "server.log").open("a", encoding="utf-8") as log:
            process = subprocess.Popen(
                command,
                env=environment(self.home),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.process = process
        _wait_for(f"{self.url}/health", process)

    def kill(self) -> None:
        """As by kill -9, with all that it started."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(LONGEST)


@contextmanager
def restartable_server(home: Path) -> Iterator[Restartable]:
    """A server on a free port of this machine alone, gone at the end of the block."""
    home.mkdir(parents=True, exist_ok=True)
    server = Restartable(f"http://127.0.0.1:{free_port()}/api", home)
    try:
        server.start()
        yield server
    finally:
        server.process.terminate()
        server.process.wait(LONGEST)


@contextmanager
def prefect_server(home: Path) -> Iterator[Server]:
    """As `restartable_server`, for those who leave it alone."""
    with restartable_server(home) as server:
        yield server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(url: str, process: subprocess.Popen) -> None:
    end = time.monotonic() + LONGEST
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("Prefect's server does not start")
