"""Raw counts that counting cannot have made are no raw counts."""

import pyarrow as pa
import pytest

from extractors.errors import CohortflowError
from tests.lib.raw_rows import of_people, raw_counts


@pytest.mark.parametrize(
    "counts, is_proportion, fault",
    [
        ([(5, 9, 0, 9)], False, "no people behind"),
        ([(5, 9, 5, 0)], False, "no people behind"),
        ([(5, 9, -1, 9)], False, "negative"),
        ([of_people(10, 9)], True, "above its denominator"),
        ([(None, 9, 5, 9)], False, "no numerator"),
        ([(41, 9, 5, 9, 8, 1)], False, "more than its people can add"),
    ],
)
def test_counts_that_counting_cannot_have_made(counts, is_proportion, fault):
    with pytest.raises(CohortflowError, match=fault):
        raw_counts(counts, is_proportion)


def test_group_named_like_a_column_of_the_release():
    with pytest.raises(CohortflowError, match="named like a column"):
        raw_counts([], groups={"ratio": pa.string()})
