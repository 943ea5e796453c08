"""What made-up people are like in the whole: England's, or as a site has released
it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from extractors.trial.dice import Array
from extractors.trial.people import england

MOST_LIKELY = 0.98  # a share of people with a condition, however common it is


@dataclass(frozen=True)
class Shape:
    """How people are spread over ages, sexes and regions, and how many have a
    condition.
    """

    # weights of ages in bands of five years, from 0 to 90 and over
    ages: Sequence[float] = england.AGES
    # weights of `england.SEXES`
    sexes: Sequence[float] = england.SEX_WEIGHTS
    # weights of `england.REGIONS`
    regions: Sequence[float] = england.REGION_WEIGHTS
    # condition -> the share of people who have it on the last day
    conditions: Mapping[str, float] = field(default_factory=dict)

    def factor(self, condition: str, share: Array) -> Array:
        """What the chances of all people are multiplied by, so that as many have it as
        the shape says.
        """
        wanted = self.conditions.get(condition)
        usual = float(share.mean()) if len(share) else 0.0
        if wanted is None or not usual:
            return np.ones_like(share)
        return np.minimum(wanted / usual, MOST_LIKELY / np.maximum(share, 1e-9))


ENGLAND = Shape()
