"""Vaccinations: when each was given, to whom, and how many took it.

COVID-19: NHS England's weekly figures; first doses went down by age from December 2020,
boosters from September 2021. Influenza: UKHSA's seasonal uptake among registered
patients, 2019/20 to 2021/22. Pneumococcus and shingles: UKHSA's coverage reports. Dates
and shares are rounded.
"""

from typing import NamedTuple

import numpy as np

from extractors.trial.days import NEVER, YEAR, number
from extractors.trial.dice import Array, chance
from extractors.trial.people.clinic import Curve, Tilt, at_age
from extractors.trial.people.draw import People, tilted

COVID, INFLUENZA, PNEUMOCOCCUS, SHINGLES = (
    "covid",
    "influenza",
    "pneumococcus",
    "shingles",
)
FIRST_COVID = number("2020-12-08")
FIRST_BOOSTER = number("2021-09-16")

# The day of the middle first dose at an age (days after 8 December 2020), and who had
# one.
AT_AGE: Curve = (
    (5, 500),
    (11.9, 490),
    (12, 300),
    (15.9, 295),
    (16, 250),
    (17.9, 245),
    (18, 197),
    (24, 190),
    (30, 175),
    (35, 167),
    (40, 150),
    (45, 132),
    (50, 100),
    (55, 88),
    (60, 79),
    (65, 66),
    (70, 51),
    (75, 44),
    (80, 32),
    (90, 29),
)
FIRST_DOSE: Curve = (
    (4.9, 0.0),
    (5, 0.1),
    (11.9, 0.1),
    (12, 0.5),
    (15.9, 0.52),
    (16, 0.68),
    (18, 0.77),
    (30, 0.82),
    (40, 0.88),
    (50, 0.92),
    (60, 0.95),
    (70, 0.97),
    (90, 0.97),
)
# of those with a first
SECOND_DOSE: Curve = (
    (12, 0.0),
    (13, 0.75),
    (18, 0.93),
    (40, 0.96),
    (60, 0.985),
    (90, 0.985),
)
BOOSTER: Curve = (
    (16, 0.0),
    (18, 0.5),
    (30, 0.6),
    (40, 0.7),
    (50, 0.84),
    (60, 0.91),
    (70, 0.95),
    (90, 0.95),
)
# fewer take it where people are deprived
UNEQUAL = Tilt(-0.22, (1.02, 0.86, 0.93, 0.78, 0.86))
# of the younger ones were ill or cared for others, and came in February
AT_RISK, AT_RISK_DAY = 0.22, 72
COVID_AGE = number("2021-03-31")  # the day on which an age counts
SEASON: Curve = (
    (1.9, 0.0),
    (2, 0.44),
    (4, 0.55),
    (10, 0.6),
    (16, 0.1),
    (20, 0.07),
    (40, 0.12),
    (50, 0.35),
    (64, 0.45),
    (65, 0.72),
    (75, 0.82),
    (95, 0.78),
)
SEASONS = range(1995, 2061)
LOYAL = 0.8  # of people decide as in other years
COVID_CODES = (
    ("1324681000000101", "840534001", "1240491000000103"), ("1324691000000104",), ("1362591000000103",)
)  # fmt: skip  # first, second dose, booster
CODES = {
    INFLUENZA: (
        "822851000000102",
        "86198006",
        "884861000000100",
        "985151000000100",
        "65ED.",
        "Xaa9G",
        "XaZ0d",
    ),
    PNEUMOCOCCUS: ("12866006", "310578008", "6572.", "65720"),
    SHINGLES: ("859641000000109", "722215002", "65FY."),
}
PRODUCTS = {
    COVID: (
        "COVID-19 mRNA Vaccine Comirnaty 30micrograms/0.3ml dose conc for susp for "
        "inj MDV (Pfizer)",
        "COVID-19 Vaccine Vaxzevria 0.5ml inj multidose vials (AstraZeneca)",
        "COVID-19 mRNA Vaccine Spikevax (nucleoside modified) 0.1mg/0.5mL dose disp "
        "for inj MDV (Moderna)",
    ),
    INFLUENZA: (
        "Influenza vaccine (split virion, inactivated)",
        "Fluenz Tetra vaccine nasal suspension",
    ),
    PNEUMOCOCCUS: ("Pneumovax 23 vaccine",),
    SHINGLES: ("Zostavax vaccine powder",),
}
DISEASES = {
    COVID: "SARS-2 CORONAVIRUS",
    INFLUENZA: "INFLUENZA",
    PNEUMOCOCCUS: "PNEUMOCOCCAL",
    SHINGLES: "SHINGLES",
}
SHINGLES_BEGAN = number("2013-09-01")


class Doses(NamedTuple):
    """Positions of patients, and days, in any order; within the people's lives and the
    span.
    """

    patient: Array
    day: Array


def doses_of(people: People, vaccine: str) -> Doses:
    """All doses of a vaccine that these people had; the same whichever table asks."""
    if vaccine == COVID:
        parts = [covid_dose(people, number) for number in range(len(COVID_CODES))]
        return Doses(*(np.concatenate(each) for each in zip(*parts, strict=True)))
    if vaccine == INFLUENZA:
        return _influenza(people)
    age, began, share = (
        (65, 0, 0.69) if vaccine == PNEUMOCOCCUS else (70, SHINGLES_BEGAN, 0.6)
    )
    return _once(people, vaccine, age, began, share)


def covid_dose(people: People, nth: int) -> Doses:
    """First dose (0), second dose (1) or the first booster (2)."""
    rng = people.luck("covid vaccine")
    n, age = len(people), people.age(COVID_AGE)
    lot = rng.random((3, n))
    taken = lot[0] < np.minimum(at_age(FIRST_DOSE, age) * tilted(people, UNEQUAL), 0.97)
    late = np.where(
        chance(rng, np.where(age < 65, 0.15, 0.05), n), rng.exponential(60.0, n), 0.0
    )
    usual = at_age(AT_AGE, age)
    at_risk = chance(rng, AT_RISK, n) & (age >= 18)
    usual = np.where(at_risk, np.minimum(usual, AT_RISK_DAY), usual)
    first = FIRST_COVID + usual + 11.0 * rng.standard_normal(n) + late
    first = np.maximum(first, FIRST_COVID + 14 * rng.random(n))
    gap = np.where(age < 40, 60, 76) + 6.0 * rng.standard_normal(n)
    second = first + np.maximum(gap, 21)
    wait = np.where(age >= 50, 185, 130) + 12.0 * rng.standard_normal(n)
    booster = np.maximum(
        second + np.maximum(wait, 91), FIRST_BOOSTER + 20 * rng.random(n)
    )
    day = (first, second, booster)[nth]
    if nth >= 1:
        taken &= lot[1] < at_age(SECOND_DOSE, age)
    if nth == 2:
        taken &= lot[2] < at_age(BOOSTER, age)
    return _lived(people, np.flatnonzero(taken), np.floor(day[taken]).astype(np.int32))


def _influenza(people: People) -> Doses:
    """From September to January; mostly the same people each time."""
    rng, n = people.luck("influenza vaccine"), len(people)
    own = rng.random(n)
    patients, days = [], []
    for year in SEASONS:
        begins = number(f"{year}-09-01")
        if not people.span.first - round(5 * YEAR) <= begins <= people.span.last:
            continue
        season = people.luck(f"influenza vaccine {year}")
        fickle = np.where(chance(season, LOYAL, n), own, season.random(n))
        who = np.flatnonzero(fickle < at_age(SEASON, people.age(begins)))
        day = begins + np.minimum(8 + season.gamma(3.0, 14.0, len(who)), 170)
        patients.append(who)
        days.append(np.floor(day).astype(np.int32))
    none = np.empty(0, np.int64)
    return _lived(
        people,
        np.concatenate([none, *patients]),
        np.concatenate([none.astype(np.int32), *days]),
    )


def _once(people: People, vaccine: str, age: float, began: int, share: float) -> Doses:
    """Once in a life, soon after an age, not before it existed."""
    rng, n = people.luck(f"{vaccine} vaccine"), len(people)
    due = np.maximum(people.born + round(age * YEAR), began)
    day = np.floor(due + rng.exponential(0.8 * YEAR, n)).astype(np.int32)
    taken = np.flatnonzero(rng.random(n) < share)
    return _lived(people, taken, day[taken])


def _lived(people: People, patient: Array, day: Array) -> Doses:
    kept = (
        (day >= people.born[patient])
        & (day <= people.seen_until[patient])
        & (day < NEVER)
    )
    return Doses(patient[kept], day[kept])
