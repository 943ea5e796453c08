"""Numbers around those that a definition compares a column with, so that some lie on
each side.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor, log, log10

import numpy as np

from extractors.trial.dice import Array, Rng

# deviations from the middle to the outermost thresholds: a fifth lies beyond each
BEYOND = 0.8
# of a deviation, as a share of the middle; where there is one threshold it is all there
# is
LEAST = 0.15
# what is the patient's and what is the row's: means of many rows differ nearly as much
OWN, OF_ROW = 0.95, 0.31


@dataclass(frozen=True)
class Spread:
    """A bell around a middle."""

    # of the numbers, or of their logarithms
    middle: float
    # of the same
    deviation: float
    # where all thresholds are above 0, so that no number is below
    logarithmic: bool
    # that a number is rounded to
    decimals: int

    def draw(self, rng: Rng, patient: Array) -> Array:
        """One number per row, given the position of its patient; those of one patient
        are much alike.
        """
        own = rng.standard_normal(int(patient.max(initial=-1)) + 1)[patient]
        place = self.middle + self.deviation * (
            OWN * own + OF_ROW * rng.standard_normal(len(patient))
        )
        return np.round(np.exp(place) if self.logarithmic else place, self.decimals)


def spread_around(thresholds: Iterable[float]) -> Spread | None:
    """From below the least to above the largest; 0 only tells whether something was
    measured at all.
    """
    numbers = [number for number in thresholds if number]
    if not numbers:
        return None
    logarithmic, size = min(numbers) > 0, max(map(abs, numbers))
    low, high = (
        log(end) if logarithmic else end for end in (min(numbers), max(numbers))
    )
    least = LEAST if logarithmic else LEAST * size
    return Spread(
        (low + high) / 2,
        max((high - low) / 2 / BEYOND, least),
        logarithmic,
        _decimals(size),
    )


def _decimals(size: float) -> int:
    """Three digits or more: one decimal of 140, two of 5, four of 0.05."""
    return max(1, 2 - floor(log10(size)))
