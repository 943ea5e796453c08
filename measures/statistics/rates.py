"""The interval of a count of events, and of a rate of them."""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import chdtri

from measures.statistics.normal import NOMINAL, z_of

Floats = NDArray[np.float64]
# events; below, the approximation is poor and the exact interval is taken
FEWEST_BY_BYAR = 10


def exact(count: ArrayLike, confidence: float = NOMINAL) -> tuple[Floats, Floats]:
    """The exact interval of a Poisson count.

    Source: Garwood, Biometrika 1936; 28: 437-442, by quantiles of chi-squared. The
    lower end of 0 is 0. Raises ValueError for a count below 0.

    >>> exact(0)
    (array(0.), array(3.68887945))
    """
    x = _counts(count)
    tail = (1 - confidence) / 2
    # `chdtri` gives the value that chi-squared exceeds with a probability.
    low = np.where(x == 0, 0.0, chdtri(2 * np.maximum(x, 1), 1 - tail) / 2)
    return low, np.asarray(chdtri(2 * x + 2, tail) / 2)


def byar(count: ArrayLike, confidence: float = NOMINAL) -> tuple[Floats, Floats]:
    """Byar's approximation of the exact interval.

    Source: Breslow and Day, Statistical Methods in Cancer Research II, IARC 1987, page
    69. Ends below 0, and the lower end of 0, are 0. Raises ValueError for a count below
    0.

    >>> byar(10)
    (array(4.78744991), array(18.39145861))
    """
    x, z = _counts(count), z_of(confidence)
    at_least_one = np.maximum(x, 1)
    low = x * (1 - 1 / (9 * at_least_one) - z / (3 * np.sqrt(at_least_one))) ** 3
    more = x + 1
    high = more * (1 - 1 / (9 * more) + z / (3 * np.sqrt(more))) ** 3
    return np.maximum(low, 0), high


def count_interval(
    count: ArrayLike, confidence: float = NOMINAL
) -> tuple[Floats, Floats]:
    """The interval of a count of events: exact below 10, Byar's from 10 on.

    Raises ValueError for a count below 0.
    """
    x = _counts(count)
    few = x < FEWEST_BY_BYAR
    (exact_low, exact_high), (byar_low, byar_high) = (
        exact(x, confidence),
        byar(x, confidence),
    )
    return np.where(few, exact_low, byar_low), np.where(few, exact_high, byar_high)


def rate_interval(
    count: ArrayLike,
    time: ArrayLike,
    confidence: float = NOMINAL,
    *,
    per: float = 1,
) -> tuple[Floats, Floats]:
    """The interval of events by people or by time, in `per` units of the denominator.

    Raises ValueError for a count below 0 and a denominator of 0 or less.
    """
    n = np.asarray(time, np.float64)
    if np.any(n <= 0):
        raise ValueError("a rate needs a denominator above 0")
    low, high = count_interval(count, confidence)
    return low / n * per, high / n * per


def _counts(count: ArrayLike) -> Floats:
    x = np.asarray(count, np.float64)
    if np.any(x < 0):
        raise ValueError("a count of events is not below 0")
    return x
