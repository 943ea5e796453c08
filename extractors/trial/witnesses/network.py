"""Dates and numbers of which only differences are known: a simple temporal network.

`most[i, j]` is the most by which variable i may exceed variable j, given all that is
known; so each constraint costs one pass over a small matrix, and values can be drawn
one after the other without ever having to go back.
"""

import numpy as np

from extractors.trial.dice import Array

FIRST_SIZE = 24
NOTHING = -1e-6  # rounding of sums


def unknown(size: int = FIRST_SIZE) -> Array:
    """A network in which nothing is known of any difference."""
    most = np.full((size, size), np.inf)
    np.fill_diagonal(most, 0.0)
    return most


def grown(most: Array) -> Array:
    """The same with room for twice as many variables."""
    size = len(most)
    larger = unknown(2 * size)
    larger[:size, :size] = most
    return larger


def at_most(most: Array, one: int, other: int, difference: float) -> Array | None:
    """The network once `one` exceeds `other` by at most so much; None where it
    cannot.
    """
    if most[one, other] <= difference:
        return most
    if difference + most[other, one] < NOTHING:
        return None
    longer = most[:, one, None] + (difference + most[None, other, :])
    return np.minimum(most, longer)
