"""Raw counts of single periods to one complete, sorted grid."""

from datetime import date, timedelta
from itertools import product

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import CohortflowError
from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, raw_schema

GROUPS = {"age_band": pa.string(), "sex": pa.string()}
WEEKS = tuple(
    (date(2019, 4, 1) + timedelta(7 * n), date(2019, 4, 7) + timedelta(7 * n))
    for n in range(3)
)
COLUMNS = (
    "measure",
    "interval_start",
    "group_by",
    "age_band",
    "sex",
    "numerator",
    "denominator",
)


def row(measure, week, count, **groups):
    """Counts of people, by the groups given; `group_by` follows from them."""
    keys = {"measure": measure, "interval_start": week[0], "interval_end": week[1]}
    numerator, denominator = count
    people = {"numerator_patients": numerator, "denominator_patients": denominator}
    counts = {"numerator": numerator, "denominator": denominator, **people}
    return {**keys, "group_by": "+".join(sorted(groups)), **groups, **counts}


def period(*rows, groups=GROUPS):
    return pa.Table.from_pylist(list(rows), schema=raw_schema(groups))


def gathered(tables, measures, groups=GROUPS):
    return gather(tables, measures, groups).table.to_pylist()


def cells(rows, *columns):
    return [tuple(r[name] for name in columns) for r in rows]


def test_group_seen_once_exists_in_every_period():
    shape = MeasureShape("m", ("sex",), WEEKS[:2])
    tables = [
        period(row("m", WEEKS[0], (1, 9), sex="female")),
        period(row("m", WEEKS[1], (2, 8), sex="male")),
    ]
    assert cells(
        gathered(tables, [shape]), "interval_start", "sex", "numerator", "denominator"
    ) == [
        (WEEKS[0][0], "female", 1, 9),
        (WEEKS[0][0], "male", 0, 0),
        (WEEKS[1][0], "female", 0, 0),
        (WEEKS[1][0], "male", 2, 8),
    ]


def test_group_seen_in_one_measure_exists_in_all_with_that_grouping():
    shapes = [MeasureShape(name, ("sex",), WEEKS[:1]) for name in ("treated", "tested")]
    table = period(
        row("tested", WEEKS[0], (3, 9), sex="female"),
        row("treated", WEEKS[0], (1, 8), sex="male"),
    )
    assert cells(
        gathered([table], shapes), "measure", "sex", "numerator", "denominator"
    ) == [
        ("tested", "female", 3, 9),
        ("tested", "male", 0, 0),
        ("treated", "female", 0, 0),
        ("treated", "male", 1, 8),
    ]


def test_only_combinations_that_exist_are_crossed():
    shape = MeasureShape("m", ("age_band", "sex"), WEEKS[:2])
    table = period(
        row("m", WEEKS[0], (1, 9), age_band="0-17", sex="male"),
        row("m", WEEKS[0], (2, 8), age_band="18+", sex="female"),
    )
    rows = gathered([table], [shape])
    assert cells(rows[:2], "group_by", "age_band", "sex", "numerator") == [
        ("age_band+sex", "0-17", "male", 1),
        ("age_band+sex", "18+", "female", 2),
    ]
    assert cells(rows[2:], "age_band", "sex", "numerator") == [
        ("0-17", "male", 0),
        ("18+", "female", 0),
    ]


def test_missing_group_value_is_not_the_same_as_not_grouped():
    shapes = [
        MeasureShape("by_sex", ("sex",), WEEKS[:1]),
        MeasureShape("total", (), WEEKS[:1]),
    ]
    table = period(
        row("by_sex", WEEKS[0], (1, 9), sex=None), row("total", WEEKS[0], (4, 20))
    )
    assert cells(gathered([table], shapes), *COLUMNS) == [
        ("by_sex", WEEKS[0][0], "sex", None, None, 1, 9),
        ("total", WEEKS[0][0], "", None, None, 4, 20),
    ]


def test_missing_values_in_crossed_groups_are_groups_of_their_own():
    shape = MeasureShape("m", ("age_band", "sex"), WEEKS[:1])
    pairs = [(None, None), (None, "male"), ("0-17", None), ("0-17", "male")]
    table = period(
        *(
            row("m", WEEKS[0], (n, 9), age_band=a, sex=s)
            for n, (a, s) in enumerate(reversed(pairs))
        )
    )
    assert cells(gathered([table], [shape]), "age_band", "sex", "numerator") == [
        (a, s, 3 - n) for n, (a, s) in enumerate(pairs)
    ]


def test_total_has_its_row_even_without_anybody():
    shape = MeasureShape("m", (), WEEKS)
    for tables in ([], [period()]):
        rows = gathered(tables, [shape])
        assert cells(
            rows, "interval_start", "group_by", "numerator", "denominator_patients"
        ) == [(start, "", 0, 0) for start, _ in WEEKS]


def test_study_without_groups():
    rows = gathered(
        [period(row("m", WEEKS[1], (2, 8)), groups={})],
        [MeasureShape("m", (), WEEKS)],
        {},
    )
    assert cells(rows, "numerator", "denominator") == [(0, 0), (2, 8), (0, 0)]


def test_group_by_without_any_rows_is_an_empty_table_of_the_right_columns():
    table = gather([], [MeasureShape("m", ("sex",), WEEKS)], GROUPS).table
    assert (len(table), table.schema) == (0, raw_schema(GROUPS))
    assert len(gather([], [], {}).table) == 0


@pytest.mark.parametrize(
    "type_, values",
    [
        (pa.bool_(), [None, False, True]),
        (pa.int64(), [None, -2, 9, 10]),
        (pa.date32(), [None, date(1931, 5, 6), date(2020, 1, 1)]),
        (pa.float64(), [None, -1.5, 0.0, 1e-300, 2.0]),
        (pa.string(), [None, "", "B", "a", 'b,\n"', "é"]),
    ],
)
def test_values_of_every_type_are_sorted_with_missing_first(type_, values):
    groups = {"g": type_}
    shape = MeasureShape("m", ("g",), WEEKS[:1])
    table = period(
        *(
            row("m", WEEKS[0], (n, 9), g=v)
            for n, v in reversed(list(enumerate(values)))
        ),
        groups=groups,
    )
    assert cells(gathered([table], [shape], groups), "g", "numerator") == [
        (v, n) for n, v in enumerate(values)
    ]


def test_odd_floats():
    groups, shape = {"g": pa.float64()}, MeasureShape("m", ("g",), WEEKS[:2])
    first = period(
        *(row("m", WEEKS[0], (1, 9), g=g) for g in (float("nan"), None, -0.0)),
        groups=groups,
    )
    second = period(
        *(row("m", WEEKS[1], (2, 9), g=g) for g in (0.0, float("nan"))), groups=groups
    )
    rows = gathered([first, second], [shape], groups)
    assert [(str(r["g"]), r["numerator"]) for r in rows] == [
        ("None", 1), ("0.0", 1), ("nan", 1), ("None", 0), ("0.0", 2), ("nan", 2),
    ]  # fmt: skip


def test_dictionary_coded_tables_are_welcome():
    table = period(row("m", WEEKS[0], (1, 9), sex="male"))
    table = table.set_column(0, "measure", table["measure"].dictionary_encode())
    assert len(gathered([table], [MeasureShape("m", ("sex",), WEEKS[:1])])) == 1


def test_intervals_that_share_days_and_measures_with_intervals_of_their_own():
    old, year = (
        (date(1960, 1, 1), date(1965, 1, 1)),
        (date(2019, 4, 1), date(2020, 3, 31)),
    )
    shapes = [
        MeasureShape("week", (), WEEKS[:1]),
        MeasureShape("year", (), (year, WEEKS[0], old)),
    ]
    tables = [
        period(row("week", WEEKS[0], (1, 9)), row("year", WEEKS[0], (2, 9))),
        period(row("year", year, (3, 9))),
    ]
    tables.append(period(row("year", old, (4, 9))))
    assert cells(gathered(tables, shapes), "measure", "interval_end", "numerator") == [
        ("week", WEEKS[0][1], 1),
        ("year", old[1], 4),
        ("year", WEEKS[0][1], 2),
        ("year", year[1], 3),
    ]


SHAPE = MeasureShape("m", ("sex",), WEEKS[:1])


@pytest.mark.parametrize(
    "rows, fault",
    [
        ([row("m", WEEKS[0], (1, 9), sex="x")] * 2, "occur twice"),
        ([row("m", WEEKS[0], (1, 9), sex=None)] * 2, "occur twice"),
        ([row("other", WEEKS[0], (1, 9), sex="x")], "no measure asked for"),
        ([row("m", WEEKS[0], (1, 9))], "no measure asked for"),
        ([row("m", WEEKS[1], (1, 9), sex="x")], "not of this run"),
        (
            [{**row("m", WEEKS[0], (1, 9), sex="x"), "age_band": "0-17"}],
            "not grouped by it",
        ),
    ],
)
def test_rows_that_should_not_be_there(rows, fault):
    with pytest.raises(CohortflowError, match=fault):
        gathered([period(*rows)], [SHAPE])


def test_other_columns_than_promised():
    with pytest.raises(CohortflowError, match="other columns"):
        gathered([period().drop_columns(["sex"])], [SHAPE])


def test_shapes_are_checked():
    with pytest.raises(CohortflowError, match="unsorted"):
        MeasureShape("m", ("sex", "age_band"), WEEKS)
    with pytest.raises(CohortflowError, match="ends before"):
        MeasureShape("m", (), ((date(2020, 1, 2), date(2020, 1, 1)),))
    with pytest.raises(CohortflowError, match="twice"):
        gathered([], [SHAPE, SHAPE])


SHAPES = (
    MeasureShape("b", (), WEEKS),
    MeasureShape("a", ("sex",), WEEKS),
    MeasureShape("c", ("sex",), WEEKS[1:]),
    MeasureShape("d", ("age_band", "sex"), WEEKS),
)
VALUES = {"age_band": [None, "0-17", "18+"], "sex": [None, "female", "male"]}
POSSIBLE = [
    row(
        shape.name,
        week,
        (n + 1, n + 10),
        **dict(zip(shape.group_by, values, strict=True)),
    )
    for shape in SHAPES
    for week in shape.intervals
    for n, values in enumerate(product(*(VALUES[name] for name in shape.group_by)))
]


@given(
    st.lists(
        st.sampled_from(POSSIBLE), unique_by=lambda r: tuple(map(str, r.values()))
    ),
    st.randoms(),
)
def test_grid_is_complete_sorted_and_keeps_every_count(rows, random):
    tables = [
        period(*(r for r in rows if r["interval_start"] == start)) for start, _ in WEEKS
    ]
    random.shuffle(tables)
    grid = gathered(tables, SHAPES)
    expected = {}
    for shape in SHAPES:
        same = {
            (r.get("age_band"), r.get("sex"))
            for r in rows
            if r["group_by"] == shape.grouping
        }
        for (start, _), (age_band, sex) in product(
            shape.intervals, same if shape.group_by else {(None, None)}
        ):
            expected[shape.name, start, shape.grouping, age_band, sex] = (0, 0)
    for r in rows:
        key = (
            r["measure"],
            r["interval_start"],
            r["group_by"],
            r.get("age_band"),
            r.get("sex"),
        )
        expected[key] = (r["numerator"], r["denominator"])
    got = cells(grid, *COLUMNS)
    assert {cell[:5]: cell[5:] for cell in got} == expected
    assert len(got) == len(expected)
    assert got == sorted(
        got, key=lambda cell: tuple((v is not None, v) for v in cell[:5])
    )
