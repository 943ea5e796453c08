"""Who smokes, and the codes that say so.

Shares: Annual Population Survey 2019 (current: 14 % of adults) and Health Survey for
England 2019, by age, rounded.
"""

import numpy as np

from extractors.trial.days import YEAR
from extractors.trial.dice import Array
from extractors.trial.people.clinic import Curve, Tilt, at_age
from extractors.trial.people.draw import People, tilted

NEVER_SMOKED, EX_SMOKER, SMOKER = range(3)
SMOKES: Curve = (
    (14, 0.0),
    (18, 0.14),
    (25, 0.19),
    (35, 0.18),
    (50, 0.15),
    (65, 0.11),
    (80, 0.05),
    (95, 0.02),
)
SMOKED: Curve = ((18, 0.01), (30, 0.14), (45, 0.24), (60, 0.33), (75, 0.43), (90, 0.42))
TILT = Tilt(1.0, (1.05, 1.2, 0.6, 0.65, 0.9), male=1.25)
CODES = {
    NEVER_SMOKED: ("266919005", "8392000", "221000119102", "XE0oh", "1371.", "137L."),
    EX_SMOKER: ("8517006", "160617001", "281018007", "Ub1na", "137S.", "137K."),
    SMOKER: (
        "77176002",
        "65568007",
        "230060001",
        "56578002",
        "56771006",
        "160603005",
        "59978006",
        "137R.",
        "137P.",
        "1372.",
        "1373.",
        "1374.",
        "1375.",
    ),
}
STATUS_OF: dict[str, int] = {}
for _status, _codes in CODES.items():
    STATUS_OF |= dict.fromkeys(_codes, _status)


def statuses(people: People) -> Array:
    """Of each of the people, for life: the few who change are not worth their cost."""
    age = people.age(people.span.middle)
    smokes = at_age(SMOKES, age) * tilted(people, TILT)
    smoked = at_age(SMOKED, age)
    lot = people.luck("smoking").random(len(people))
    return np.select(
        [lot < smokes, lot < smokes + smoked], [SMOKER, EX_SMOKER], NEVER_SMOKED
    )


def asked_since(people: People) -> Array:
    """The first day on which each of the people may be asked."""
    return people.born + round(16 * YEAR)
