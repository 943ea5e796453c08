"""The practices of made-up England: how many there are, where, and how large."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from extractors.trial.days import number
from extractors.trial.dice import Array, Dice, Rng
from extractors.trial.people import england

LIST_SIZE = 9_500  # registered people of a practice in England (NHS Digital, 2022)
MANY_PEOPLE = 20_000  # from so many on there are enough practices for deciles
ENOUGH_PRACTICES = 112  # deciles want 100 of which a rate is known
FEWEST_PRACTICES = 12
# people to expect in the smallest practice; some die and some move, 120 are left
SMALLEST = 172
LEAST_SPREAD = 0.02  # of all people are shared out unevenly, however few they are
DEVIATION = 0.5  # of the logarithm of the sizes of lists
STPS_PER_REGION = 5


@dataclass(frozen=True)
class Practices:
    """One entry for each practice."""

    # an index into the nine regions
    region: Array
    # the number of its STP
    stp: Array
    # the day its system started
    go_live: Array
    # 0 to 1; the keenest do what few practices do
    keen: Array
    # rolls the practice of a patient; large ones come up more often
    dice: Dice


def practice_count(patients: int) -> int:
    """Lists of England's size, but enough of them for deciles where there are people
    enough.
    """
    if patients >= MANY_PEOPLE:
        return max(ENOUGH_PRACTICES, patients // LIST_SIZE)
    return max(FEWEST_PRACTICES, patients * ENOUGH_PRACTICES // MANY_PEOPLE)


def found_practices(
    rng: Rng, patients: int, region_weights: Sequence[float] = england.REGION_WEIGHTS
) -> Practices:
    """As many as `practice_count` says; every region has one at least, and its share of
    the people.
    """
    count = practice_count(patients)
    weights = np.asarray(region_weights, float)
    weights = weights / weights.sum()
    region = np.repeat(np.arange(len(weights)), _shared_out(count, weights))
    size = _sizes(rng, patients, count)
    in_region = np.bincount(region, weights=size, minlength=len(weights))
    share = weights[region] * size / in_region[region]
    stp = STPS_PER_REGION * (1 + region) + rng.integers(0, STPS_PER_REGION, count)
    go_live = number("2006-01-01") + rng.integers(0, 10 * 365, count)
    return Practices(
        region=region,
        stp=stp,
        go_live=go_live,
        keen=rng.permutation(count) / count,
        dice=Dice(share),
    )


def _sizes(rng: Rng, patients: int, count: int) -> Array:
    """The least that each practice has, and what is left shared out unevenly."""
    smallest = min(SMALLEST, 0.8 * patients / count)
    left = max(patients - count * smallest, LEAST_SPREAD * patients, 1.0)
    uneven = rng.lognormal(0.0, DEVIATION, count)
    return smallest + left * uneven / uneven.sum()


def _shared_out(count: int, weights: Array) -> Array:
    """How many of `count` each region gets: one, and the others by the largest
    remainders.
    """
    wanted = np.maximum(weights * count, 1.0)
    wanted *= count / wanted.sum()
    given = np.maximum(np.floor(wanted), 1).astype(int)
    while given.sum() < count:
        given[np.argmax(wanted / (given + 0.5))] += 1
    while given.sum() > count:
        given[np.argmin(np.where(given > 1, wanted / given, np.inf))] -= 1
    return given
