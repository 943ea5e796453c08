"""Cheap bounds first: what each row alone says about each of its counts, until nothing
changes.
"""

from math import inf

import numpy as np

from measures.disclosure.audit.solving.system import System

# bounds may creep towards each other by one per round; the linear programmes do the
# rest
ROUNDS = 40
SLACK = 1e-6  # a whole number that floating point missed by less is meant


def propagate(
    system: System, least: np.ndarray, most: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """Tighter bounds of all counts; None if no whole numbers fit."""
    lows, highs = np.ceil(system.lows - SLACK), np.floor(system.highs + SLACK)
    for _ in range(ROUNDS):
        if (lows > highs).any():
            return None
        new_lows, new_highs = _implied(system, least, most, lows, highs)
        if (new_lows <= lows).all() and (new_highs >= highs).all():
            break
        lows, highs = np.maximum(lows, new_lows), np.minimum(highs, new_highs)
    return None if (lows > highs).any() else (lows, highs)


def _implied(
    system: System,
    least: np.ndarray,
    most: np.ndarray,
    lows: np.ndarray,
    highs: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    rows, columns, weights = system.entries
    rising = weights > 0
    small = np.where(rising, weights * lows[columns], weights * highs[columns])
    large = np.where(rising, weights * highs[columns], weights * lows[columns])
    # weight * count is at most this
    below = most[rows] - _others(rows, small, len(least))
    above = least[rows] - _others(rows, large, len(least))
    new_highs, new_lows = np.full(len(lows), inf), np.full(len(lows), -inf)
    np.minimum.at(
        new_highs, columns, np.floor(np.where(rising, below, above) / weights + SLACK)
    )
    np.maximum.at(
        new_lows, columns, np.ceil(np.where(rising, above, below) / weights - SLACK)
    )
    return new_lows, new_highs


def _others(rows: np.ndarray, parts: np.ndarray, size: int) -> np.ndarray:
    """For each entry, the sum of the other parts of its row; infinite as soon as one of
    them is.
    """
    endless = np.isinf(parts)
    finite = np.where(endless, 0.0, parts)
    sums = np.bincount(rows, finite, size)[rows] - finite
    infinite = np.bincount(rows, endless, size)[rows] - endless > 0
    # All infinite parts of one call have the same sign: lows are never +inf, highs
    # never -inf.
    sign = -1.0 if (parts == -inf).any() else 1.0
    return np.where(infinite, sign * inf, sums)
