"""True counts as rows."""

import datetime
import json

import pyarrow as pa

from measures.counts.gathering import gather
from measures.counts.true_rows import COLUMNS, as_csv, true_rows
from measures.counts.types import MeasureShape, raw_schema
from tests.unit.measures.counts.test_gathering import WEEKS, period, row

GROUPS = {"sex": pa.string()}


def rows():
    shapes = [
        MeasureShape("m", ("sex",), WEEKS[:1]),
        MeasureShape("total", (), WEEKS[:1]),
    ]
    counts = [
        row("m", WEEKS[0], (1, 9), sex='say "x", é'),
        row("m", WEEKS[0], (0, 4), sex=None),
    ]
    return true_rows(
        gather(
            [period(*counts, row("total", WEEKS[0], (1, 13)), groups=GROUPS)],
            shapes,
            GROUPS,
        )
    )


def test_groups_are_values():
    found = {
        (each.measure, each.group): (each.numerator, each.denominator)
        for each in rows()
    }
    assert found == {
        ("m", (None,)): (0, 4),
        ("m", ('say "x", é',)): (1, 9),
        ("total", ()): (1, 13),
    }
    assert rows()[0].ratio == 0 and rows()[0].interval_start == WEEKS[0][0]


def test_as_json():
    assert rows()[0].as_json() == {
        "measure": "m",
        "interval_start": WEEKS[0][0],
        "interval_end": WEEKS[0][1],
        "group_by": "sex",
        "group": [None],
        "numerator": 0,
        "denominator": 4,
    }


def test_as_csv():
    header, *lines = as_csv(rows()).splitlines()
    assert header.split(",") == list(COLUMNS)
    assert lines[-1] == f"total,{WEEKS[0][0]},{WEEKS[0][1]},,[],1,13"
    assert json.dumps(['say "x", é'], ensure_ascii=False).replace('"', '""') in lines[1]


def test_amounts_are_in_ones():
    shape = MeasureShape("cost", (), WEEKS[:1], places=2, most=10_000)
    amounts = row("cost", WEEKS[0], (1250, 2)) | {
        "numerator_patients": 2,
        "numerator_largest": 1000,
    }
    table = pa.Table.from_pylist([amounts], schema=raw_schema({}))
    (found,) = true_rows(gather([table], [shape], {}))
    assert found.numerator == 12.5 and found.interval_end == WEEKS[0][
        0
    ] + datetime.timedelta(6)
