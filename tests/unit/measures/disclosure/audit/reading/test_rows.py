"""Released tables as rows, as an attacker reads them."""

from datetime import date

import pyarrow as pa
import pytest

from extractors.errors import ArgumentsError
from measures.disclosure.audit.reading.rows import rows_of

WEEK = (date(2020, 1, 6), date(2020, 1, 12))


def released(**columns):
    plain = {
        "measure": ["m"], "interval_start": [WEEK[0]], "interval_end": [WEEK[1]], "group_by": ["sex"],
        "sex": ["f"], "numerator": [30], "denominator": [100],
    }  # fmt: skip
    return pa.table({**plain, **columns})


def test_a_row_without_ratios_and_status():
    [row] = rows_of(released())
    assert row == ("m", WEEK, ("sex",), ("f",), 30, 100, None, None, None, "")


def test_all_that_a_row_may_have():
    more = {
        "ratio": [0.3],
        "ratio_at_least": [0.2],
        "ratio_at_most": [0.4],
        "status": ["released"],
    }
    [row] = rows_of(released(**more))
    assert (row.ratio, row.ratio_at_least, row.ratio_at_most, row.status) == (
        0.3,
        0.2,
        0.4,
        "released",
    )


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "T"), (False, "F"), (3, "3"), (2.5, "2.5"), ("", ""), (None, None)],
)
def test_groups_compare_as_csv_writes_them(value, text):
    [row] = rows_of(released(sex=[value]))
    assert row.groups == (text,)


def test_groups_are_in_the_order_of_the_grouping_and_no_others():
    table = released(group_by=["sex+age"], age=["old"], region=["east"])
    [row] = rows_of(table)
    assert (row.grouping, row.groups) == (("sex", "age"), ("f", "old"))


def test_a_total_and_a_redacted_count():
    table = released(
        group_by=pa.array([None], pa.string()), numerator=pa.array([None], pa.int64())
    )
    [row] = rows_of(table)
    assert (row.grouping, row.groups, row.numerator) == ((), (), None)


def test_a_table_that_is_no_release():
    with pytest.raises(ArgumentsError, match="lacks the columns group_by, numerator"):
        rows_of(released().drop_columns(["group_by", "numerator"]))
