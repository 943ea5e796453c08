# mypy: ignore-errors
"""INTERVAL may be mentioned where it changes nothing; the query then does not ask for
its dates.
"""

import datetime

import pytest

import extractors
from extractors import INTERVAL, create_dataset, maximum_of
from tests.lib.tables import e, p

DAY = datetime.date(2020, 1, 1)
MENTIONS = {
    "an order that no pick uses": (
        e.sort_by(maximum_of(e.d1, INTERVAL.start_date)).f1.minimum_for_patient(),
        2.0,
    ),
    "an empty list": (INTERVAL.start_date.is_in([]), False),
    "its name in a string": (
        p.s1.when_null_then("it's $interval_start").contains("$interval_end"),
        False,
    ),
    "one of its dates": (INTERVAL.end_date.year, 2020),
}


@pytest.mark.parametrize("where", MENTIONS)
def test_mentioned(where):
    series, expected = MENTIONS[where]
    dataset = create_dataset()
    dataset.define_population(e.exists_for_patient())
    dataset.x = series
    rows = extractors.evaluate(
        dataset, {"e": [{"patient_id": 1, "f1": 2.0}]}, interval=(DAY, DAY)
    )
    assert rows == [{"patient_id": 1, "x": expected}]
