"""Events that a definition does not look for: nine in ten of what real records hold."""

import numpy as np

from extractors.trial.days import YEAR, Rhythm, Span
from extractors.trial.dice import Array, Dice, Rng, steep
from extractors.trial.events.streams import Events, unmeasured
from extractors.trial.people.clinic import RECOVERY
from extractors.trial.people.draw import People

CODES = 3_000  # per column of codes
YEARS = 10  # up to the end of the study's span


class OtherEvents:
    """About `per_patient` events of each of the people, the busy ones having more.

    Fewer of those who were born or died within the `years`. `positions` are those of
    the codes among all codes of the table.
    """

    def __init__(
        self, positions: Array, per_patient: float, span: Span, years: float = YEARS
    ):
        self._positions, self._per_patient = positions.astype(np.int32), per_patient
        self._dice = Dice(steep(len(positions), 1.0))
        self._rhythm = Rhythm(
            RECOVERY, np.arange(span.last - round(years * YEAR), span.last + 1)
        )

    def events(self, rng: Rng, people: People) -> Events:
        count = rng.poisson(self._per_patient * people.busy)
        patient = np.repeat(np.arange(len(people)), count)
        day = self._rhythm.roll(rng, len(patient))
        return unmeasured(
            patient, day, self._positions[self._dice.roll(rng, len(patient))]
        )
