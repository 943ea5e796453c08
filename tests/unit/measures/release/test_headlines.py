"""A line for every family, also where all its measures are grouped."""

from datetime import date

import pyarrow as pa

from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, raw_schema
from measures.disclosure.control import protect
from measures.release.headlines import headlines

WEEKS = ((date(2020, 1, 6), date(2020, 1, 12)), (date(2020, 1, 13), date(2020, 1, 19)))
GROUPS = {"age": pa.string(), "sex": pa.string()}
TOTAL = MeasureShape("bp", (), WEEKS, is_proportion=True)
BY_SEX = MeasureShape("bp_by_sex", ("sex",), WEEKS, is_proportion=True)
CROSSED = MeasureShape("bp_by_both", ("age", "sex"), WEEKS, is_proportion=True)


def raw_row(measure, week, numerator, denominator, **groups):
    return {
        "measure": measure,
        "interval_start": WEEKS[week][0],
        "interval_end": WEEKS[week][1],
        "group_by": "+".join(sorted(groups)),
        **groups,
        "numerator": numerator,
        "denominator": denominator,
        "numerator_patients": numerator,
        "denominator_patients": denominator,
    }


BY_SEX_ROWS = [
    raw_row("bp_by_sex", 0, 30, 100, sex="f"),
    raw_row("bp_by_sex", 0, 20, 100, sex="m"),
    raw_row("bp_by_sex", 1, 40, 100, sex="f"),
    raw_row("bp_by_sex", 1, 3, 100, sex="m"),
]
CROSSED_ROWS = [raw_row("bp_by_both", 0, 50, 200, age="old", sex="f")]


def released(rows, *shapes):
    table = pa.Table.from_pylist(rows, schema=raw_schema(GROUPS))
    return protect(gather([table], shapes, GROUPS), "opensafely")


def test_groups_are_added_up_where_there_is_no_total():
    made = released([*CROSSED_ROWS, *BY_SEX_ROWS], CROSSED, BY_SEX)
    [line] = headlines(made, [["bp_by_both", "bp_by_sex"]])
    assert (line.measure, line.sum_of, line.periods) == ("bp", "sex", 2)
    assert line.over_time == (50 / 200, None), "a redacted group leaves no sum"
    assert (line.numerator, line.denominator, line.ratio) == (None, 200, None)
    assert line.redacted_share == 1 / 4


def test_a_total_is_its_own_line_and_its_family_has_no_other():
    total = [raw_row("bp", week, 50, 200) for week in (0, 1)]
    made = released([*total, *BY_SEX_ROWS], TOTAL, BY_SEX)
    [line] = headlines(made, [["bp", "bp_by_sex"]])
    assert (line.measure, line.sum_of, line.over_time) == ("bp", "", (0.25, 0.25))


def test_a_family_without_rows_has_no_line():
    made = released([raw_row("bp", 0, 50, 200)], TOTAL, BY_SEX)
    assert [line.measure for line in headlines(made, [["bp"], ["bp_by_sex"]])] == ["bp"]
