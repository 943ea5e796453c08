"""Who the made-up patients are: what every table of them has to agree on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np

from extractors.trial.days import (
    NEVER,
    YEAR,
    Rhythm,
    Span,
    first_of_month,
    levels,
    number,
)
from extractors.trial.dice import Array, Dice, Rng, chance
from extractors.trial.people import england
from extractors.trial.people.clinic import CONDITIONS, Condition, Curve, Tilt, at_age
from extractors.trial.people.practices import Practices
from extractors.trial.people.shape import ENGLAND, Shape

CARE_HOME_MORTALITY = 4.0
BAND = 5  # years of an age band
CARE_HOME = next(each for each in CONDITIONS if each.name == "care_home")
EARLIER_DEATHS = 2 * 365  # some in the records died before the span
LONGEST_LIFE = 105 * 365
AGES = np.arange(0, 106, 0.5)
RISING = 1e-9  # added for each year, so that a curve can be read backwards


@dataclass(frozen=True)
class People:
    """A range of patients, one entry each; days are since 1970."""

    # of the study
    span: Span
    # of all patients, not of this range alone
    practices: Practices
    # of the patients, from 1
    ids: Array
    # the first of a month
    born: Array
    # NEVER for the living
    died: Array
    # an index into the words for it
    sex: Array
    # an index into the practices
    practice: Array
    # an index into the five groups
    ethnicity: Array
    rank: Array  # 0 to 1, the most deprived first
    busy: Array  # how often they are seen, 1 on average
    # condition -> the day on which it began, NEVER for those who do not get it
    onset: Mapping[str, Array]
    # of all their dice: the same patients come of the same seed
    seed: int = 0
    # of the population: ages, regions, groups
    shape: Shape = ENGLAND

    def luck(self, name: str) -> Rng:
        """Random numbers of these people, the same in every table that asks by the same
        name.
        """
        first = int(self.ids[0]) if len(self.ids) else 0
        return np.random.default_rng([self.seed, first, crc32(name.encode())])

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def region(self) -> Array:
        return self.practices.region[self.practice]

    @property
    def seen_until(self) -> Array:
        """The last day on which something can be recorded of them."""
        return np.minimum(self.died, self.span.last)

    def age(self, day: int) -> Array:
        return np.maximum(day - self.born, 0) / YEAR

    def has(self, condition: str) -> Array:
        return self.onset[condition] < NEVER


def draw_people(
    rng: Rng,
    span: Span,
    practices: Practices,
    ids: Array,
    *,
    seed: int = 0,
    shape: Shape = ENGLAND,
) -> People:
    n = len(ids)
    born = draw_births(rng, span, n, shape)
    practice = practices.dice.roll(rng, n)
    region = practices.region[practice]
    rank = rng.random(n) ** england.DEPRIVATION_POWERS[region]
    in_london, elsewhere = Dice(england.LONDON_WEIGHTS), Dice(england.ETHNICITY_WEIGHTS)
    ethnicity = np.where(
        region == england.LONDON, in_london.roll(rng, n), elsewhere.roll(rng, n)
    )
    sex = Dice(shape.sexes).roll(rng, n)
    busy = rng.gamma(2.0, 0.5, n)
    never = np.full(n, NEVER, np.int32)
    young = People(
        span=span,
        practices=practices,
        ids=ids,
        born=born,
        died=never,
        sex=sex,
        practice=practice,
        ethnicity=ethnicity,
        rank=rank,
        busy=busy,
        onset={},
        seed=seed,
        shape=shape,
    )
    onset = {
        condition.name: draw_onset(rng, young, condition) for condition in CONDITIONS
    }
    died = draw_deaths(rng, young, onset["care_home"] < NEVER)
    onset = {name: np.where(day > died, NEVER, day) for name, day in onset.items()}
    return replace(young, died=died, onset=onset)


def draw_births(rng: Rng, span: Span, n: int, shape: Shape = ENGLAND) -> Array:
    """The ages of a shape on the first day of the span, and births while it lasts; the
    first of the month.
    """
    ages = (
        BAND * Dice(_with_the_dead(shape.ages)).roll(rng, n) + BAND * rng.random(n)
    ) * YEAR
    oldest = ages >= 90 * YEAR
    ages[oldest] = 90 * YEAR + rng.exponential(3 * YEAR, int(oldest.sum()))
    before = span.first - np.minimum(ages, LONGEST_LIFE)
    during = span.first + rng.random(n) * (span.last - span.first + 1)
    births = england.BIRTHS_PER_YEAR * span.years
    born = np.where(chance(rng, births / (1 + births), n), during, before)
    return first_of_month(np.floor(born).astype(np.int32))


def _with_the_dead(ages: Sequence[float]) -> Array:
    """Weights of ages that also have those who will have died before the span
    begins.
    """
    middle = BAND * (np.arange(len(ages)) + 0.5)
    return np.asarray(ages) * np.exp(_hazard(middle) * EARLIER_DEATHS / YEAR)


def _hazard(age: Array) -> Array:
    """Deaths per person and year."""
    return np.interp(age, england.HAZARD_AGES, england.HAZARDS)


def draw_deaths(rng: Rng, people: People, frail: Array) -> Array:
    """The day of death, following age and the waves of the pandemic."""
    days = np.arange(people.span.first - EARLIER_DEATHS, people.span.last + 1)
    season = 1 + 0.12 * np.cos(2 * np.pi * (days - number("2019-01-15")) / YEAR)
    toll = season + covid_toll(days)
    age = people.age(people.span.first)
    in_care = at_age(CARE_HOME.share, age)
    # so that all together die as the life tables say
    usual = 1 + (CARE_HOME_MORTALITY - 1) * in_care
    hazard = (
        _hazard(age)
        * np.where(frail, CARE_HOME_MORTALITY, 1.0)
        / usual
        * tilted(people, Tilt(0.5))
    )
    dies = chance(rng, 1 - np.exp(-hazard * toll.sum() / YEAR), len(people))
    day = Dice(toll).roll(rng, len(people)) + days[0]
    return np.where(dies & (day >= people.born), day, NEVER).astype(np.int32)


def covid_toll(days: Array) -> Array:
    """Deaths with COVID-19 on each of the days, in deaths of an ordinary day."""
    return levels(england.COVID_DEATHS, days)


def tilted(people: People, tilt: Tilt) -> Array:
    """The factor by which each of the people is off the average."""
    factor = 1 + tilt.deprivation * (0.5 - people.rank)
    factor *= np.array(tilt.groups)[england.ETHNIC_GROUPS[people.ethnicity]]
    factor *= np.where(people.sex == england.SEXES.index("male"), tilt.male, 1.0)
    return factor * np.array(tilt.regions)[people.region]


def draw_onset(rng: Rng, people: People, condition: Condition) -> Array:
    """The day on which each of the people gets a condition, NEVER for most.

    As many have it at an age in one year as in another: who has it at the end has had
    it since an age at which so many more of the younger ones get it. Of what is newer
    it is any day since then.
    """
    n, last = len(people), people.span.last
    age = people.age(last)
    share = at_age(condition.share, age) * tilted(people, condition.tilt)
    share *= people.shape.factor(condition.name, share)
    if condition.onset:
        days = np.arange(
            number(condition.onset[0][0]), number(condition.onset[-1][0]) + 1
        )
        day = Rhythm(condition.onset, days).roll(rng, n)
    else:
        day = people.born + np.floor(
            _age_of_onset(rng, condition.share, age) * YEAR
        ).astype(np.int32)
    first = np.maximum(people.born + round(condition.youngest * YEAR), condition.since)
    too_early = day < first
    later = first + np.floor(rng.random(n) * np.maximum(last - first, 0))
    day = np.where(too_early, later, day)
    has = chance(rng, share, n) & (day <= last)
    return np.where(has, day, NEVER).astype(np.int32)


def _age_of_onset(rng: Rng, share: Curve, age: Array) -> Array:
    """For a person of an age who has it: the curve, which never falls here, read
    backwards.
    """
    reached = np.maximum.accumulate(at_age(share, AGES)) + RISING * (1 + AGES)
    now = np.interp(age, AGES, reached)
    return np.minimum(np.interp(rng.random(len(age)) * now, reached, AGES), age)
