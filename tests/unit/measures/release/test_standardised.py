"""Standardised rates: of released counts, and never with a withheld band as 0."""

from datetime import date

import pyarrow as pa
import pytest

from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, raw_schema
from measures.disclosure.control import protect
from measures.release.bundle import write_release
from measures.release.standardised import standardised_of
from measures.standards import ESP2013, Standard

DAYS = (date(2020, 1, 6), date(2020, 1, 12))
GROUPS = {"age_band": pa.string(), "sex": pa.string()}
WEIGHTS = (("0-39", 47000.0), ("40-49", 14000.0), ("50-64", 19500.0), ("65+", 19500.0))
STANDARD = Standard("age_band", WEIGHTS, ESP2013)
SHAPE = MeasureShape("m", ("age_band",), (DAYS,), is_proportion=True, standard=STANDARD)
BANDS = [band for band, _ in WEIGHTS]


def raw_rows(counts, **more):
    groups = "+".join(sorted(("age_band", *more)))
    keys = {
        "measure": "m",
        "interval_start": DAYS[0],
        "interval_end": DAYS[1],
        "group_by": groups,
    }
    return [
        {
            **keys,
            **more,
            "age_band": band,
            "numerator": numerator,
            "denominator": denominator,
            "numerator_patients": numerator,
            "denominator_patients": denominator,
        }
        for band, (numerator, denominator) in counts.items()
    ]


def made(rows, shape=SHAPE):
    table = pa.Table.from_pylist(rows, schema=raw_schema(GROUPS))
    return protect(gather([table], [shape], GROUPS), "opensafely")


def rate(counts):
    [row] = standardised_of(made(raw_rows(counts)))["m"].to_pylist()
    return row


SHOWN = {
    "0-39": (30, 9540),
    "40-49": (20, 2470),
    "50-64": (50, 3590),
    "65+": (50, 3170),
}


def test_all_bands_are_shown():
    """Dobson's rate of these very counts is 8.403 per 1,000 (scipy)."""
    row = rate(SHOWN)
    assert (row["ratio"], row["standard"], row["group_by"], row["group"]) == (
        0.0084,
        "ESP2013",
        "",
        "[]",
    )
    assert row["ratio_at_least"] < row["ratio"] < row["ratio_at_most"]
    assert row["ci_low"] < 0.007108 and row["ci_high"] > 0.009865, (
        "wider than as if they were true"
    )
    assert (row["bands_withheld"], row["status"]) == (0, "released")
    true = (
        sum(w * x / n for (_, w), (x, n) in zip(WEIGHTS, SHOWN.values(), strict=True))
        / 100_000
    )
    assert row["ratio_at_least"] <= true <= row["ratio_at_most"]


def test_a_band_with_a_withheld_count_leaves_the_range():
    row = rate(SHOWN | {"40-49": (5, 2470)})
    assert (row["ratio"], row["bands_withheld"], row["status"]) == (
        None,
        1,
        "range only",
    )
    others = sum(
        w * SHOWN[band][0] / SHOWN[band][1] for band, w in WEIGHTS if band != "40-49"
    )
    for true in (0, 5, 7):
        assert (
            row["ratio_at_least"]
            <= (others + 14000 * true / 2470) / 100_000
            <= row["ratio_at_most"]
        )


@pytest.mark.parametrize("change", [
    {"0-39": (5, 9540)},  # nearly half of the weight
    {"40-49": (5, 2470), "50-64": (5, 3590)},  # a third, together
    {"40-49": (5, 90)},  # of a few
    {"40-49": (0, 5)},  # of a number that is withheld
], ids=["heavy", "two", "few", "unknown"])  # fmt: skip
def test_too_little_is_known(change):
    row = rate(SHOWN | change)
    rates = ("ratio", "ratio_at_least", "ratio_at_most", "ci_low", "ci_high")
    assert [row[name] for name in rates] == [None] * 5
    assert row["status"] == "withheld" and row["bands_withheld"] == len(change)


def test_a_band_without_people_has_no_rate():
    counts = {band: pair for band, pair in SHOWN.items() if band != "65+"}
    assert rate(counts)["status"] == "withheld"


def test_too_few_events():
    """A shown 0 is a true one under this policy."""
    assert rate(dict.fromkeys(BANDS, (0, 1000)))["status"] == "withheld"


def test_people_without_a_band_count_for_nothing():
    row = rate(SHOWN | {None: (900, 1_000)})
    assert row["ratio"] == 0.0084


def test_each_other_group_has_a_rate_of_its_own(tmp_path):
    shape = MeasureShape(
        "m", ("age_band", "sex"), (DAYS,), is_proportion=True, standard=STANDARD
    )
    double = {band: (2 * x, n) for band, (x, n) in SHOWN.items()}
    rows = [*raw_rows(SHOWN, sex="f"), *raw_rows(double, sex="m")]
    released = made(rows, shape)
    found = {
        row["group"]: row["ratio"] for row in standardised_of(released)["m"].to_pylist()
    }
    assert found == {'["f"]': 0.0084, '["m"]': 0.0168}
    write_release(released, tmp_path / "release", {})
    lines = (
        (tmp_path / "release" / "standardised" / "m.csv")
        .read_text(encoding="utf-8")
        .splitlines()
    )
    assert lines[1].startswith('m,2020-01-06,2020-01-12,sex,"[""f""]",ESP2013,0.0084,')
