"""Intervals of counts that are known within a range, because a release rounds them.

The interval is the union of the ordinary intervals of every pair of true counts that
the release allows. Ends grow with the numerator and fall with the denominator, so two
corners are enough; tests compare them with all pairs. The union covers the true rate at
least as often as it says.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from measures.statistics.normal import NOMINAL
from measures.statistics.proportions import wilson
from measures.statistics.rates import exact, rate_interval

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Range:
    """Counts that are known to lie between two ends; arrays of one shape."""

    # the smallest that the true count can be
    at_least: Floats
    # the largest
    at_most: Floats

    @classmethod
    def of(cls, at_least: ArrayLike, at_most: ArrayLike) -> "Range":
        """Raises ValueError where an end is on the wrong side of the other."""
        low = np.asarray(at_least, np.float64)
        high = np.asarray(at_most, np.float64)
        if np.any(low > high):
            raise ValueError("a range's lower end lies above its upper end")
        return cls(low, high)


def proportion_union(
    numerator: Range, denominator: Range, confidence: float = NOMINAL
) -> tuple[Floats, Floats]:
    """Wilson's interval over all true counts of a part and its whole.

    A part is never more than its whole, so pairs beyond that are left out. Raises
    ValueError for a denominator that may be 0.
    """
    least = np.maximum(numerator.at_least, 0)
    most = np.minimum(numerator.at_most, denominator.at_least)
    # where the numerator's largest reaches the denominator, everybody may be in it
    low, _ = wilson(
        np.minimum(least, denominator.at_most), denominator.at_most, confidence
    )
    _, high = wilson(most, denominator.at_least, confidence)
    return low, high


def rate_union(
    numerator: Range, denominator: Range, confidence: float = NOMINAL
) -> tuple[Floats, Floats]:
    """The interval of events by people or time over all true counts of both.

    Raises ValueError for a denominator that may be 0.
    """
    least = np.maximum(numerator.at_least, 0)
    low, _ = rate_interval(least, denominator.at_most, confidence)
    _, high = rate_interval(numerator.at_most, denominator.at_least, confidence)
    return low, high


def exact_rate_union(
    numerator: Range, denominator: Range, confidence: float = NOMINAL
) -> tuple[Floats, Floats]:
    """As `rate_union`, of exact intervals however many events there are, as OHDSI's
    tools have them.

    Raises ValueError for a denominator that may be 0.

    >>> ends = exact_rate_union(Range.of(20, 20), Range.of(1000, 1000))
    >>> [round(float(end), 6) for end in ends]
    [0.012217, 0.030888]
    """
    if np.any(denominator.at_least <= 0):
        raise ValueError("a rate needs a denominator above 0")
    low, _ = exact(np.maximum(numerator.at_least, 0), confidence)
    _, high = exact(numerator.at_most, confidence)
    return low / denominator.at_most, high / denominator.at_least
