"""Starts the closed process, waits within limits, and takes its answer."""

import json
import os
import selectors
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = str(Path(__file__).resolve().parents[2])
# Python alone with its standard library: no site-packages, no bytecode written, nothing from the environment or
# the current folder. Not -I, which would also ignore PYTHONHASHSEED: a set in a definition must keep its order.
PYTHON = ("-s", "-S", "-P", "-B", "-u", "-X", "utf8", "-c")
BOOT = f"import sys; sys.path.append({ROOT!r}); from measures.closed.child import main; main()"
KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")  # some Pythons do not start without
MEMORY = 2 << 30  # bytes of address space; a definition with a million codes takes a tenth of it
MOST_ANSWER = 64 << 20
MOST_SAID = 20_000  # bytes of an author's print()s that are shown


@dataclass
class Pipe:
    """What came out of one end so far; more than `most` bytes are counted, not kept."""

    most: int
    data: bytearray = field(default_factory=bytearray)
    size: int = 0

    def take(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self.data += chunk[: self.most - len(self.data)]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How a closed process ended."""

    # what it replied
    answer: bytes
    # what it printed
    said: bytes
    # it replied more than is taken
    flooded: bool
    # it was stopped, because it took too long
    late: bool
    # as of subprocess
    status: int


@dataclass(frozen=True)
class Closed:
    """A process that waits for its request, and ends without one when nobody is left to make it."""

    process: subprocess.Popen[bytes]
    request: int
    answer: int


def run_closed(request: dict[str, Any], seconds: int, early: Closed | None = None) -> Outcome:
    """Read a definition as `child.main` does; `request` is its request without limits.

    `early` is a process that `start` made before it was needed. It reads one definition.
    """
    closed = early or start()
    with closed.process, os.fdopen(closed.answer, "rb", buffering=0):
        answer, said = Pipe(MOST_ANSWER), Pipe(MOST_SAID)
        try:
            _ask(closed, {**request, "seconds": seconds, "memory": MEMORY})
            late = _listen(closed.process, closed.answer, answer, said, time.monotonic() + seconds)
        finally:
            _stop(closed.process)
    return Outcome(
        answer=bytes(answer.data),
        said=bytes(said.data),
        flooded=answer.size > answer.most,
        late=late,
        status=closed.process.returncode,
    )


def start() -> Closed:
    """A process that loads its Python while this one does other things."""
    theirs, request = os.pipe()
    answer, written = os.pipe()
    try:
        return Closed(_popen(theirs, written), request, answer)
    except BaseException:
        os.close(request)
        os.close(answer)
        raise
    finally:
        os.close(theirs)
        os.close(written)


def _popen(request: int, answer: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, *PYTHON, BOOT, str(request), str(answer)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        pass_fds=(request, answer),
        env={"PYTHONHASHSEED": "0", **{name: os.environ[name] for name in KEPT if name in os.environ}},
        start_new_session=True,
    )


def _ask(closed: Closed, request: dict[str, Any]) -> None:
    """By a pipe: an argument may not be longer than 128 KB, as the names of a large project's files are."""
    with suppress(BrokenPipeError), os.fdopen(closed.request, "wb") as pipe:  # its status says why it has ended
        pipe.write(json.dumps(request).encode())


def _listen(process: subprocess.Popen[bytes], reading: int, answer: Pipe, said: Pipe, until: float) -> bool:
    """Take what comes until the answer is complete, too long or too late; True if too late."""
    assert process.stdout
    with selectors.DefaultSelector() as waiting:
        for descriptor, pipe in ((reading, answer), (process.stdout.fileno(), said)):
            os.set_blocking(descriptor, False)
            waiting.register(descriptor, selectors.EVENT_READ, pipe)
        while reading in waiting.get_map() and answer.size <= answer.most:
            if time.monotonic() > until:
                return True
            for key, _ in waiting.select(max(0.0, until - time.monotonic())):
                _take(waiting, key)
    _take_rest(process.stdout.fileno(), said)
    return False


def _take(waiting: selectors.BaseSelector, key: selectors.SelectorKey) -> None:
    chunk = os.read(key.fd, 1 << 16)
    key.data.take(chunk)
    if not chunk:
        waiting.unregister(key.fd)


def _take_rest(descriptor: int, said: Pipe) -> None:
    """What was printed before the end and is still in the pipe."""
    with suppress(BlockingIOError):
        while said.size <= said.most and (chunk := os.read(descriptor, 1 << 16)):
            said.take(chunk)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End whatever is left of it; one that ends by itself keeps its own status."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
