"""Numbers of rows sort as the rows do, and each number is found where it is."""

import numpy as np
import pyarrow as pa
import pytest

from extractors.ranks import joint_ranks, places_of

TABLE = pa.table(
    {
        "name": pa.array(["b", "a", None, "b", "a"]).dictionary_encode(),
        "flag": [True, False, True, None, False],
    }
)


def test_rows_rank_as_they_sort_with_missing_values_first():
    assert joint_ranks(TABLE, ["name", "flag"]).tolist() == [3, 1, 0, 2, 1]
    assert joint_ranks(TABLE, ["flag"]).tolist() == [2, 1, 2, 0, 1]


def test_without_rows_there_are_no_ranks():
    assert joint_ranks(TABLE.slice(0, 0), ["name", "flag"]).tolist() == []


@pytest.mark.parametrize(
    ("numbers", "count", "places"),
    [
        ([1, 0, 1, -1], 2, [[1], [0, 2]]),
        ([2, 2], 3, [[], [], [0, 1]]),
        ([-1, 5], 2, [[], []]),
        ([], 1, [[]]),
        ([0], 0, []),
    ],
)
def test_each_number_is_found_in_order_and_others_nowhere(
    numbers: list[int], count: int, places: list[list[int]]
):
    found = places_of(np.array(numbers, np.int64), count)
    assert [each.tolist() for each in found] == places
