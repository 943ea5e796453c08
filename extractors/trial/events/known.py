"""Streams of what people are or had done: their ethnicity, whether they smoke,
vaccinations.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from extractors.trial.days import YEAR, to_workday
from extractors.trial.dice import Array, Dice, Rng, between, chance, steep
from extractors.trial.events.streams import Events, unmeasured
from extractors.trial.people import england, smoking, vaccines
from extractors.trial.people.draw import People

# how often an ethnicity is coded by any member of the list instead of a usual one
OTHER_MEMBER = 0.03
ASKED_PER_YEAR = 0.35  # whether they smoke; more often where they are seen more often
YEARS_OF_ASKING = 12


class Ethnicities:
    """The ethnic category of most people, asked for once to a few times.

    `positions` are those of all codes of the list; `usual` those of the usual codes of
    each letter of the census, empty where the list has none.
    """

    def __init__(self, positions: Sequence[int], usual: Sequence[Sequence[int]]):
        self._all = np.asarray(positions, np.int32)
        self._first = np.array([codes[0] if codes else -1 for codes in usual], np.int32)
        self._second = np.array(
            [codes[-1] if codes else -1 for codes in usual], np.int32
        )

    def events(self, rng: Rng, people: People) -> Events:
        asked = np.minimum(rng.poisson(1.1 + 0.7 * people.busy), 6)
        patient = np.repeat(np.arange(len(people)), asked)
        n, letter = len(patient), people.ethnicity[patient]
        code = np.where(chance(rng, 0.65, n), self._first[letter], self._second[letter])
        other = self._all[rng.integers(0, len(self._all), n)]
        code = np.where(chance(rng, OTHER_MEMBER, n), other, code)
        since = np.maximum(people.born[patient], people.span.first - round(10 * YEAR))
        day = to_workday(rng, between(rng, since, people.seen_until[patient], n))
        measured = code >= 0
        return unmeasured(patient[measured], day[measured], code[measured])


def usual_ethnicities(place: Mapping[str, int]) -> list[list[int]]:
    """The positions of the usual codes of each letter, as far as `place` has them."""
    known = (england.ETHNICITY_CODES[letter] for letter in england.ETHNICITIES)
    return [[place[code] for code in codes if code in place] for codes in known]


class Smoking:
    """Whether people smoke, as they are asked every few years.

    `positions`: those of the codes of each status that the list has; of some statuses
    none.
    """

    def __init__(self, positions: Mapping[int, Sequence[int]]):
        self._positions = {
            status: np.asarray(found, np.int32) for status, found in positions.items()
        }
        self._dice = {
            status: Dice(steep(len(found)))
            for status, found in positions.items()
            if len(found)
        }

    def events(self, rng: Rng, people: People) -> Events:
        status, begins = smoking.statuses(people), smoking.asked_since(people)
        begins = np.maximum(begins, people.span.last - round(YEARS_OF_ASKING * YEAR))
        years = np.maximum(people.seen_until - begins, 0) / YEAR
        asked = rng.poisson(ASKED_PER_YEAR * years * people.busy)
        patients, days, codes = [], [], []
        for which, dice in self._dice.items():
            who = np.flatnonzero(status == which)
            patient = np.repeat(who, asked[who])
            day = between(
                rng, begins[patient], people.seen_until[patient], len(patient)
            )
            patients.append(patient)
            days.append(to_workday(rng, day))
            codes.append(self._positions[which][dice.roll(rng, len(patient))])
        return unmeasured(*(np.concatenate(each) for each in (patients, days, codes)))


class Vaccinated:
    """Doses of one vaccine, or one of the doses of it, each coded once.

    `nth`: of COVID-19, which dose the codes mean; None: every one.
    """

    def __init__(self, vaccine: str, positions: Sequence[int], nth: int | None = None):
        self._vaccine, self._nth = vaccine, nth
        self._positions = np.asarray(positions, np.int32)
        self._dice = Dice(steep(len(positions), 2.0))

    def events(self, rng: Rng, people: People) -> Events:
        patient, day = self._doses(people)
        return unmeasured(
            patient, day, self._positions[self._dice.roll(rng, len(patient))]
        )

    def _doses(self, people: People) -> tuple[Array, Array]:
        if self._nth is None:
            return vaccines.doses_of(people, self._vaccine)
        return vaccines.covid_dose(people, self._nth)
