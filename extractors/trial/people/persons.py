"""Tables with at most one row per patient: who they are, and of what they died."""

import numpy as np

from extractors.trial.arrow import Rows, dates, words
from extractors.trial.days import NEVER
from extractors.trial.dice import Array, Dice, Rng, between, chance
from extractors.trial.people import england
from extractors.trial.people.draw import People, covid_toll

CAUSES_AT_MOST = 15
CODES_OF_DEATH = (*england.CAUSES, england.COVID)


def patients(rng: Rng, people: People) -> Rows:
    columns = {
        "date_of_birth": dates(people.born),
        "sex": words(people.sex, england.SEXES),
        "date_of_death": dates(people.died),
    }
    return Rows(np.arange(len(people)), columns)


def ethnicity_from_sus(rng: Rng, people: People) -> Rows:
    """Six in ten have been in hospital; a few are recorded there as something else."""
    patient = np.flatnonzero(chance(rng, 0.6, len(people)))
    mistaken = rng.integers(0, len(england.ETHNICITIES), len(patient))
    wrong = chance(rng, 0.06, len(patient))
    letter = np.where(wrong, mistaken, people.ethnicity[patient])
    return Rows(patient, {"code": words(letter, england.ETHNICITIES)})


def ons_deaths(rng: Rng, people: People) -> Rows:
    """Nearly all deaths, a few of them registered some days off; one to five causes."""
    patient = np.flatnonzero((people.died < NEVER) & chance(rng, 0.985, len(people)))
    n, died = len(patient), people.died[patient]
    off = np.where(chance(rng, 0.03, n), between(rng, -4, 4, n), 0)
    underlying = draw_causes(rng, died)
    count = between(rng, 1, 5, n)
    columns = {
        "date": dates(np.maximum(died + off, people.born[patient])),
        "underlying_cause_of_death": words(underlying, CODES_OF_DEATH),
        "place": words(Dice(england.PLACE_WEIGHTS).roll(rng, n), england.PLACES),
    }
    for position in range(CAUSES_AT_MOST):
        cause = underlying if position == 0 else draw_causes(rng, died)
        columns[f"cause_of_death_{position + 1:02d}"] = words(
            np.where(position < count, cause, -1), CODES_OF_DEATH
        )
    return Rows(patient, columns)


def draw_causes(rng: Rng, died: Array) -> Array:
    """COVID-19 in as many as the wave of the day brought beyond an ordinary day's
    deaths.
    """
    n = len(died)
    toll = covid_toll(died)
    ordinary = Dice(england.CAUSE_WEIGHTS).roll(rng, n)
    return np.where(
        chance(rng, toll / (1 + toll), n), CODES_OF_DEATH.index(england.COVID), ordinary
    )
