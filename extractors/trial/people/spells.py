"""Stretches of time that follow each other: where a person is registered, where they
live.
"""

from typing import NamedTuple

import numpy as np
import pyarrow as pa

from extractors.trial.arrow import Rows, booleans, dates, integers, ordinals, words
from extractors.trial.days import NEVER, YEAR
from extractors.trial.dice import Array, Dice, Rng, between, chance
from extractors.trial.people import england, persons
from extractors.trial.people.draw import People

LOOK_BACK = round(4 * YEAR)  # moves happen from so long before the span
EARLIEST = -200_000  # a day before all others, so that days count from 0
AREAS_PER_REGION = 750  # MSOAs; England has 6,791


class Spells(NamedTuple):
    """One row per patient and spell, in time; `last` says whether it is the patient's
    last.
    """

    patient: Array
    start: Array
    end: Array
    last: Array


def draw_spells(rng: Rng, people: People, *, movers: float, without: float) -> Spells:
    """Spells of which a share of people has two or three and a share has none."""
    n, span = len(people), people.span
    long_ago = span.first - LOOK_BACK - rng.exponential(10 * YEAR, n)
    start = np.where(
        chance(rng, 0.5, n), people.born, np.maximum(people.born, long_ago)
    ).astype(np.int32)
    moves = np.sort(
        between(rng, span.first - LOOK_BACK, span.last, 2 * n).reshape(n, 2), axis=1
    )
    count = 1 + Dice((1 - movers, 0.8 * movers, 0.2 * movers)).roll(rng, n)
    count[moves[:, 0] <= start] = 1
    count[chance(rng, without, n)] = 0
    starts = np.column_stack([start, moves])
    patient = np.repeat(np.arange(n), count)
    nth = ordinals(patient)
    last = nth == count[patient] - 1
    following = starts[patient, np.minimum(nth + 1, 2)]
    began = starts[patient, nth]
    end = np.where(
        last, NEVER, np.maximum(began, following - draw_gaps(rng, len(patient)))
    )
    lived = began <= people.died[patient]
    return Spells(patient[lived], began[lived], end[lived], last[lived])


def draw_gaps(rng: Rng, n: int) -> Array:
    """Days from the end of a spell to the next start: mostly 0 or 1, some long, some
    overlapping.
    """
    usual = rng.integers(0, 2, n)
    long = between(rng, 2, 200, n)
    overlap = -between(rng, 1, 60, n)
    kind = Dice((0.89, 0.08, 0.03)).roll(rng, n)
    return np.choose(kind, [usual, long, overlap])


def draw_registrations(rng: Rng, people: People) -> tuple[Spells, Array]:
    """Spells, and the position of the practice of each."""
    spells = draw_spells(rng, people, movers=0.14, without=0.01)
    return spells, draw_practice(rng, people, spells)


def practices_on(people: People, patient: Array, day: Array) -> Array:
    """With which practice people are registered on days: of several the last, before
    all of them their own.

    Their table of registrations says the same, since it is drawn from the same luck.
    """
    spells, practice = draw_registrations(people.luck("practice_registrations"), people)
    own = people.practice[patient]
    if not len(practice):
        return own
    began = _in_order(spells.patient, spells.start)
    found = np.searchsorted(began, _in_order(patient, day), side="right") - 1
    found = np.maximum(found, 0)
    return np.where(spells.patient[found] == patient, practice[found], own)


def _in_order(patient: Array, day: Array) -> Array:
    """Numbers that rise with the patient, and with the day of one patient."""
    return (patient.astype(np.int64) << 22) + (day.astype(np.int64) - EARLIEST)


def practice_registrations(rng: Rng, people: People) -> Rows:
    spells, practice = draw_registrations(rng, people)
    practices = people.practices
    columns = {
        "start_date": dates(spells.start),
        "end_date": dates(close_registrations(rng, people, spells)),
        "practice_pseudo_id": integers(practice + 1),
        "practice_stp": words(
            practices.stp[practice], [f"E540000{number:02d}" for number in range(100)]
        ),
        "practice_nuts1_region_name": words(
            practices.region[practice], england.REGIONS
        ),
        "practice_systmone_go_live_date": dates(practices.go_live[practice]),
    }
    return Rows(spells.patient, columns)


def registered_patients(rng: Rng, people: People) -> Rows:
    """Patients as EMIS has them: with their one registration, and where they live."""
    spells = draw_spells(rng, people, movers=0.0, without=0.01)
    began = np.full(len(people), NEVER, np.int32)
    ended = began.copy()
    began[spells.patient] = spells.start
    ended[spells.patient] = close_registrations(rng, people, spells)
    names = [str(number + 1) for number in range(len(people.practices.region))]
    known = persons.patients(rng, people)
    columns = {
        "registration_start_date": dates(began),
        "registration_end_date": dates(ended),
        "practice_pseudo_id": words(people.practice, names),
        "rural_urban_classification": draw_settlement(rng, people.region),
        "imd_rounded": draw_deprivation(rng, people.rank),
    }
    return Rows(known.patient, {**known.columns, **columns})


def draw_settlement(rng: Rng, region: Array) -> pa.Array:
    """From 1, a conurbation, to 8, a hamlet; London has no countryside."""
    n = len(region)
    settlement = np.where(
        region == england.LONDON, 0, Dice((33, 4, 40, 1, 9, 1, 10, 2)).roll(rng, n)
    )
    return integers(settlement + 1, chance(rng, 0.02, n))


def draw_deprivation(rng: Rng, rank: Array) -> pa.Array:
    """The rank of the small area, to the nearest hundred; of a few it is not known."""
    imd = rank * england.IMD_RANKS
    return integers(
        np.minimum(np.rint(imd / 100) * 100, 32_800), chance(rng, 0.02, len(rank))
    )


def draw_practice(rng: Rng, people: People, spells: Spells) -> Array:
    """The last one is the patient's own; those before are anywhere, but often in the
    same region.
    """
    own = people.practice[spells.patient]
    other = people.practices.dice.roll(rng, len(own))
    region = people.practices.region
    stays = spells.last | ((region[other] != region[own]) & chance(rng, 0.7, len(own)))
    return np.where(stays, own, other)


def close_registrations(rng: Rng, people: People, spells: Spells) -> Array:
    """Most registrations of the dead are ended within a month; a few people leave the
    country.
    """
    n, span = len(spells.patient), people.span
    died = people.died[spells.patient]
    after_death = died + between(rng, 0, 30, n)
    left = between(rng, span.first, span.last, n)
    leaves = spells.last & chance(rng, 0.02, n) & (left > spells.start) & (left < died)
    ended = spells.last & (died < NEVER) & chance(rng, 0.7, n)
    return np.select([leaves, ended], [left, after_death], spells.end)


def addresses(rng: Rng, people: People) -> Rows:
    spells = draw_spells(rng, people, movers=0.25, without=0.03)
    patient, n = spells.patient, len(spells.patient)
    region = people.region[patient]
    drift = np.where(spells.last, 0.0, rng.normal(0.0, 0.2, n))
    imd = np.clip(people.rank[patient] + drift, 0, 1) * england.IMD_RANKS
    cared_for = (
        people.onset["care_home"][patient] <= people.seen_until[patient]
    ) & spells.last
    found = cared_for & chance(rng, 0.9, n)
    nursing = chance(rng, 0.45, n)
    area = AREAS_PER_REGION * region + between(rng, 0, AREAS_PER_REGION - 1, n)
    settlement = np.where(
        region == england.LONDON, 0, Dice((33, 4, 40, 1, 9, 1, 10, 2)).roll(rng, n)
    )
    columns = {
        "address_id": integers(people.ids[patient] * 4 + ordinals(patient)),
        "start_date": dates(spells.start),
        "end_date": dates(spells.end),
        "address_type": integers(np.array([0, 1, 3])[Dice((92, 5, 3)).roll(rng, n)]),
        "rural_urban_classification": integers(settlement + 1, chance(rng, 0.02, n)),
        "imd_rounded": integers(
            np.minimum(np.rint(imd / 100) * 100, 32_800), chance(rng, 0.02, n)
        ),
        "msoa_code": words(np.where(chance(rng, 0.02, n), -1, area), AREAS),
        "has_postcode": booleans(chance(rng, 0.97, n)),
        "care_home_is_potential_match": booleans(found),
        "care_home_requires_nursing": booleans(found & nursing),
        "care_home_does_not_require_nursing": booleans(found & ~nursing),
    }
    return Rows(patient, columns)


AREAS = [f"E020{number:05d}" for number in range(1, 9 * AREAS_PER_REGION + 1)]
