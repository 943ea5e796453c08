"""The interval of a proportion."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from measures.statistics.normal import NOMINAL, z_of

Floats = NDArray[np.float64]


def wilson(
    count: ArrayLike, of: ArrayLike, confidence: float = NOMINAL
) -> tuple[Floats, Floats]:
    """The lower and upper end of a proportion's score interval.

    Source: Wilson, J Am Stat Assoc 1927; 22: 209-212. One formula serves all counts.
    The lower end of 0 is exactly 0, the upper end of everybody exactly 1.

    `count` and `of` are arrays of one shape. Raises ValueError for `of` of 0 or less
    and for a count outside of 0 to `of`.

    >>> wilson(0, 10)
    (array(0.), array(0.2775328))
    """
    x, n = np.asarray(count, np.float64), np.asarray(of, np.float64)
    if np.any(n <= 0):
        raise ValueError("a proportion needs a denominator above 0")
    if np.any((x < 0) | (x > n)):
        raise ValueError("a proportion's numerator lies between 0 and its denominator")
    z = z_of(confidence)
    middle = 2 * x + z**2
    half = z * np.sqrt(z**2 + 4 * x * (1 - x / n))
    below = 2 * (n + z**2)
    # At both ends the difference is 0 but for the last binary digit.
    low = np.where(x == 0, 0.0, np.maximum(0, (middle - half) / below))
    high = np.where(x == n, 1.0, np.minimum(1, (middle + half) / below))
    return low, high
