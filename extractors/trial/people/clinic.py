"""Facts about what is recorded of whom and when; codes by which a codelist is
recognised.

Prevalences: QOF 2019/20 and the Health Survey for England, rounded, by age. The arms of
NHS @Home have the codes of measures/studies/nhs_at_home/README.md#the-original-study.
Their curves are made up to look like the programme's history, far above the real
numbers, so that small trials have something to show.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from extractors.trial.beginnings import ALWAYS
from extractors.trial.days import Points

Curve = tuple[tuple[float, float], ...]  # (age, value), straight lines between
EVERYBODY: Curve = ((0, 1.0),)
ALIKE = (1.0,) * 5


@dataclass(frozen=True)
class Tilt:
    """How much more or less often than the average a group has something."""

    # the difference between the most and the least deprived (0.5: +25 % to -25 %)
    deprivation: float = 0.0
    # a factor for White, Mixed, Asian, Black, other
    groups: tuple[float, ...] = ALIKE
    # a factor for men, relative to everybody else
    male: float = 1.0
    # a factor for each region; empty: 1 for all
    regions: tuple[float, ...] = (1.0,) * 9


@dataclass(frozen=True)
class Condition:
    """Something a person has from some day on, coded then and at reviews."""

    # as other conditions and activities refer to it
    name: str
    # codes that give it away, the usual ones first
    known: tuple[str, ...]
    # of people who have it, by age
    share: Curve
    # years of age at which it begins at the earliest
    youngest: float = 0.0
    # per person and year
    reviews: float = 0.8
    # how it differs between groups
    tilt: Tilt = Tilt()
    # at which age it begins, as a curve; empty: it follows from `share`
    onset: Points = ()
    # the day before which it never begins
    since: int = ALWAYS
    # a more common condition of which these people are a part
    beside: str = ""


@dataclass(frozen=True)
class Activity:
    """Something that is recorded again and again."""

    # as quantities and vaccinations refer to it
    name: str
    # codes that are recorded on one occasion, the usual ones first
    packs: tuple[tuple[str, ...], ...]
    # times per person and year, at level 1
    rate: float
    # by day: 0.2 in spring 2020 is a fifth of the usual `rate`
    level: Points
    # a factor by age
    age: Curve = EVERYBODY
    # the share of people who ever have it
    users: float = 1.0
    # the share of practices that do it
    practices: float = 1.0
    # how it differs between groups
    tilt: Tilt = Tilt()
    # a condition -> a factor for those who have it
    boost: Mapping[str, float] = field(default_factory=dict)
    # a list that has one of its codes is a list of nothing else
    whole: bool = False
    # whether nothing is recorded of people while they are registered with another
    # practice, as they were before they moved
    nowhere_else: bool = False

    @property
    def known(self) -> tuple[str, ...]:
        return tuple(chain.from_iterable(self.packs))


CONDITIONS = (
    Condition(
        "hypertension",
        (
            "59621000",
            "38341003",
            "1201005",
            "38481006",
            "XE0Ub",
            "G20..",
            "XE0Uc",
            "G2...",
        ),
        (
            (0, 0),
            (25, 0.005),
            (40, 0.05),
            (50, 0.145),
            (60, 0.26),
            (70, 0.385),
            (80, 0.47),
        ),
        youngest=18,
        tilt=Tilt(0.2, (1.0, 0.9, 1.1, 1.3, 0.9)),
    ),
    Condition(
        "diabetes",
        ("X40J5", "44054006", "C10F.", "C109.", "XaELQ", "C10.."),
        (
            (0, 0),
            (25, 0.003),
            (40, 0.022),
            (50, 0.052),
            (60, 0.096),
            (70, 0.14),
            (80, 0.149),
            (100, 0.115),
        ),
        youngest=18,
        tilt=Tilt(0.6, (0.9, 1.1, 2.2, 1.8, 1.2), male=1.3),
    ),
    Condition(
        "asthma",
        ("H33..", "195967001", "H33z.", "H330.", "H333.", "XE0YW"),
        ((0, 0), (4, 0.03), (10, 0.12), (20, 0.16), (40, 0.13), (60, 0.11)),
        youngest=2,
        tilt=Tilt(0.2, (1.05, 1.1, 0.9, 0.8, 0.7)),
    ),
    Condition(
        "copd",
        ("H3...", "13645005", "H3z..", "H32..", "Xa35l"),
        ((0, 0), (40, 0.003), (50, 0.013), (60, 0.036), (70, 0.068), (80, 0.081)),
        youngest=35,
        tilt=Tilt(1.1, (1.1, 0.7, 0.5, 0.4, 0.5)),
    ),
    Condition(
        "atrial_fibrillation",
        ("G5730", "49436004", "G573.", "Xa2E8", "282825002", "440059007"),
        (
            (0, 0),
            (40, 0.0015),
            (50, 0.0055),
            (60, 0.016),
            (70, 0.048),
            (80, 0.104),
            (90, 0.15),
        ),
        youngest=18,
        tilt=Tilt(0.0, (1.05, 0.8, 0.6, 0.5, 0.7), male=1.3),
    ),
    Condition(
        "care_home",
        ("160734000", "394923006", "XaKBo", "13FK.", "13F61"),
        ((0, 0), (60, 0.002), (70, 0.006), (80, 0.03), (90, 0.15), (100, 0.3)),
        youngest=55,
        reviews=0.6,
        tilt=Tilt(0.1, (1.1, 0.6, 0.4, 0.5, 0.5)),
    ),
    Condition(
        "shielding",
        ("1300561000000107",),
        ((0, 0.005), (20, 0.015), (40, 0.025), (60, 0.07), (80, 0.13)),
        reviews=0.1,
        tilt=Tilt(0.4, (1.0, 0.9, 1.2, 1.1, 0.9)),
        onset=(
            ("2020-03-15", 0.0),
            ("2020-04-12", 1.0),
            ("2020-05-20", 0.25),
            ("2020-07-15", 0.02),
            ("2021-01-25", 0.05),
            ("2021-02-15", 0.5),
            ("2021-03-20", 0.03),
            ("2021-09-15", 0.0),
        ),
    ),
)

PULSE_OXIMETRY = (
    "1325191000000108",
    "1325201000000105",
    "1325211000000107",
    "1325271000000102",
    "1325681000000102",
    "1325251000000106",
    "1325281000000100",
    "1325241000000108",
    "1325261000000109",
    "1325221000000101",
    "1325691000000100",
    "1325701000000100",
)
RECOVERY: Points = (
    ("2020-03-09", 1.0),
    ("2020-04-06", 0.4),
    ("2020-06-15", 0.6),
    ("2020-10-01", 0.9),
    ("2020-12-25", 0.75),
    ("2021-01-20", 0.65),
    ("2021-04-15", 0.9),
    ("2021-10-01", 1.02),
    ("2022-01-05", 0.85),
    ("2022-05-01", 1.0),
)
ACTIVITIES = (
    Activity(
        "home_blood_pressure",
        (("413606001", "413605002"), ("314446007", "314461008")),
        rate=0.45,
        level=(
            ("2019-04-01", 0.15),
            ("2020-03-01", 0.2),
            ("2020-04-10", 0.12),
            ("2020-07-01", 0.3),
            ("2020-12-20", 0.7),
            ("2021-01-20", 0.6),
            ("2021-06-01", 1.0),
            ("2021-12-25", 0.95),
            ("2022-06-01", 1.25),
        ),
        age=((0, 0.02), (18, 0.15), (40, 0.6), (50, 1.0), (65, 1.5), (85, 1.2)),
        users=0.22,
        tilt=Tilt(
            -0.5,
            (1.05, 0.9, 0.85, 0.8, 0.7),
            0.95,
            (1.2, 1.0, 0.9, 0.95, 0.85, 1.1, 0.75, 1.15, 1.1),
        ),
        boost={"hypertension": 4.0},
    ),
    Activity(
        "pulse_oximetry",
        tuple((code,) for code in PULSE_OXIMETRY),
        rate=0.5,
        level=(
            ("2020-12-08", 0.0),
            ("2020-12-10", 0.12),
            ("2021-01-15", 1.0),
            ("2021-02-10", 0.6),
            ("2021-03-20", 0.1),
            ("2021-05-20", 0.03),
            ("2021-07-25", 0.2),
            ("2021-10-15", 0.22),
            ("2021-12-10", 0.2),
            ("2022-01-08", 0.5),
            ("2022-02-20", 0.15),
            ("2022-03-28", 0.2),
            ("2022-06-30", 0.03),
        ),
        age=((0, 0.05), (18, 0.4), (40, 0.9), (65, 1.9), (85, 2.4)),
        users=0.3,
        tilt=Tilt(
            0.4,
            (0.95, 1.0, 1.4, 1.2, 1.0),
            1.05,
            (1.1, 1.2, 1.0, 0.9, 1.25, 1.0, 1.3, 0.8, 0.6),
        ),
        boost={"copd": 2.0, "diabetes": 1.5, "shielding": 1.8, "care_home": 1.5},
    ),
    Activity(
        "proactive_care",
        (("934231000000106",),),
        rate=0.5,
        level=(
            ("2020-04-30", 0.12),
            ("2020-05-25", 1.0),
            ("2020-09-01", 0.8),
            ("2021-01-20", 0.5),
            ("2021-06-01", 0.75),
            ("2022-06-01", 0.6),
        ),
        age=((0, 0.05), (40, 0.3), (65, 1.5), (85, 3.5)),
        users=0.3,
        practices=0.35,
        tilt=Tilt(
            0.2,
            (1.05, 0.9, 0.8, 0.9, 0.8),
            0.95,
            (1.4, 0.9, 1.2, 0.8, 1.0, 0.9, 0.6, 1.0, 1.3),
        ),
        boost={"care_home": 3.0, "shielding": 1.5},
    ),
    Activity(
        "online_consultation",
        (
            ("1068881000000101",),
            ("978871000000104",),
            ("325871000000103",),
            ("185320006",),
        ),
        rate=0.5,
        level=(
            ("2018-01-01", 0.04),
            ("2019-12-01", 0.12),
            ("2020-03-02", 0.16),
            ("2020-03-23", 0.95),
            ("2020-05-04", 0.75),
            ("2020-09-01", 1.0),
            ("2020-12-24", 0.8),
            ("2021-01-11", 1.05),
            ("2021-03-31", 1.15),
            ("2022-06-01", 1.0),
        ),
        age=(
            (0, 0.4),
            (16, 0.9),
            (18, 1.5),
            (40, 1.4),
            (55, 1.0),
            (75, 0.55),
            (90, 0.35),
        ),
        users=0.3,
        practices=0.85,
        tilt=Tilt(-0.35, (1.04, 0.95, 0.8, 0.8, 0.85), 0.72),
        boost={"asthma": 1.4},
        whole=True,
        nowhere_else=True,
    ),
    Activity(
        "cholesterol",
        (("1005671000000105",), ("1017161000000104",), ("850981000000101",)),
        rate=0.4,
        level=RECOVERY,
        age=((0, 0.0), (20, 0.3), (45, 1.2), (65, 2.0)),
        boost={"diabetes": 2.0},
    ),
)


def at_age(curve: Curve, age: np.ndarray) -> np.ndarray:
    """The height of a curve at each age."""
    return np.interp(age, [point[0] for point in curve], [point[1] for point in curve])
