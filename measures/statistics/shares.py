"""Which share of a sum some of its parts make, and how parts rank, where all are known
within ranges.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from measures.statistics.unions import Range

Ends = tuple[float, float]
FIFTH = 5


def share_of_sum(parts: Range, chosen: ArrayLike) -> Ends:
    """Between which shares the chosen parts of a sum lie, from 0 to 1.

    `chosen` is True for each part that is meant. A share grows with what is chosen and
    falls with the rest, so two corners are enough. (0, 1) where nothing may have been
    counted at all.

    >>> share_of_sum(Range.of([30, 50], [30, 60]), [True, False])
    (0.3333333333333333, 0.375)
    """
    mine = np.asarray(chosen, bool)
    least, most = np.maximum(parts.at_least, 0), parts.at_most
    return _share(least[mine].sum(), most[~mine].sum(), 0.0), _share(
        most[mine].sum(), least[~mine].sum(), 1.0
    )


def _share(chosen: float, rest: float, otherwise: float) -> float:
    whole = chosen + rest
    return float(chosen / whole) if whole else otherwise


def ranks(values: Range) -> list[tuple[int, int]]:
    """For each value the best and the worst rank that it can have; 1 is the highest.

    Only a value that is certainly higher, with its whole range, comes before another
    for certain.

    >>> ranks(Range.of([8, 1, 4], [9, 5, 6]))
    [(1, 1), (2, 3), (2, 3)]
    """
    low, high = values.at_least, values.at_most
    found = []
    for least, most in zip(low, high, strict=True):
        above, below = int((low > most).sum()), int((high < least).sum())
        found.append((above + 1, low.size - below))
    return found


def top_fifth(values: ArrayLike) -> NDArray[np.bool_]:
    """True for the highest fifth of some values, at least one; of equal ones the first
    comes first.
    """
    known = np.asarray(values, np.float64)
    wanted = -(-known.size // FIFTH)
    order = np.argsort(-known, kind="stable")
    found = np.zeros(known.size, bool)
    found[order[:wanted]] = True
    return found
