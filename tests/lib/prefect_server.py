"""One real Prefect server for the tests of a session: each run by itself would start and end one of its own."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LONGEST = 120  # seconds that it may take to start or end, on a machine that is busy with other things
SITE = Path(__file__).with_name("site.toml")
CLOSED = {"PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1", "PREFECT_SERVER_UI_ENABLED": "false"}


@dataclass(frozen=True)
class Server:
    """`home` is the folder of its database."""

    url: str
    home: Path

    @property
    def database(self) -> bytes:
        """All bytes of its database, also what is not merged into it yet."""
        return b"".join(path.read_bytes() for path in sorted(self.home.glob("prefect.db*")))


def environment(home: Path) -> dict[str, str]:
    """The tests' own environment, without whatever Prefect it knows of."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "COHORTFLOW"))}
    ours = {"COHORTFLOW_KEY_FILE": str(home / "keys" / "key"), "COHORTFLOW_SITE_POLICY": str(SITE)}
    return kept | CLOSED | ours | {"PREFECT_HOME": str(home), "COHORTFLOW_WORKERS": "2"}


@contextmanager
def prefect_server(home: Path) -> Iterator[Server]:
    """A server on a free port of this machine alone, gone at the end of the block."""
    port = free_port()
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(command, env=environment(home), stdout=log, stderr=log, start_new_session=True)
        try:
            _wait_for(f"http://127.0.0.1:{port}/api/health", process)
            yield Server(f"http://127.0.0.1:{port}/api", home)
        finally:
            process.terminate()
            process.wait(LONGEST)


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
