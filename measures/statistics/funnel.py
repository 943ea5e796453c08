"""Funnel limits: how far units of a size may lie from the average by chance.

Only for units large enough to be released one by one, such as regions.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import pdtrik

from measures.statistics.normal import CONTROL, NOMINAL, z_of
from measures.statistics.proportions import wilson
from measures.statistics.rates import exact

Floats = NDArray[np.float64]
FEWEST_UNITS = 10  # below, how much units vary beyond chance is not known
MARGIN = 10  # percent of the units at each end that are winsorised


class Flag(StrEnum):
    """How far a unit lies from the average; the number is the chance of that on its
    side.
    """

    LOW = "Low (0.025)"
    VERY_LOW = "Low (0.001)"
    HIGH = "High (0.025)"
    VERY_HIGH = "High (0.001)"
    WITHIN = "not significant"


@dataclass(frozen=True)
class Spread:
    """How much units vary, on the scale of arcsine √p."""

    # the proportion of all units together
    average: float
    # the mean of squared winsorised z-scores; 1 is chance
    phi: float
    # the variance between units beyond chance
    tau2: float


def limits(
    average: float, of: float, confidence: float = NOMINAL
) -> tuple[float, float]:
    """Between which proportions a unit of this size is not significantly off the
    average.

    Source: Spiegelhalter, Stat Med 2005; 24: 1185-1202. A unit lies on a limit where
    the end of its Wilson interval meets the average. 0 or 1 where no unit of this size
    is that far off.
    """
    half = z_of(confidence) * float(np.sqrt(average * (1 - average) / of))
    return max(0.0, average - half), min(1.0, average + half)


def rate_limits(
    average: float, of: float, confidence: float = NOMINAL
) -> tuple[float, float]:
    """As `limits`, for events: where the exact interval of a unit's events meets the
    average.

    Source: Spiegelhalter 2005, with Garwood's interval. The lower limit is 0 where no
    unit of this size is that low.
    """
    tail, expected = (1 - confidence) / 2, average * of
    # `pdtrik` gives the count up to which a Poisson variable lies with a probability;
    # of part counts, too
    low, high = pdtrik(tail, expected), pdtrik(1 - tail, expected) + 1
    return max(0.0, float(low)) / of, float(high) / of


def flag_of_proportion(count: float, of: float, average: float) -> Flag:
    """Whether the average lies outside of a unit's Wilson intervals. Raises as `wilson`
    does.
    """
    ends = (wilson(count, of, confidence) for confidence in (NOMINAL, CONTROL))
    return _flag([(float(low), float(high)) for low, high in ends], average)


def flag_of_rate(count: float, time: float, average: float) -> Flag:
    """Whether the average rate lies outside of the exact intervals of a unit's
    events.
    """
    ends = (exact(count, confidence) for confidence in (NOMINAL, CONTROL))
    return _flag(
        [(float(low) / time, float(high) / time) for low, high in ends], average
    )


def _flag(ends: list[tuple[float, float]], average: float) -> Flag:
    (low, high), (very_low, very_high) = ends
    if very_high < average:
        return Flag.VERY_LOW
    if very_low > average:
        return Flag.VERY_HIGH
    if high < average:
        return Flag.LOW
    return Flag.HIGH if low > average else Flag.WITHIN


def spread_of(counts: ArrayLike, of: ArrayLike) -> Spread | None:
    """How much units vary beyond chance; None for fewer than 10 units.

    Source: Spiegelhalter 2005, additive model, with z-scores winsorised at their 10th
    and 90th percentile. `counts` and `of` have a number for each unit.
    """
    x, n = np.asarray(counts, np.float64), np.asarray(of, np.float64)
    units = len(x)
    if units < FEWEST_UNITS:
        return None
    average = float(x.sum() / n.sum())
    weights = 4 * n  # 1 / s², as s = 1 / (2 √n)
    z = (np.arcsin(np.sqrt(x / n)) - np.arcsin(np.sqrt(average))) * np.sqrt(weights)
    z = np.clip(z, *np.percentile(z, (MARGIN, 100 - MARGIN)))
    phi = float((z**2).mean())
    beyond = units * phi - (units - 1)
    tau2 = beyond / (weights.sum() - (weights**2).sum() / weights.sum())
    return Spread(average, phi, max(0.0, float(tau2)))


def spread_limits(
    spread: Spread, of: float, confidence: float = NOMINAL
) -> tuple[float, float]:
    """As `limits`, on the scale of arcsine √p, with what units vary beyond chance."""
    middle = float(np.arcsin(np.sqrt(spread.average)))
    half = z_of(confidence) * float(np.sqrt(1 / (4 * of) + spread.tau2))
    low, high = max(0.0, middle - half), min(np.pi / 2, middle + half)
    return float(np.sin(low) ** 2), float(np.sin(high) ** 2)
