"""How a rate compares with a baseline: as a ratio, as a difference, in words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from measures.statistics.normal import NOMINAL, z_of
from measures.statistics.proportions import wilson
from measures.statistics.unions import Range

Floats = NDArray[np.float64]

# Classes of the service-restoration papers: a change within 15 % is none.
MARGIN = 0.15
NO_CHANGE = "no change"
INCREASE = "increase"
SUSTAINED_DROP = "sustained drop"
RECOVERY = "recovery"
UNCERTAIN = "uncertain"


@dataclass(frozen=True, eq=False)
class Compared:
    """A rate now and at the baseline; arrays of one shape."""

    # how many are counted now
    count: ArrayLike
    # of how many
    of: ArrayLike
    # how many were counted at the baseline
    count_then: ArrayLike
    # of how many
    of_then: ArrayLike


def ratio_interval(
    compared: Compared, confidence: float = NOMINAL, *, events: bool = False
) -> tuple[Floats, Floats, Floats]:
    """The ratio of two rates and its interval, by the normal approximation of its
    logarithm.

    Source: Katz et al., Biometrics 1978; 34: 469-474; with `events` (Poisson counts)
    the terms of the denominators drop out. The two rates count as independent; where
    most people are in both, the interval is approximate and usually too wide. Raises
    ValueError for a count of 0.

    >>> ratio_interval(Compared(20, 1000, 20, 1000))
    (array(1.), array(0.54141685), array(1.84700568))
    """
    x1, n1, x0, n0 = _positive(compared)
    ratio = (x1 / n1) / (x0 / n0)
    spread = 1 / x1 + 1 / x0
    if not events:
        spread = spread - 1 / n1 - 1 / n0
    error = z_of(confidence) * np.sqrt(np.maximum(spread, 0))
    return ratio, ratio * np.exp(-error), ratio * np.exp(error)


def ratio_range(
    now: tuple[Range, Range], then: tuple[Range, Range]
) -> tuple[Floats, Floats]:
    """The certain range of the ratio of two rates, from the ranges of their counts.

    `now`, `then`: numerator and denominator. Raises ValueError where a count may be 0.
    """
    least, most = _corners(now, then)
    ends = []
    for corner in (least, most):
        x1, n1, x0, n0 = _positive(corner)
        ends.append((x1 / n1) / (x0 / n0))
    return ends[0], ends[1]


def ratio_union(
    now: tuple[Range, Range],
    then: tuple[Range, Range],
    confidence: float = NOMINAL,
    *,
    events: bool = False,
) -> tuple[Floats, Floats]:
    """The interval of the ratio over all true counts; its ends lie at two corners.

    The ends rise with the count now and fall with the baseline's while that is above
    (z/2)², which is 0.96. Raises ValueError where a count may be 0.
    """
    least, most = _corners(now, then)
    _, low, _ = ratio_interval(least, confidence, events=events)
    _, _, high = ratio_interval(most, confidence, events=events)
    return low, high


def _corners(
    now: tuple[Range, Range], then: tuple[Range, Range]
) -> tuple[Compared, Compared]:
    (x1, n1), (x0, n0) = now, then
    least = Compared(x1.at_least, n1.at_most, x0.at_most, n0.at_least)
    most = Compared(x1.at_most, n1.at_least, x0.at_least, n0.at_most)
    return least, most


def _positive(compared: Compared) -> tuple[Floats, Floats, Floats, Floats]:
    counts = (compared.count, compared.of, compared.count_then, compared.of_then)
    x1, n1, x0, n0 = (np.asarray(each, np.float64) for each in counts)
    if any(np.any(each <= 0) for each in (x1, n1, x0, n0)):
        raise ValueError("a ratio of rates needs counts above 0")
    return x1, n1, x0, n0


def difference_interval(
    compared: Compared, confidence: float = NOMINAL
) -> tuple[Floats, Floats, Floats]:
    """The difference of two proportions, now less then, and its interval.

    Source: Newcombe, Stat Med 1998; 17: 873-890, method 10: from the ends of Wilson's
    intervals. Raises ValueError as `wilson` does.
    """
    low1, high1 = wilson(compared.count, compared.of, confidence)
    low0, high0 = wilson(compared.count_then, compared.of_then, confidence)
    p1 = np.asarray(compared.count, np.float64) / np.asarray(compared.of)
    p0 = np.asarray(compared.count_then, np.float64) / np.asarray(compared.of_then)
    difference = p1 - p0
    low = difference - np.sqrt((p1 - low1) ** 2 + (high0 - p0) ** 2)
    high = difference + np.sqrt((high1 - p1) ** 2 + (p0 - low0) ** 2)
    return difference, low, high


def change_in_words(first: tuple[float, float], second: tuple[float, float]) -> str:
    """The class of two changes against one baseline, each given as the ends of its
    interval.

    Changes are relative: -0.2 is 20 % less. A class is said only if both whole
    intervals lie in it; else the change is not known. Exactly 15 % more is an
    increase, as nothing else is left for it. The papers have the change of the median
    practice; this is of the pooled rate.
    """
    if _is_same(first) and _is_same(second):
        return NO_CHANGE
    if first[0] >= MARGIN or second[0] >= MARGIN:
        return INCREASE
    if first[1] <= -MARGIN and second[1] <= -MARGIN:
        return SUSTAINED_DROP
    if first[1] <= -MARGIN and _is_same(second):
        return RECOVERY
    return UNCERTAIN


def _is_same(ends: tuple[float, float]) -> bool:
    return ends[0] > -MARGIN and ends[1] < MARGIN
