"""Prefect's server for one run, where nobody has named another.

It takes longer to start than all the rest of a run, so it starts before Prefect is loaded here (2.5 s less).
Prefect would start one itself, but only when a flow begins, and that one outlives a run that is killed.
"""

import atexit
import gc
import os
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from extractors.errors import ArgumentsError, CohortflowError

URL = "PREFECT_API_URL"
ALLOWED = "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"
CONFIGURED = ("prefect.toml", ".env")  # in the working directory: Prefect reads its settings from them, too
PATIENCE, PAUSE = 120, 0.05  # seconds; 20 are too few on a busy machine
NONE = "Prefect's temporary server does not start{said}; see that this machine has memory and processes to spare."
KEPT = 20  # of its last lines: the end of a traceback
EPHEMERAL = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",
    "PREFECT__SERVER_FINAL": "1",
    # Nobody watches: tasks are written down many at a time, and not also as events. A quarter of the server's work.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
}


@dataclass(frozen=True)
class TemporaryServer:
    """A Prefect server that ends with this process."""

    url: str
    wait: Callable[[], None]  # until it answers; raises CohortflowError if it does not start


def start_server() -> TemporaryServer | None:
    """Start a server; None where one is named.

    Must come before Prefect is loaded, which reads the address only then. ArgumentsError if it could write nowhere.
    """
    if is_named():
        return None
    _refuse_unwritable(home())
    port = _free_port()
    command = [sys.executable, "-m", __name__, str(port), str(os.getpid())]
    # in a session of its own: Ctrl-C is for the run alone, which then ends its server
    streams: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    process = subprocess.Popen(command, env=os.environ | EPHEMERAL, start_new_session=True, **streams)
    said: deque[bytes] = deque(maxlen=KEPT)  # what it says is not for the terminal, but may tell why it does not start
    listening = threading.Thread(target=said.extend, args=(process.stdout,), daemon=True)
    listening.start()
    atexit.register(_stop, process)  # before those of Prefect, so it comes after them
    url = os.environ[URL] = f"http://127.0.0.1:{port}/api"
    return TemporaryServer(url, partial(_wait, process, url, listening, said))


def home() -> Path:
    """Where Prefect keeps what it has; a temporary server its database."""
    return Path(os.environ.get("PREFECT_HOME") or "~/.prefect").expanduser()


def _refuse_unwritable(folder: Path) -> None:
    nearest = next(each for each in (folder, *folder.absolute().parents) if os.path.lexists(each))
    if not (nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK)):
        raise ArgumentsError(
            f"Prefect's temporary server cannot write to {folder}: {nearest} is no folder that you may write to; "
            "set PREFECT_HOME to one."
        )


def is_named() -> bool:
    """Whether there is a server already, or may be, as far as can be told without Prefect.

    Ask before `start_server`, which names its own.
    """
    profiles = Path(os.environ.get("PREFECT_PROFILES_PATH", home() / "profiles.toml")).expanduser()
    named = URL in os.environ or (profiles.exists() and URL in profiles.read_text())
    forbidden = os.environ.get(ALLOWED, "true").lower() in ("false", "0")
    return named or forbidden or any(Path(name).exists() for name in CONFIGURED)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def _wait(process: subprocess.Popen, url: str, listening: threading.Thread, said: deque[bytes]) -> None:
    end = time.monotonic() + PATIENCE
    while not _answers(url):
        if process.poll() is not None or time.monotonic() > end:
            listening.join(PAUSE)  # its last words may be on their way
            raise _silent(process.poll(), b"".join(said).decode(errors="replace"))
        time.sleep(PAUSE)


def _silent(code: int | None, words: str) -> CohortflowError:
    """Why there is no server; at its start it knows nothing that anybody might not see."""
    last = next((line.strip() for line in reversed(words.splitlines()) if line.strip()), "")
    return CohortflowError(NONE.format(said=f" ({last})" if last else ""), f"ended with {code}\n{words}")


def _answers(url: str) -> bool:
    request = import_module("urllib.request")  # only here: `status` and `plan` do without
    direct = request.build_opener(request.ProxyHandler({}))
    try:
        with direct.open(f"{url}/health", timeout=1) as answer:
            return answer.status == 200
    except OSError:
        return False


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_with(parent: int) -> None:
    """A run that is killed leaves no server behind."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


def main() -> None:
    """The server itself, as Prefect starts its own; but while it starts, nobody looks for garbage: 2.3 s become 1.8."""
    gc.disable()
    import uvicorn
    from prefect.server.api.server import create_app

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            gc.freeze()  # what is there now stays
            gc.enable()

    port, parent = map(int, sys.argv[1:])
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    # critical: at every request that its database does not take, as on a full disk, it would print a traceback
    Server(uvicorn.Config(create_app(), host="127.0.0.1", port=port, log_level="critical")).run()


if __name__ == "__main__":
    main()
