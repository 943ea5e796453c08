"""Rows of tables by small integers: numbers that sort as the rows do, and where each
number is.
"""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from extractors.late import pc


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


def joint_ranks(table: pa.Table, names: Sequence[str]) -> np.ndarray:
    """One integer per row that sorts as the columns do together, the first one counting
    most.

    Made dense again after each column: it never exceeds the square of the number of
    rows.
    """
    joint = np.zeros(len(table), np.int64)
    for name in names:
        ranks = _ranks(table[name])
        joint = np.unique(
            joint * (ranks.max(initial=0) + 1) + ranks, return_inverse=True
        )[1]
    return joint


def _ranks(column: pa.ChunkedArray) -> np.ndarray:
    """0 for NULL, then 1, 2 … in the order of the values (text by code point, NaN
    last).
    """
    encoded = column.combine_chunks().dictionary_encode()
    rank_of = np.zeros(len(encoded.dictionary) + 1, np.int64)
    rank_of[pc.array_sort_indices(encoded.dictionary).to_numpy()] = np.arange(
        1, len(rank_of)
    )
    return rank_of[encoded.indices.fill_null(len(rank_of) - 1).to_numpy()]
