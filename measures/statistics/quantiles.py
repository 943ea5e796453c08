"""Deciles of rates of units, such as practices."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

# percentiles; those beyond name single units
DECILES = (10, 20, 30, 40, 50, 60, 70, 80, 90)


def deciles(rates: ArrayLike) -> NDArray[np.float64]:
    """The 10th to the 90th percentile, with linear interpolation between units.

    Source: Hyndman and Fan, Am Stat 1996; 50: 361-365, type 7, as numpy, pandas and R
    have it. Raises ValueError if there are no rates, or one is missing or infinite.

    >>> deciles(range(1, 12))
    array([ 2.,  3.,  4.,  5.,  6.,  7.,  8.,  9., 10.])
    """
    known = np.asarray(rates, np.float64)
    if not known.size or not np.isfinite(known).all():
        raise ValueError("deciles need rates, all of them numbers")
    return np.percentile(known, DECILES)
