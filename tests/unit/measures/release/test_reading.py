"""Released rows as objects, also of a version that called its columns otherwise."""

import json
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from measures.counts.columns import Kind
from measures.counts.gathering import gather
from measures.counts.types import MeasureShape, raw_schema
from measures.disclosure.control import protect
from measures.release.bundle import write_release
from measures.release.files import MANIFEST, PARQUET
from measures.release.reading import (
    ReleasedMeasure,
    ReleasedRow,
    released_measures,
    released_rows,
)

WEEK = (date(2020, 1, 6), date(2020, 1, 12))
GROUPS = {"frail": pa.bool_(), "sex": pa.string()}
SHAPES = (
    MeasureShape("all", (), (WEEK,), is_proportion=True),
    MeasureShape("each", ("frail", "sex"), (WEEK,), is_proportion=True),
)


def raw_row(measure, numerator, denominator, **groups):
    return {
        "measure": measure,
        "interval_start": WEEK[0],
        "interval_end": WEEK[1],
        "group_by": "+".join(sorted(groups)),
        **groups,
        "numerator": numerator,
        "denominator": denominator,
        "numerator_patients": numerator,
        "denominator_patients": denominator,
    }


@pytest.fixture
def release(tmp_path):
    rows = [
        raw_row("all", 33, 98),
        raw_row("each", 3, 40, frail=True, sex=None),
        raw_row("each", 30, 58, frail=False, sex="f"),
    ]
    table = pa.Table.from_pylist(rows, schema=raw_schema(GROUPS))
    released = protect(gather([table], SHAPES, GROUPS), "opensafely")
    write_release(released, tmp_path / "release", {})
    return tmp_path / "release"


def test_rows_have_their_groups_in_the_order_of_group_by(release):
    total, first, second = released_rows(release)
    assert total == ReleasedRow(
        measure="all",
        interval_start=WEEK[0],
        interval_end=WEEK[1],
        group_by=(),
        group=(),
        numerator=35,
        denominator=100,
        ratio=0.35,
        ratio_at_least=0.323,
        ratio_at_most=0.378,
        ci_low=0.24,
        ci_high=0.477,
        status="released",
    )
    assert first.group_by == second.group_by == ("frail", "sex")
    assert (first.group, second.group) == ((False, "f"), (True, None))
    assert (second.numerator, second.ratio, second.status) == (None, None, "redacted")


def test_measures_say_what_they_are_and_how_far_off(release):
    assert released_measures(release) == (
        ReleasedMeasure("all", Kind.PROPORTION, (2, 2), (2, 2)),
        ReleasedMeasure("each", Kind.PROPORTION, (2, 2), (2, 2)),
    )


def test_a_release_of_before_has_no_intervals(release):
    """It had `ratio_low` and `ratio_high`, and no word on its measures."""
    table = pq.read_table(release / PARQUET).drop_columns(["ci_low", "ci_high"])
    older = {"ratio_at_least": "ratio_low", "ratio_at_most": "ratio_high"}
    names = [older.get(name, name) for name in table.column_names]
    now = released_rows(release)
    pq.write_table(table.rename_columns(names), release / PARQUET)
    manifest = json.loads((release / MANIFEST).read_text(encoding="utf-8"))
    del manifest["measures"]
    (release / MANIFEST).write_text(
        json.dumps(manifest | {"format": 2}), encoding="utf-8"
    )
    before = released_rows(release)
    assert [row.ratio_at_most for row in before] == [row.ratio_at_most for row in now]
    assert {(row.ci_low, row.ci_high) for row in before} == {(None, None)}
    assert released_measures(release) == ()


def test_where_nothing_was_released_there_are_no_rows(tmp_path):
    assert released_rows(tmp_path) == ()
    assert released_measures(tmp_path) == ()
