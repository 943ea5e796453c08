"""People as OMOP's tables have them: who they are, when they are observed, when they
died.
"""

import numpy as np
import pyarrow as pa

from extractors.trial.arrow import Rows, dates, integers
from extractors.trial.days import NEVER
from extractors.trial.dice import Dice, Rng, chance
from extractors.trial.people.draw import People
from extractors.trial.people.spells import close_registrations, draw_spells

SEXES = (8532, 8507, 0, 0)  # concepts for the sexes of `england.SEXES`
RACES = (8527, 8516, 8515, 8657, 0)
RACE_WEIGHTS = (80, 5, 9, 1, 5)
FROM_RECORDS = 32817  # "EHR": what kind of record it is
NOT_KNOWN = 0.03


def person(rng: Rng, people: People) -> Rows:
    n = len(people)
    born = people.born.astype("datetime64[D]")
    year = born.astype("datetime64[Y]").astype(int) + 1970
    month = born.astype("datetime64[M]").astype(int) % 12 + 1
    day = rng.integers(1, 29, n)
    columns = {
        "gender_concept_id": integers(np.asarray(SEXES)[people.sex]),
        "year_of_birth": integers(year),
        "month_of_birth": integers(month, chance(rng, NOT_KNOWN, n)),
        "day_of_birth": integers(day, chance(rng, NOT_KNOWN, n)),
        "date_of_birth": dates(people.born),
        "race_concept_id": integers(np.asarray(RACES)[Dice(RACE_WEIGHTS).roll(rng, n)]),
        "care_site_id": integers(people.practice + 1),
    }
    return Rows(np.arange(n), columns)


def observation_period(rng: Rng, people: People) -> Rows:
    """From the registration of each person to its end, or to the last day of the
    records.
    """
    spells = draw_spells(rng, people, movers=0.05, without=0.01)
    closed = close_registrations(rng, people, spells)
    end = np.minimum(closed, people.seen_until[spells.patient])
    kept = end >= spells.start
    start, end, patient = spells.start[kept], end[kept], spells.patient[kept]
    columns = {
        "observation_period_id": integers(
            people.ids[patient] * 10 + np.arange(len(patient)) % 10
        ),
        "observation_period_start_date": dates(start),
        "observation_period_end_date": dates(end),
        "period_type_concept_id": pa.array(
            np.full(len(patient), FROM_RECORDS), pa.int64()
        ),
    }
    return Rows(patient, columns)


def death(rng: Rng, people: People) -> Rows:
    patient = np.flatnonzero(people.died < NEVER)
    columns = {
        "death_date": dates(people.died[patient]),
        "death_datetime": dates(people.died[patient]),
    }
    return Rows(patient, columns)
