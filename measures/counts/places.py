"""Where the rows of each of many things are in one table."""

import numpy as np


def places_of(numbers: np.ndarray, count: int) -> list[np.ndarray]:
    """Where each number from 0 to below `count` is, in order; others are left out.

    `numbers`: one of each row. All are looked for together: a pass over 35,000 rows for
    each of 168 measures took nearly half of the time of writing a release.

    >>> [each.tolist() for each in places_of(np.array([1, 0, 1, -1]), 2)]
    [[1], [0, 2]]
    """
    order = np.argsort(numbers, kind="stable")
    edges = np.searchsorted(numbers[order], np.arange(count + 1))
    return np.split(order, edges)[1:-1]
