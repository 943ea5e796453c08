"""One part under care: started, looked after, started again when it dies, stopped."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from flows.serving.parts import Part

LOOK_EVERY = 5.0  # seconds between two looks at a part's health
# seconds that a part may take until it is well: a server took 19 on a busy machine
STARTING = 180.0
# Seconds without a sign of life after which a part is dead though its process lives.
# With sixty studies at once a server on SQLite took half a minute for an answer;
# starting it again only loses what it was about to write.
PATIENCE = 180.0  # while the machine is idle
LONGEST_PATIENCE = 1800.0  # also while it is busy
# seconds that count between two looks: we may have been stopped, too
LONGEST_LOOK = 30.0
STEADY = 60.0  # seconds after which a part's deaths are forgiven
# seconds between a death and the next start, after 1, 2, 4 … for the first ones
LONGEST_PAUSE = 60.0
LAST_WORDS = 20.0  # seconds that a part may take to end when asked to
LARGEST_LOG = 10_000_000  # bytes; one older log is kept

LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Silence:
    """How long a part has given no sign of life."""

    # the time of the last look; None: the part was well, or not looked at yet
    looked: float | None = None
    # seconds in all
    whole: float = 0.0
    # seconds of them in which the machine was not busy
    idle: float = 0.0

    def until(self, now: float, *, busy: bool) -> "Silence":
        """The silence that goes on; `busy`: whether the machine has too much to do."""
        passed = 0.0 if self.looked is None else min(now - self.looked, LONGEST_LOOK)
        return Silence(now, self.whole + passed, self.idle + (0.0 if busy else passed))

    def unknown(self, now: float) -> "Silence":
        """The same after a look without an answer."""
        return replace(self, looked=now)

    @property
    def is_death(self) -> bool:
        """Whether nothing but death explains it."""
        return self.idle >= PATIENCE or self.whole >= LONGEST_PATIENCE


def is_busy() -> bool:
    """Whether more processes want to work on this machine than it has cores."""
    return os.getloadavg()[0] > (os.cpu_count() or 1)


class Keeper:
    """The care of one part; `ready` once it was well."""

    def __init__(
        self,
        part: Part,
        environment: Mapping[str, str],
        logs: Path,
        say: Callable[[str], None],
    ):
        self.part, self._environment, self._log, self._say = (
            part,
            environment,
            logs / f"{part.name}.log",
            say,
        )
        self._process: subprocess.Popen | None = None
        self.ready = False
        self._deaths, self._silence = 0, Silence()
        self._start_at = self._look_at = self._started = 0.0

    def tick(self, now: float, ready: frozenset[str]) -> None:
        """Do whatever is due; `ready` are the names of the parts that are."""
        if self._process is None:
            if (
                now >= self._start_at
                and ready.issuperset(self.part.after)
                and not (self.part.once and self.ready)
            ):
                self._start(now)
        elif (code := self._process.poll()) is not None:
            self._ended(now, code)
        elif now >= self._look_at:
            self._look(now)

    def _start(self, now: float) -> None:
        self._started, self._look_at, self._silence = now, now, Silence()
        if self._log.exists() and self._log.stat().st_size > LARGEST_LOG:
            os.replace(self._log, self._log.with_suffix(".log.1"))
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.part.command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Ctrl-C is for us alone; we stop the parts in their order
                start_new_session=True,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - there are no threads here
            )

    def _ended(self, now: float, code: int) -> None:
        self._sweep()
        self._process = None
        if self.part.once and code == 0:
            self.ready = True
            return
        self._deaths = 1 if now - self._started > STEADY else self._deaths + 1
        pause = min(LONGEST_PAUSE, 2.0 ** (self._deaths - 1))
        self._start_at = now + pause
        how = (
            f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        )
        why = self.part.trouble() or f"{self._log} may say why"
        self._say(
            f"{self.part.name} ended ({how}); it starts again in {pause:.0f} s; {why}"
        )

    def _look(self, now: float) -> None:
        well = True if self.part.once else self.part.is_well(now - self._started)
        self._look_at = now + (LOOK_EVERY if self.ready else 0.5)
        if well:
            self._silence = Silence()
            if not self.ready and not self.part.once:
                self.ready = True
                self._say(f"{self.part.name} is up")
        elif well is None:
            self._silence = self._silence.unknown(now)
        else:
            self._silence = self._silence.until(now, busy=is_busy())
        if now - self._started > STARTING and self._silence.is_death:
            self._say(f"{self.part.name} does not answer; it is started again")
            self.stop()

    def stop(self) -> None:
        """End the part and all that it started: asked first, then made to."""
        if self._process is None:
            return
        self._process.send_signal(self.part.ending)
        try:
            self._process.wait(LAST_WORDS)
        except subprocess.TimeoutExpired:
            self._say(f"{self.part.name} did not end when asked to; it was killed")
        self._sweep()
        self._process.wait()

    def _sweep(self) -> None:
        """Nothing of a part outlives it."""
        assert self._process is not None
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)


def _die_with_parent() -> None:
    """In the new process: if we are killed outright, the system asks it to end."""
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
