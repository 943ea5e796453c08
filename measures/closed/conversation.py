"""One conversation with a closed process: the request, its questions, its answer, and
its end.
"""

import json
import os
import selectors
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, Queue
from threading import Thread
from typing import Any

from measures.closed.broker import Broker
from measures.closed.channel import HEAD, frame
from measures.closed.process import HAS_GROUPS, Closed, start

# bytes of address space; a definition with a million codes takes a tenth of it
MEMORY = 2 << 30
MOST_ANSWER = 64 << 20
NO_LENGTH = 1 << 40  # what is longer was never meant as a length
REST = 0.2  # seconds for what was printed before the end, where threads bring it
QUESTION = b'{"ask": '
MOST_SAID = 20_000  # bytes of an author's print()s that are shown


# Of the walls, those that a test leaves out; a run leaves out none.
WITHOUT: frozenset[str] = frozenset()


@dataclass
class Pipe:
    """What came out of one end so far; more than `most` bytes are counted, not kept."""

    # bytes that are kept
    most: int
    # those that came
    data: bytearray = field(default_factory=bytearray)
    # how many came, kept or not
    size: int = 0

    def take(self, chunk: bytes) -> None:
        self.size += len(chunk)
        self.data += chunk[: self.most - len(self.data)]


@dataclass(frozen=True)
class Outcome:
    """How the reading of a definition ended."""

    # what it replied; none if it did not come so far
    answer: bytes
    # what it printed
    said: bytes
    # whether it replied more than it may
    flooded: bool
    # whether it was stopped for taking too long
    late: bool
    # of the process, as subprocess has it
    status: int


def run_closed(
    request: dict[str, Any], seconds: int, broker: Broker, early: Closed | None = None
) -> Outcome:
    """Read a definition as `child.main` does; `request` is its request without limits.

    `broker` answers what it asks. `early` is a process that `start` made before it was
    needed. It reads one definition.
    """
    closed = early or start()
    with closed.process, os.fdopen(closed.answer, "rb", buffering=0):
        kind = Conversation if HAS_GROUPS else Threaded
        talk = kind(closed, broker, Pipe(MOST_SAID), time.monotonic() + seconds)
        try:
            limits = {"seconds": seconds, "memory": MEMORY, "without": sorted(WITHOUT)}
            talk.start({**request, **limits})
            talk.listen()
        finally:
            os.close(closed.request)
            _stop(closed.process)
    return Outcome(
        answer=talk.answer,
        said=bytes(talk.said.data),
        flooded=talk.flooded,
        late=talk.late,
        status=closed.process.returncode,
    )


@dataclass
class Conversation:
    """Questions, replies and one answer, until the process ends, says too much or takes
    too long.
    """

    # the process
    closed: Closed
    # which answers its questions
    broker: Broker
    # what the process prints
    said: Pipe
    # the moment at which it has taken too long
    until: float
    # bytes of a question that is not yet whole
    heard: bytearray = field(default_factory=bytearray)
    # the description of the study; empty until it has come
    answer: bytes = b""
    # whether it said too much
    flooded: bool = False
    # whether it took too long
    late: bool = False

    def start(self, request: dict[str, Any]) -> None:
        os.set_blocking(self.closed.request, False)
        self._say(json.dumps(request).encode())

    def listen(self) -> None:
        output = self.closed.said
        with selectors.DefaultSelector() as waiting:
            for descriptor in (self.closed.answer, output.fileno()):
                os.set_blocking(descriptor, False)
                waiting.register(descriptor, selectors.EVENT_READ)
            while self.closed.answer in waiting.get_map() and not self.late:
                self._wait(waiting)
        _take_rest(output.fileno(), self.said)

    def _wait(self, waiting: selectors.BaseSelector) -> None:
        for key, _ in waiting.select(max(0.0, self.until - time.monotonic())):
            chunk = os.read(key.fd, 1 << 16)
            if key.fd != self.closed.answer:
                self.said.take(chunk)
            if not chunk or (key.fd == self.closed.answer and not self._hear(chunk)):
                waiting.unregister(key.fd)
        self.late = time.monotonic() > self.until

    def _hear(self, chunk: bytes) -> bool:
        """Whether there is more to hear."""
        self.heard += chunk
        while len(self.heard) >= HEAD:
            size = int.from_bytes(self.heard[:HEAD], "big")
            if size > MOST_ANSWER:
                self.flooded = size < NO_LENGTH
                return False
            if len(self.heard) < HEAD + size:
                return True
            content = bytes(self.heard[HEAD : HEAD + size])
            del self.heard[: HEAD + size]
            if not self._answered(content):
                return False
        return True

    def _answered(self, content: bytes) -> bool:
        """Reply to a question; what is none is the answer, after which nothing
        counts.
        """
        if self.answer:
            return True
        if not content.startswith(QUESTION):
            self.answer = content
            return True
        try:
            reply = self.broker.reply(json.loads(content))
        except (ValueError, RecursionError):
            return False
        return reply is not None and self._say(
            json.dumps(reply[0]).encode() + b"\n" + reply[1]
        )

    def _say(self, content: bytes) -> bool:
        """To one that may have ended, or never listens."""
        rest = memoryview(frame(content))
        with suppress(BrokenPipeError):
            while rest:
                if not _is_ready(self.closed.request, self.until):
                    self.late = True
                    return False
                rest = rest[os.write(self.closed.request, rest) :]
        return True


class Threaded(Conversation):
    """Where pipes cannot be waited for, threads wait for them."""

    def start(self, request: dict[str, Any]) -> None:
        self._say(json.dumps(request).encode())

    def listen(self) -> None:
        chunks: Queue[tuple[bool, bytes]] = Queue()
        for descriptor, is_answer in (
            (self.closed.answer, True),
            (self.closed.said.fileno(), False),
        ):
            Thread(
                target=_read_all,
                args=(os.dup(descriptor), is_answer, chunks),
                daemon=True,
            ).start()
        while not self.late:
            try:
                is_answer, chunk = chunks.get(
                    timeout=max(0.0, self.until - time.monotonic())
                )
            except Empty:
                self.late = True
                return
            if not is_answer:
                self.said.take(chunk)
            elif not chunk or not self._hear(chunk):
                break
        with suppress(Empty):  # what was printed before the end
            while (rest := chunks.get(timeout=REST)) != (False, b""):
                self.said.take(b"" if rest[0] else rest[1])

    def _say(self, content: bytes) -> bool:
        writing = Thread(
            target=_write_all, args=(self.closed.request, frame(content)), daemon=True
        )
        writing.start()
        writing.join(max(0.0, self.until - time.monotonic()))
        self.late = self.late or writing.is_alive()
        return not self.late


def _read_all(
    descriptor: int, is_answer: bool, chunks: "Queue[tuple[bool, bytes]]"
) -> None:
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        while chunk := file.read(1 << 16):
            chunks.put((is_answer, chunk))
    chunks.put((is_answer, b""))


def _write_all(descriptor: int, content: bytes) -> None:
    """To one that may have ended."""
    rest = memoryview(content)
    with suppress(OSError):
        while rest:
            rest = rest[os.write(descriptor, rest) :]


def _is_ready(descriptor: int, until: float) -> bool:
    with selectors.DefaultSelector() as waiting:
        waiting.register(descriptor, selectors.EVENT_WRITE)
        return bool(waiting.select(max(0.0, until - time.monotonic())))


def _take_rest(descriptor: int, said: Pipe) -> None:
    """What was printed before the end and is still in the pipe."""
    with suppress(BlockingIOError):
        while said.size <= said.most and (chunk := os.read(descriptor, 1 << 16)):
            said.take(chunk)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End whatever is left of it; one that ends by itself keeps its own status."""
    if HAS_GROUPS:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
