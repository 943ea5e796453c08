"""One part under care: started, looked after, started again when it dies, stopped."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from flows.serving.parts import Part

LOOK_EVERY = 5.0  # seconds between two looks at a part's health
STARTING = 180.0  # seconds that a part may take until it is well: a server took 19 on a busy machine
PATIENCE = 6  # looks in a row at which a part that was well may be unwell; then it is started again
STEADY = 60.0  # seconds after which a part's deaths are forgiven
LONGEST_PAUSE = 60.0  # seconds between a death and the next start, after 1, 2, 4 … for the first ones
LAST_WORDS = 20.0  # seconds that a part may take to end when asked to
LARGEST_LOG = 10_000_000  # bytes; one older log is kept

LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
PR_SET_PDEATHSIG = 1


class Keeper:
    """The care of one part; `ready` once it was well."""

    def __init__(self, part: Part, environment: Mapping[str, str], logs: Path, say: Callable[[str], None]):
        self.part, self._environment, self._log, self._say = part, environment, logs / f"{part.name}.log", say
        self._process: subprocess.Popen | None = None
        self.ready = False
        self._deaths, self._unwell = 0, 0
        self._start_at = self._look_at = self._started = 0.0

    def tick(self, now: float, ready: frozenset[str]) -> None:
        """Do whatever is due; `ready` are the names of the parts that are."""
        if self._process is None:
            if now >= self._start_at and ready.issuperset(self.part.after) and not (self.part.once and self.ready):
                self._start(now)
        elif (code := self._process.poll()) is not None:
            self._ended(now, code)
        elif now >= self._look_at:
            self._look(now)

    def _start(self, now: float) -> None:
        self._started, self._look_at, self._unwell = now, now, 0
        if self._log.exists() and self._log.stat().st_size > LARGEST_LOG:
            os.replace(self._log, self._log.with_suffix(".log.1"))
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self.part.command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us alone; we stop the parts in their order
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
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
        why = self.part.trouble() or f"{self._log} may say why"
        self._say(f"{self.part.name} ended ({how}); it starts again in {pause:.0f} s; {why}")

    def _look(self, now: float) -> None:
        well = True if self.part.once else self.part.is_well(now - self._started)
        self._look_at = now + (LOOK_EVERY if self.ready else 0.5)
        if well:
            self._unwell = 0
            if not self.ready and not self.part.once:
                self.ready = True
                self._say(f"{self.part.name} is up")
        elif well is not None:
            self._unwell += 1
        if now - self._started > STARTING and self._unwell >= PATIENCE:
            self._say(f"{self.part.name} does not answer; it is started again")
            self.stop()

    def stop(self) -> None:
        """End the part and all that it started: asked first, then made to."""
        if self._process is None:
            return
        self._process.terminate()
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
