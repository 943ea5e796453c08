"""Deciles of units: from released rates, and only where there are enough of them."""

from datetime import date

import pyarrow as pa
import pytest

from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, raw_schema
from measures.disclosure.control import protect
from measures.release.bundle import write_release
from measures.release.deciles import deciles_of

WEEKS = ((date(2020, 1, 6), date(2020, 1, 12)), (date(2020, 1, 13), date(2020, 1, 19)))
GROUPS = {"m_unit": pa.string(), "sex": pa.string()}
WHOLE = MeasureShape("m", (), WEEKS, is_proportion=True)
UNITS = MeasureShape("m_deciles", ("m_unit",), WEEKS, is_proportion=True, over="m_unit")
BY_SEX = MeasureShape(
    "m_deciles", ("m_unit", "sex"), WEEKS, is_proportion=True, over="m_unit"
)


def raw_row(week, unit, numerator, denominator, sex=None):
    groups = {"m_unit": unit} | ({"sex": sex} if sex else {})
    return {
        "measure": "m_deciles",
        "interval_start": WEEKS[week][0],
        "interval_end": WEEKS[week][1],
        "group_by": "+".join(sorted(groups)),
        **groups,
        "numerator": numerator,
        "denominator": denominator,
        "numerator_patients": numerator,
        "denominator_patients": denominator,
    }


def week_of(units, week=0, first=0, **more):
    """Units of 1,000 people, with 101, 102, … of them counted."""
    return [
        raw_row(week, f"unit {n}", 100 + n, 1_000, **more)
        for n in range(first + 1, first + units + 1)
    ]


def released(rows, shape=UNITS, policy="opensafely"):
    total = {**raw_row(0, None, 5_000, 50_000), "measure": "m", "group_by": ""}
    table = pa.Table.from_pylist([total, *rows], schema=raw_schema(GROUPS))
    return protect(gather([table], [WHOLE, shape], GROUPS), policy)


def rows_of(made, week=0):
    rows = deciles_of(made)["m"].to_pylist()
    return [row for row in rows if row["interval_start"] == WEEKS[week][0]]


def test_deciles_are_of_the_released_rates():
    rows = rows_of(released(week_of(119)))
    nearest = sorted((100 + n + 2) // 5 * 5 / 1_000 for n in range(1, 120))
    assert [row["percentile"] for row in rows] == [10, 20, 30, 40, 50, 60, 70, 80, 90]
    for row in rows:
        place = row["percentile"] / 100 * 118
        below, part = int(place), place % 1
        expected = nearest[below] + part * (nearest[below + 1] - nearest[below])
        assert row["ratio"] == pytest.approx(expected, abs=6e-4)
        assert row["ratio_at_least"] < row["ratio"] < row["ratio_at_most"]
        assert (row["units"], row["status"]) == (110, "released")


def test_the_range_holds_the_deciles_of_the_true_rates():
    true = sorted((100 + n) / 1_000 for n in range(1, 102))
    for row in rows_of(released(week_of(101))):
        assert row["ratio_at_least"] <= true[row["percentile"]] <= row["ratio_at_most"]


@pytest.mark.parametrize("rows", [
    week_of(99),
    [*week_of(99), raw_row(0, None, 200, 1_000)],  # people of no unit are no unit
    [*week_of(99), *(raw_row(0, f"small {n}", 20, 90) for n in range(50))],
    # more than a tenth
    [*week_of(100), *(raw_row(0, f"unknown {n}", 3, 1_000) for n in range(12))],
], ids=["too few", "no unit", "small units", "without a rate"])  # fmt: skip
def test_a_period_of_too_few_is_withheld_as_a_whole(rows):
    made = rows_of(released(rows))
    assert len(made) == 9
    for row in made:
        told = (row["ratio"], row["ratio_at_least"], row["ratio_at_most"], row["units"])
        assert (*told, row["status"]) == (None, None, None, None, "withheld")


def test_some_units_without_a_rate_are_borne():
    unknown = [raw_row(0, f"unknown {n}", 3, 1_000) for n in range(11)]
    assert {row["status"] for row in rows_of(released([*week_of(100), *unknown]))} == {
        "released"
    }


def test_each_period_is_judged_by_itself():
    made = released([*week_of(120), *week_of(60, week=1)])
    assert {row["status"] for row in rows_of(made)} == {"released"}
    assert {row["status"] for row in rows_of(made, week=1)} == {"withheld"}


def test_each_group_has_deciles_of_its_own():
    rows = [*week_of(110, sex="female"), *week_of(50, sex="male")]
    made = rows_of(released(rows, BY_SEX))
    assert {(row["group_by"], row["group"], row["status"]) for row in made} == {
        ("sex", '["female"]', "released"),
        ("sex", '["male"]', "withheld"),
    }


def test_no_unit_is_anywhere_in_the_release(tmp_path):
    """Neither its name, nor its numbers, nor that its column exists."""
    made = released([*week_of(119), raw_row(0, "unit of few", 3, 1_000)])
    audit = {"worst": [], "passed": True}
    write_release(made, tmp_path / "release", {}, audit=audit)
    files = {path.relative_to(tmp_path / "release").as_posix(): path.read_bytes()
             for path in (tmp_path / "release").rglob("*") if path.is_file()}  # fmt: skip
    assert set(files) == {
        "measures.csv", "measures.parquet", "measures/m.csv", "deciles/m.csv", "redactions.csv", "manifest.json",
        "audit.json", "data_dictionary.csv", "README.md",
    }  # fmt: skip
    for name, data in files.items():
        assert (
            b"unit 1" not in data
            and b"unit of" not in data
            and b"m_unit" not in data
            and b"m_deciles" not in data
        ), name
    assert len(files["measures.csv"].splitlines()) == 3


def test_without_units_there_are_no_deciles(tmp_path):
    shape = MeasureShape("m", (), WEEKS, is_proportion=True)
    total = {**raw_row(0, None, 5_000, 50_000), "measure": "m", "group_by": ""}
    table = pa.Table.from_pylist([total], schema=raw_schema(GROUPS))
    made = protect(gather([table], [shape], GROUPS), "opensafely")
    assert deciles_of(made) == {}
    write_release(made, tmp_path / "release", {})
    assert not (tmp_path / "release" / "deciles").exists()
