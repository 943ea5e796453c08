"""What each wished codelist leaves in the records: a stream of coded events per range
of patients.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np

from extractors.trial.days import NEVER, YEAR, Rhythm, Span, to_workday
from extractors.trial.dice import Array, Dice, Rng, between, chance, steep
from extractors.trial.people.clinic import Activity, Condition, at_age
from extractors.trial.people.draw import People, tilted
from extractors.trial.people.onsets import onset_of
from extractors.trial.people.spells import practices_on

MOST_REVIEWS = 20
YEARS_OF_REVIEWS = 12  # up to the last day; practices wrote on paper before
# the span, from which activities are recorded that a definition looks back for
YEARS_BEFORE = 3
# what codes that are not known here measure, if they measure anything
UNKNOWN_VALUE = (50.0, 15.0, 1)


class Events(NamedTuple):
    """Coded events: positions of patients and codes, days, values (NaN for none)."""

    patient: Array
    day: Array
    code: Array
    value: Array


class Stream(Protocol):
    def events(self, rng: Rng, people: People) -> Events:
        """What happens to these people, in any order."""


def unmeasured(patient: Array, day: Array, code: Array) -> Events:
    return Events(patient, day, code, np.full(len(patient), np.nan))


class History:
    """A condition: coded on the day it began and at reviews afterwards.

    `positions` are those of the codes among all codes of the table, the usual ones
    first.
    """

    def __init__(self, condition: Condition, positions: Sequence[int]):
        self._condition = condition
        self._positions = np.asarray(positions, np.int32)
        self._dice = Dice(steep(len(positions)))

    def events(self, rng: Rng, people: People) -> Events:
        onset = onset_of(people, self._condition)
        has = np.flatnonzero((onset < NEVER) & (onset <= people.died))
        reviewed = np.maximum(onset, people.span.last - round(YEARS_OF_REVIEWS * YEAR))
        years = (people.seen_until[has] - reviewed[has]) / YEAR
        reviews = rng.poisson(
            np.maximum(years, 0) * self._condition.reviews * people.busy[has]
        )
        count = 1 + np.minimum(reviews, MOST_REVIEWS)
        patient = np.repeat(has, count)
        first = np.zeros(len(patient), bool)
        first[np.cumsum(count) - count] = True
        review = between(
            rng, reviewed[patient], people.seen_until[patient], len(patient)
        )
        day = to_workday(rng, np.where(first, onset[patient], review))
        return unmeasured(
            patient, day, self._positions[self._dice.roll(rng, len(patient))]
        )


class Recordings:
    """An activity: occasions that follow its rhythm, each leaving a pack of codes.

    `packs` are positions of codes, one row per pack, -1 where a pack is shorter;
    `values` gives mean, standard deviation and decimals by position.
    """

    def __init__(
        self,
        activity: Activity,
        span: Span,
        packs: Array,
        values: Mapping[int, tuple],
        *,
        years_before: int = 1,
    ):
        self._activity, self._packs = activity, packs
        self._rhythm = Rhythm(activity.level, span.recorded_from(years_before))
        self._dice = Dice(steep(len(packs), 2.0 if packs.shape[1] > 1 else 1.3))
        self._scale = np.full((int(packs.max()) + 2, 3), np.nan)
        for position, scale in values.items():
            self._scale[position] = scale

    def events(self, rng: Rng, people: People) -> Events:
        patient = np.repeat(
            np.arange(len(people)), rng.poisson(self._expected(rng, people))
        )
        day = self._rhythm.roll(rng, len(patient))
        if self._activity.nowhere_else:
            there = self._does(people, practices_on(people, patient, day))
            patient, day = patient[there], day[there]
        pack = self._packs[self._dice.roll(rng, len(patient))]
        recorded = (pack >= 0) & (rng.random(pack.shape, dtype=np.float32) < 0.97)
        occasion = np.nonzero(recorded)[0]
        code = pack[recorded]
        value = self._measure(rng, code)
        return Events(patient[occasion], day[occasion], code, value)

    def _expected(self, rng: Rng, people: People) -> Array:
        """Occasions to expect of each of the people over the whole span and the year
        before.
        """
        activity, n = self._activity, len(people)
        factor = at_age(activity.age, people.age(people.span.middle)) * tilted(
            people, activity.tilt
        )
        for condition, boost in activity.boost.items():
            factor *= np.where(people.has(condition), boost, 1.0)
        keen = self._does(people, people.practice)
        user = chance(rng, np.minimum(activity.users * np.sqrt(factor), 1.0), n)
        rate = (
            activity.rate * self._rhythm.amount / (activity.users * activity.practices)
        )
        return np.where(keen & user, people.busy * np.sqrt(factor) * rate, 0.0)

    def _does(self, people: People, practice: Array) -> Array:
        """Which of some practices, one for each row, do it at all."""
        return people.practices.keen[practice] < self._activity.practices

    def _measure(self, rng: Rng, code: Array) -> Array:
        """What codes of which nothing is known measure."""
        mean, deviation, decimals = self._scale[code].T
        value = np.maximum(mean + deviation * rng.standard_normal(len(code)), 0.5)
        power = 10.0 ** np.nan_to_num(decimals)
        return np.rint(value * power) / power
