"""`cohortflow serve` as an operator starts it, on free ports and in a workspace of its
own.
"""

import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.flows.commands import COMMAND, Command
from tests.lib.places import CHECKOUT
from tests.lib.prefect_api import Prefect
from tests.lib.prefect_server import environment, free_port

# seconds until all parts are up: three start one after another, and each may take 180
LONGEST = 600


@dataclass(frozen=True)
class Served:
    """`said` is the file of what the command says; `command` runs others as the README
    tells operators to.
    """

    process: subprocess.Popen
    workspace: Path
    port: int
    dask_port: int
    said: Path
    command: Command

    @property
    def home(self) -> Path:
        return self.workspace / ".server"

    @property
    def page(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def auth(self) -> str:
        return (self.home / "auth").read_text(encoding="utf-8").strip()

    @property
    def prefect(self) -> Prefect:
        return Prefect(f"{self.page}/api", self.auth)

    def family(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def part(self, words: str) -> psutil.Process:
        """The process of a part, by words of its command."""
        (found,) = [
            child
            for child in psutil.Process(self.process.pid).children()
            if words in " ".join(child.cmdline())
        ]
        return found

    def wait_for(self, words: str) -> None:
        """Until the command has said this; once more with every call that counts it."""
        end = time.monotonic() + LONGEST
        while words not in self.said.read_text(encoding="utf-8"):
            assert time.monotonic() < end and self.process.poll() is None, (
                self.said.read_text(encoding="utf-8")
            )
            time.sleep(0.1)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(LONGEST)


@contextmanager
def served(folder: Path, **settings: object) -> Iterator[Served]:
    """A whole server, all parts up; stopped at the end of the block."""
    port, dask_port = free_port(), free_port()
    ours = {
        "COHORTFLOW_PORT": port,
        "COHORTFLOW_DASK_PORT": dask_port,
        "COHORTFLOW_WORKSPACE": folder / "a work space",
        # else a run begins up to ten seconds after it was asked for
        "PREFECT_WORKER_QUERY_SECONDS": 1,
    }
    given = environment(folder) | {
        name: str(value) for name, value in {**ours, **settings}.items()
    }
    given["PREFECT_SERVER_UI_ENABLED"] = "true"
    with (folder / "said").open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            [*COMMAND, "serve"], cwd=CHECKOUT, env=given, stdout=said, stderr=said
        )
    it = Served(
        process,
        folder / "a work space",
        port,
        dask_port,
        folder / "said",
        Command(given),
    )
    try:
        it.wait_for("all is up")
        yield Served(
            process,
            it.workspace,
            port,
            dask_port,
            it.said,
            Command(given | _for_commands(it.home)),
        )
    finally:
        if process.poll() is None:
            it.stop()


def _for_commands(home: Path) -> dict[str, str]:
    """What a shell has after `set -a; . FILE; set +a`."""
    script = 'set -a; . "$1"; env -0'
    listed = subprocess.run(
        ["bash", "-c", script, "bash", home / "environment"],
        env={},
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    pairs = (entry.partition("=") for entry in listed.stdout.split("\0") if entry)
    return {
        name: value for name, _, value in pairs if name not in ("PWD", "SHLVL", "_")
    }
