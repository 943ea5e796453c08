"""Drugs: issued again and again once a condition is known, or a few times for something
that passes.

Most items that are dispensed in England are repeats (NHSBSA); 28 days are the usual
length.
"""

from collections.abc import Sequence

import numpy as np

from extractors.trial.days import NEVER, YEAR, to_workday
from extractors.trial.dice import Array, Dice, Rng, chance, steep
from extractors.trial.events.streams import Events, unmeasured
from extractors.trial.people.clinic import Condition
from extractors.trial.people.draw import People
from extractors.trial.people.onsets import onset_of

EVERY = (28, 56, 84)  # days from one issue to the next
EVERY_WEIGHTS = (0.55, 0.3, 0.15)
JITTER = 4.0
MOST_ISSUES = 60
LOOK_BACK = round(2 * YEAR)  # issues are recorded from so long before the span
DELAY = 0.4  # years from the diagnosis to the first issue, on average
STOPS = 0.08  # of those who take it, per year
REPEATS = 0.75  # of those who take it at all; the others have a course
COURSE = 1.6  # issues
TAKES = 0.45  # of those with the condition


class Prescriptions:
    """Issues of the drugs of a list; `condition`: why people take them."""

    def __init__(
        self,
        condition: Condition,
        positions: Sequence[int],
        since: int,
        takes: float = TAKES,
        stops: float = STOPS,
    ):
        self._condition, self._since, self._takes, self._stops = (
            condition,
            since,
            takes,
            stops,
        )
        self._positions = np.asarray(positions, np.int32)
        self._dice = Dice(steep(len(positions)))

    def events(self, rng: Rng, people: People) -> Events:
        onset = onset_of(people, self._condition)
        who = np.flatnonzero(
            (onset < NEVER)
            & (onset <= people.died)
            & chance(rng, self._takes, len(people))
        )
        n = len(who)
        start = np.maximum(
            onset[who] + np.floor(rng.exponential(DELAY * YEAR, n)), self._since
        )
        repeats = chance(rng, REPEATS, n)
        ends = np.minimum(
            start + rng.exponential(YEAR / self._stops, n), people.seen_until[who]
        )
        every = np.asarray(EVERY)[Dice(EVERY_WEIGHTS).roll(rng, n)]
        begins = np.where(
            repeats,
            np.maximum(start, people.span.first - LOOK_BACK - every * rng.random(n)),
            start,
        )
        count = np.where(
            repeats, (ends - begins) // every + 1, 1 + rng.poisson(COURSE - 1, n)
        )
        count = np.where(
            start > people.seen_until[who], 0, np.clip(count, 0, MOST_ISSUES)
        ).astype(np.int64)
        patient, own = np.repeat(who, count), np.repeat(np.arange(n), count)
        nth = np.arange(len(patient)) - np.repeat(np.cumsum(count) - count, count)
        late = np.abs(JITTER * rng.standard_normal(len(patient)))
        day = np.floor(begins[own] + nth * every[own] + np.where(nth, late, 0)).astype(
            np.int32
        )
        seen = day <= people.seen_until[patient]
        usual = self._dice.roll(rng, n)  # mostly the same product each time
        other = self._dice.roll(rng, len(patient))
        code = np.where(chance(rng, 0.9, len(patient)), usual[own], other)
        return unmeasured(
            patient[seen], self._workdays(rng, day[seen]), self._positions[code[seen]]
        )

    def _workdays(self, rng: Rng, day: Array) -> Array:
        return np.maximum(to_workday(rng, day), self._since).astype(np.int32)
