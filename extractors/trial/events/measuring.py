"""The values of coded events: of what people are known to be measured, and around what
is compared.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from extractors.trial.days import YEAR
from extractors.trial.dice import Array, Rng, chance
from extractors.trial.events.streams import Events
from extractors.trial.people import england
from extractors.trial.people.clinic import at_age
from extractors.trial.people.draw import People
from extractors.trial.people.quantities import BY_NAME, QUANTITY_OF, Quantity
from extractors.trial.spread import Spread, spread_around
from extractors.trial.wishes import ANY_CODE

WITHOUT_VALUE = 0.03  # of those that a definition compares
LOST_VALUE = 0.005  # of what is known to be measured
MOST_CODES = 60  # of a list that measures one thing
OWN = 0.8  # of the spread is the person's, the rest is of the day: variances add up
ALONG = 0.75  # how much of a quantity's place is that of the one it goes along with
GROWN_UP = 16


def quantities_of(codelists: Sequence[Sequence[str]]) -> Mapping[str, Quantity]:
    """Code -> what it measures. The other codes of a list that measures one thing
    measure it, too.
    """
    found: dict[str, Quantity] = {}
    for codes in codelists:
        known = {QUANTITY_OF[code].name for code in codes if code in QUANTITY_OF}
        if len(known) == 1 and len(codes) <= MOST_CODES:
            found.update(dict.fromkeys(codes, BY_NAME[known.pop()]))
    for code in chain.from_iterable(codelists):
        if code in QUANTITY_OF:
            found[code] = QUANTITY_OF[code]
    return found


class Meter:
    """Gives events their values. `vocabulary`: all codes of the table, by position."""

    def __init__(
        self,
        vocabulary: Sequence[str],
        codelists: Sequence[Sequence[str]],
        thresholds: Mapping[str, tuple[float, ...]],
    ):
        known = quantities_of(codelists)
        self._quantities: dict[str, list[int]] = {}
        self._spreads: dict[Spread, list[int]] = {}
        for position, code in enumerate(vocabulary):
            compared = (*thresholds.get(code, ()), *thresholds.get(ANY_CODE, ()))
            if code in known:
                self._quantities.setdefault(known[code].name, []).append(position)
            elif spread := spread_around(compared):
                self._spreads.setdefault(spread, []).append(position)

    def measured(self, rng: Rng, people: People, events: Events) -> Events:
        """With values where something is known or compared; the others stay as they
        are.
        """
        value = events.value.copy()
        for spread, codes in self._spreads.items():
            rows = np.flatnonzero(np.isin(events.code, codes))
            value[rows] = _some_missing(
                rng, spread.draw(rng, events.patient[rows]), WITHOUT_VALUE
            )
        for name, codes in self._quantities.items():
            rows = np.flatnonzero(np.isin(events.code, codes))
            drawn = values_of(
                rng, BY_NAME[name], people, events.patient[rows], events.day[rows]
            )
            value[rows] = _some_missing(rng, drawn, LOST_VALUE)
        return events._replace(value=value)


def values_of(
    rng: Rng, quantity: Quantity, people: People, patient: Array, day: Array
) -> Array:
    """What is measured of each of the patients on a day."""
    age = np.maximum(day - people.born[patient], 0) / YEAR
    mean = at_age(quantity.mean, age)
    if quantity.male != 1.0:
        grown_man = (people.sex[patient] == england.SEXES.index("male")) & (
            age >= GROWN_UP
        )
        mean = mean * np.where(grown_man, quantity.male, 1.0)
    spread = np.full(len(patient), quantity.spread)
    for condition, (times, wider) in quantity.effect.items():
        ill = people.onset[condition][patient] <= day
        mean = mean * np.where(ill, times, 1.0)
        spread = np.where(ill & (wider > 0), wider, spread)
    of_day = rng.standard_normal(len(patient))
    place = (
        np.sqrt(OWN) * own_place(people, quantity)[patient] + np.sqrt(1 - OWN) * of_day
    )
    value = np.clip(mean * np.exp(spread * place), quantity.least, quantity.most)
    return _rounded(rng, quantity, value)


def own_place(people: People, quantity: Quantity) -> Array:
    """Where each of the people lies among those alike, in deviations; the same
    whichever table asks.
    """
    own = people.luck(f"measured {quantity.name}").standard_normal(len(people))
    if not quantity.along:
        return own
    other = own_place(people, BY_NAME[quantity.along])
    return ALONG * other + np.sqrt(1 - ALONG**2) * own


def _rounded(rng: Rng, quantity: Quantity, value: Array) -> Array:
    if quantity.tens:
        by_eye = chance(rng, quantity.tens, len(value))
        return np.where(by_eye, np.round(value, -1), np.round(value, quantity.decimals))
    return np.round(value, quantity.decimals)


def _some_missing(rng: Rng, value: Array, share: float) -> Array:
    return np.where(chance(rng, share, len(value)), np.nan, value)
