"""Where a run is among its steps, measured by how long each of them was expected to
take.

Periods are counted. How far another step is, is not known, so it comes ever closer
to its end and never gets there: after the time that was expected, two thirds of it are
behind us.
"""

import time
from collections.abc import Callable, Mapping
from math import exp

PERIODS = "periods"
# times the pace that was expected; what is there already costs nothing
SLOWEST, QUICKEST = 20.0, 0.5
ENOUGH = 0.1  # of the whole: a pace is computed from that much at least


class Course:
    """The course of one run. `expected`: seconds by step, in their order."""

    def __init__(
        self, expected: Mapping[str, float], clock: Callable[[], float] = time.monotonic
    ):
        self._expected = {
            name: max(seconds, 0.01) for name, seconds in expected.items()
        }
        self._clock = clock
        self._whole = sum(self._expected.values())
        self._begun = self._since = clock()
        self._step = ""
        self._periods = 0.0
        self._ended = False

    def step(self, name: str) -> None:
        """A step begins; one that nothing was expected of changes nothing."""
        if name in self._expected and name != self._step:
            self._step, self._since = name, self._clock()

    def periods(self, share: float) -> None:
        """So much of the periods is done."""
        self._periods = share

    def end(self) -> None:
        """All of it is done."""
        self._ended = True

    @property
    def share(self) -> float:
        """How much of the whole is done, from 0 to 1."""
        return self._done / self._whole

    @property
    def left(self) -> float:
        """Seconds until the end, at the pace of this run."""
        return (self._whole - self._done) * self._pace

    @property
    def passed(self) -> float:
        """Seconds since the beginning."""
        return self._clock() - self._begun

    @property
    def _done(self) -> float:
        """Seconds of what was expected."""
        if self._ended:
            return self._whole
        done = 0.0
        for name, seconds in self._expected.items():
            if name == self._step:
                return done + seconds * self._of_step(seconds)
            done += seconds
        return 0.0  # nothing has begun

    def _of_step(self, seconds: float) -> float:
        if self._step == PERIODS:
            return self._periods
        return 1 - exp(-(self._clock() - self._since) / seconds)

    @property
    def _pace(self) -> float:
        """How many seconds one of those takes that were expected."""
        if self.share < ENOUGH:
            return 1.0
        return min(SLOWEST, max(QUICKEST, self.passed / self._done))
