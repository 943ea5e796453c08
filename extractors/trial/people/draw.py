"""Who the made-up patients are: what every table of them has to agree on."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from extractors.trial.days import NEVER, YEAR, Rhythm, Span, first_of_month, levels, number
from extractors.trial.dice import Array, Dice, Rng, chance
from extractors.trial.people import england
from extractors.trial.people.clinic import CONDITIONS, Condition, Tilt, at_age

PATIENTS_PER_PRACTICE = 8_000
FEWEST_PRACTICES = 12
CARE_HOME_MORTALITY = 4.0
EARLIER_DEATHS = 2 * 365  # some in the records died before the span
LONGEST_LIFE = 105 * 365


@dataclass(frozen=True)
class Practices:
    """One entry per practice: its region, its STP's number, the day its system started, how keen it is."""

    region: Array
    stp: Array
    go_live: Array
    keen: Array  # 0 to 1; the keenest do what few practices do
    dice: Dice


def found_practices(rng: Rng, patients: int) -> Practices:
    """About one practice per 8,000 patients, every region having one at least."""
    count = max(FEWEST_PRACTICES, patients // PATIENTS_PER_PRACTICE)
    nine = np.arange(9)
    region = np.concatenate([nine, Dice(england.REGION_WEIGHTS).roll(rng, count - 9)])
    size = rng.lognormal(0.0, 0.4, count)
    in_region = np.bincount(region, weights=size, minlength=9)
    share = np.asarray(england.REGION_WEIGHTS)[region] * size / in_region[region]
    stp = 5 + 5 * region + rng.integers(0, 5, count)
    go_live = number("2006-01-01") + rng.integers(0, 10 * 365, count)
    return Practices(
        region=region,
        stp=stp,
        go_live=go_live,
        keen=rng.permutation(count) / count,
        dice=Dice(share),
    )


@dataclass(frozen=True)
class People:
    """A range of patients; days since 1970, NEVER for the living and for conditions they do not get."""

    span: Span
    practices: Practices
    ids: Array
    born: Array
    died: Array
    sex: Array
    practice: Array
    ethnicity: Array
    rank: Array  # 0 to 1, the most deprived first
    busy: Array  # how often they are seen, 1 on average
    onset: Mapping[str, Array]

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


def draw_people(rng: Rng, span: Span, practices: Practices, ids: Array) -> People:
    n = len(ids)
    born = draw_births(rng, span, n)
    practice = practices.dice.roll(rng, n)
    region = practices.region[practice]
    rank = rng.random(n) ** england.DEPRIVATION_POWERS[region]
    in_london, elsewhere = Dice(england.LONDON_WEIGHTS), Dice(england.ETHNICITY_WEIGHTS)
    ethnicity = np.where(region == england.LONDON, in_london.roll(rng, n), elsewhere.roll(rng, n))
    sex = Dice(england.SEX_WEIGHTS).roll(rng, n)
    busy = rng.gamma(2.0, 0.5, n)
    nobody = np.full(n, NEVER, np.int32)
    young = People(
        span=span,
        practices=practices,
        ids=ids,
        born=born,
        died=nobody,
        sex=sex,
        practice=practice,
        ethnicity=ethnicity,
        rank=rank,
        busy=busy,
        onset={},
    )
    onset = {condition.name: draw_onset(rng, young, condition) for condition in CONDITIONS}
    died = draw_deaths(rng, young, onset["care_home"] < NEVER)
    onset = {name: np.where(day > died, NEVER, day) for name, day in onset.items()}
    return replace(young, died=died, onset=onset)


def draw_births(rng: Rng, span: Span, n: int) -> Array:
    """England's ages on the first day of the span, and births while it lasts; the first of the month."""
    ages = (5 * Dice(england.AGES).roll(rng, n) + 5 * rng.random(n)) * YEAR
    oldest = ages >= 90 * YEAR
    ages[oldest] = 90 * YEAR + rng.exponential(3 * YEAR, int(oldest.sum()))
    before = span.first - np.minimum(ages, LONGEST_LIFE)
    during = span.first + rng.random(n) * (span.last - span.first + 1)
    births = england.BIRTHS_PER_YEAR * span.years
    born = np.where(chance(rng, births / (1 + births), n), during, before)
    return first_of_month(np.floor(born).astype(np.int32))


def draw_deaths(rng: Rng, people: People, frail: Array) -> Array:
    """The day of death, following age and the waves of the pandemic."""
    days = np.arange(people.span.first - EARLIER_DEATHS, people.span.last + 1)
    season = 1 + 0.12 * np.cos(2 * np.pi * (days - number("2019-01-15")) / YEAR)
    toll = season + covid_toll(days)
    hazard = np.interp(people.age(people.span.first), england.HAZARD_AGES, england.HAZARDS)
    hazard *= np.where(frail, CARE_HOME_MORTALITY, 1.0) * tilted(people, Tilt(0.5))
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
    """The day on which each of the people gets a condition, NEVER for most."""
    n, last = len(people), people.span.last
    share = at_age(condition.share, people.age(last)) * tilted(people, condition.tilt)
    if condition.onset:
        days = np.arange(number(condition.onset[0][0]), number(condition.onset[-1][0]) + 1)
        day = Rhythm(condition.onset, days).roll(rng, n)
    else:
        day = last - np.floor(rng.exponential(condition.years * YEAR, n)).astype(np.int32)
    earliest = people.born + round(condition.youngest * YEAR)
    too_early = day < earliest
    later = earliest + np.floor(rng.random(n) * np.maximum(last - earliest, 0))
    day = np.where(too_early, later, day)
    has = chance(rng, share, n) & (day <= last)
    return np.where(has, day, NEVER).astype(np.int32)
