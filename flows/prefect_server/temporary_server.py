"""Prefect's server for one run, where the site has named no other.

It takes longer to start than all the rest of a run, so it starts before Prefect is
loaded here (2.5 s less). Prefect would start one itself, but only when a flow begins,
and that one outlives a run that is killed.
"""

import atexit
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http.client import HTTPException
from pathlib import Path
from typing import Any

from extractors.errors import CohortflowError
from flows.prefect_server.asking import authorization, direct
from flows.prefect_server.home import home, private_home, refuse_unsafe

URL = "PREFECT_API_URL"
WORD = "PREFECT_API_AUTH_STRING"  # what is shown to a server
SERVER_WORD = "PREFECT_SERVER_API_AUTH_STRING"  # what a server asks for
PROFILES = "PREFECT_PROFILES_PATH"
ALLOWED = "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"
# in the working directory: Prefect reads its settings from them, too
CONFIGURED = ("prefect.toml", ".env")
PATIENCE, PAUSE = 120, 0.05  # seconds; 20 are too few on a busy machine
NONE = (
    "Prefect's temporary server does not start{said}; see that this machine has "
    "memory and processes to spare."
)
KEPT = 20  # of its last lines: the end of a traceback
PROCESS = "flows.prefect_server.temporary_server_process"
OWNER_ALONE = 0o077  # the server's umask
EPHEMERAL = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",
    # Its page is not watched: tasks are written down many at a time, and not also as
    # events. A quarter of the server's work.
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_BATCH_SIZE": "50",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_FLUSH_INTERVAL": "1",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    # It has no automations and no page, so nobody listens to its events.
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_API_EVENTS_STREAM_OUT_ENABLED": "false",
}


@dataclass(frozen=True)
class TemporaryServer:
    """A Prefect server that ends with this process."""

    # of its API
    url: str
    # until it answers; raises CohortflowError if it does not start
    wait: Callable[[], None]


def start_server() -> TemporaryServer | None:
    """Start a server; None where one is named.

    Must come before Prefect is loaded, which reads the address and the word only then.
    ArgumentsError if it could write nowhere, or where others could look.
    """
    if is_named():
        return None
    refuse_unsafe()
    word = f"cohortflow:{secrets.token_urlsafe(24)}"
    # what it says is not for the terminal, but may tell why it does not start
    said: deque[bytes] = deque(maxlen=KEPT)
    with _free_port() as free:
        process = _started(free, word)
        url = f"http://127.0.0.1:{free.getsockname()[1]}/api"
    listening = threading.Thread(
        target=said.extend, args=(process.stdout,), daemon=True
    )
    listening.start()
    atexit.register(_stop, process)  # before those of Prefect, so it comes after them
    os.environ[URL], os.environ[WORD] = url, word
    return TemporaryServer(
        url, partial(_wait, process, partial(_answers, url, word), listening, said)
    )


def _started(free: socket.socket, word: str) -> subprocess.Popen:
    """The process of the server. It gets its port from us, so no other process can take
    it before it listens.
    """
    # no word is an argument: those can be read by every user of the machine
    command = [sys.executable, "-m", PROCESS, str(free.fileno()), str(os.getpid())]
    streams: dict[str, Any] = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
    }
    return subprocess.Popen(
        command,
        env={**os.environ, **EPHEMERAL, **_own_settings(word)},
        pass_fds=[free.fileno()],
        umask=OWNER_ALONE,
        # Ctrl-C is for the run alone, which then ends its server
        start_new_session=True,
        **streams,
    )


def _own_settings(word: str) -> dict[str, str]:
    """What the server of one run has for itself; profiles, which may name a database,
    are the user's.
    """
    return {
        WORD: word,
        SERVER_WORD: word,
        PROFILES: str(_profiles()),
        "PREFECT_HOME": str(private_home()),
    }


def is_named() -> bool:
    """Whether there is a server already, or may be, as far as can be seen without
    Prefect.

    Ask before `start_server`, which names its own.
    """
    profiles = _profiles()
    named = URL in os.environ or (
        profiles.exists() and URL in profiles.read_text(encoding="utf-8")
    )
    forbidden = os.environ.get(ALLOWED, "true").lower() in ("false", "0")
    return named or forbidden or any(Path(name).exists() for name in CONFIGURED)


def _profiles() -> Path:
    return Path(os.environ.get(PROFILES, home() / "profiles.toml")).expanduser()


@contextmanager
def _free_port() -> Iterator[socket.socket]:
    """A port of this machine that no other process can take while the block or who
    inherits the socket has it.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        yield free


def _wait(
    process: subprocess.Popen,
    answers: Callable[[], bool],
    listening: threading.Thread,
    said: deque[bytes],
) -> None:
    end = time.monotonic() + PATIENCE
    while not answers():
        if process.poll() is not None or time.monotonic() > end:
            listening.join(PAUSE)  # its last words may be on their way
            raise _silent(process.poll(), b"".join(said).decode(errors="replace"))
        time.sleep(PAUSE)


def _silent(code: int | None, words: str) -> CohortflowError:
    """Why there is no server; at its start it knows nothing that anybody might not
    see.
    """
    last = next(
        (line.strip() for line in reversed(words.splitlines()) if line.strip()), ""
    )
    return CohortflowError(
        NONE.format(said=f" ({last})" if last else ""), f"ended with {code}\n{words}"
    )


def _answers(url: str, word: str) -> bool:
    asking = direct()
    asking.addheaders = [("Authorization", authorization(word))]
    try:
        with asking.open(f"{url}/health", timeout=1) as answer:
            return answer.status == 200
    except (OSError, HTTPException):
        return False


def _stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
