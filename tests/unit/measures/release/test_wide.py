"""Rates of a release: three digits, a certain range, an interval of the right kind."""

from datetime import date

import pyarrow as pa
import pytest

from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, raw_schema
from measures.disclosure.control import protect
from measures.disclosure.memory.setting import Setting
from measures.release.wide import wide
from measures.statistics.proportions import wilson
from measures.statistics.rates import count_interval

DAYS = (date(2020, 1, 6), date(2020, 1, 12))
PROPORTION = MeasureShape("m", (), (DAYS,), is_proportion=True)
RATE = MeasureShape("m", (), (DAYS,))
MEAN = MeasureShape("m", (), (DAYS,), places=1, most=300)


def shown(shape, numerator, denominator, people=None, policy="opensafely"):
    """The one row of a measure with these true counts, and what is known of them."""
    counts = {
        "numerator": numerator,
        "denominator": denominator,
        "numerator_patients": people or numerator,
        "denominator_patients": denominator,
        "numerator_largest": shape.most or 2,
        "denominator_largest": 1,
    }
    keys = {
        "measure": "m",
        "interval_start": DAYS[0],
        "interval_end": DAYS[1],
        "group_by": "",
    }
    table = pa.Table.from_pylist([keys | counts], schema=raw_schema({}))
    made = wide(protect(gather([table], [shape], {}), policy))
    return made.table.to_pylist()[0], made.released.ranges.to_pylist()[0]


def test_a_proportion_has_wilsons_interval_over_all_true_counts():
    row, ranges = shown(PROPORTION, 151, 1_003)
    assert (row["numerator"], row["denominator"]) == (150, 1_005)
    assert list(ranges.values()) == [148, 152, 1_003, 1_007]
    assert row["ratio"] == 0.149
    assert row["ratio_at_least"] <= 148 / 1_007 < row["ratio_at_least"] + 0.001
    assert row["ratio_at_most"] - 0.001 < 152 / 1_003 <= row["ratio_at_most"]
    low, high = float(wilson(148, 1_007)[0]), float(wilson(152, 1_003)[1])
    assert row["ci_low"] <= low < row["ci_low"] + 0.001
    assert row["ci_high"] - 0.001 < high <= row["ci_high"]


def test_a_rate_may_be_above_one():
    row, _ = shown(RATE, 2_000, 1_000, people=1_000)
    assert row["ratio"] == 2.0
    low, high = (
        float(count_interval(1_998)[0]) / 1_002,
        float(count_interval(2_002)[1]) / 998,
    )
    assert row["ci_low"] <= low < row["ci_low"] + 0.01
    assert row["ci_high"] - 0.01 < high <= row["ci_high"]


def test_a_mean_has_no_interval():
    row, _ = shown(MEAN, 2_770 * 100, 1_000, people=1_000)
    assert row["ratio"] == 27.7
    assert row["ci_low"] is None and row["ci_high"] is None


def test_what_is_redacted_has_no_rate():
    row, ranges = shown(PROPORTION, 3, 1_000)
    rates = ("ratio", "ratio_at_least", "ratio_at_most", "ci_low", "ci_high")
    assert [row[name] for name in rates] == [None] * 5
    assert list(ranges.values()) == [0, 7, 998, 1_002], (
        "a redacted count of people is 7 or less"
    )


def test_true_counts_have_the_ordinary_interval():
    counts = {"numerator": 65, "denominator": 100}
    keys = {
        "measure": "m",
        "interval_start": DAYS[0],
        "interval_end": DAYS[1],
        "group_by": "",
    }
    people = {"numerator_patients": 65, "denominator_patients": 100}
    table = pa.Table.from_pylist([keys | counts | people], schema=raw_schema({}))
    made = protect(gather([table], [PROPORTION], {}), "none", Setting(made_up=True))
    row = wide(made).table.to_pylist()[0]
    assert (row["ci_low"], row["ci_high"]) == pytest.approx((0.552, 0.737))
