# mypy: ignore-errors
"""Definitions may be deep, wide and full of repetition; none of it costs more than its
size.
"""

import datetime
import pickle
from functools import reduce
from typing import Any

import pytest

import extractors
from extractors import INTERVAL, case, create_dataset, days, months, weeks, when, years
from extractors.planner.plan import make_plan
from extractors.tables.tpp import clinical_events as events
from extractors.tables.tpp import patients
from measures import create_measures
from measures.counts.relations import structure_of

year = patients.date_of_birth.year
RECORDS = {
    "patients": [
        {"patient_id": 1, "date_of_birth": datetime.date(1950, 1, 1), "sex": "male"}
    ],
    "clinical_events": [
        {
            "patient_id": 1,
            "date": datetime.date(2020, 1, 1),
            "snomedct_code": "100001",
            "numeric_value": 2.0,
        }
    ],
}


def fold(step: Any, first: Any, count: int = 1000) -> Any:
    return reduce(step, range(count), first)


RECENT = fold(
    lambda a, n: (a | (events.date.year > n)) & a, events.date.year == 2020, 60
)
LAST_CODE = events.sort_by(events.date).last_for_patient().snomedct_code
LARGE = {
    "sum": (fold(lambda a, _: a + 1, year), 2950),
    "difference": (fold(lambda a, _: a - 1, year), 950),
    "negations": (fold(lambda a, _: -a, year), 1950),
    "not": (fold(lambda a, _: ~a, year == 1950), True),
    "any of": (fold(lambda a, n: a | (year == n), year == 0), False),
    "all of": (fold(lambda a, n: a & (year != n), year != 0), True),
    "defaults": (fold(lambda a, n: a.when_null_then(n), year), 1950),
    "cases": (case(*[when(year == n).then(str(n)) for n in range(1000, 2000)]), "1950"),
    "events": (fold(lambda a, _: a + 1.0, events.numeric_value).sum_for_patient(), 1002.0),
    "filters": (fold(lambda f, n: f.where(events.date.year > n), events, 300).count_for_patient(), 1),
    "doubling": (fold(lambda a, _: a + a, year * 0 + 1, 40), 2**40),
    "doubled rows": (fold(lambda a, _: a + a, events.numeric_value, 20).sum_for_patient(), 2.0**21),
    "doubled logic": (fold(lambda a, n: (a & (year > n)) | a, year == 1950, 60), True),
    "days": (fold(lambda a, _: a + days(1), patients.date_of_birth, 300).year, 1950),
    "months": (fold(lambda a, _: a + months(1), patients.date_of_birth, 60).year, 1955),
    "years of rows": (fold(lambda a, _: a + years(1), events.date, 40).maximum_for_patient().year, 2060),
    "quotients": (fold(lambda a, _: 4.0 / a, events.numeric_value, 60).sum_for_patient(), 2.0),
    "whole quotients": (fold(lambda a, _: a // 1, year, 60), 1950),
    "powers": (fold(lambda a, _: a**1, year.as_float(), 40), 1950.0),
    "filtered by months": (
        events.where(fold(lambda a, _: a + months(1), events.date, 24) > "2021-12-31").count_for_patient(), 1
    ),
    "filtered by sums": (
        events.where(fold(lambda a, _: a + a, events.numeric_value, 40) > 0.0).count_for_patient(), 1
    ),
    "doubled filters": (
events.where(RECENT).count_for_patient(), 1),
    "map": (LAST_CODE.to_category({str(10**5 + n): f"{n % 5}" for n in range(600)}), "1"),
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_large_definition(name):
    series, expected = LARGE[name]
    dataset = create_dataset()
    dataset.define_population(patients.exists_for_patient())
    dataset.x = series
    assert extractors.evaluate(dataset, RECORDS) == [{"patient_id": 1, "x": expected}]


def test_large_measures_have_a_structure():
    during = events.where(events.date.is_during(INTERVAL))
    many = fold(
        lambda a, n: a | (during.numeric_value == float(n)), during.numeric_value > 1e6
    )
    deep = during.where(many).where(
        fold(lambda a, _: a + a, during.numeric_value, 60) > 0.0
    )
    study = create_measures()
    study.define_defaults(
        denominator=patients.exists_for_patient(),
        intervals=weeks(2).starting_on("2020-01-01"),
    )
    study.define_measure("many", during.where(many).exists_for_patient())
    study.define_measure("deep", deep.exists_for_patient())
    assert structure_of(list(study)).measures["deep"].within == ("many",)


@pytest.mark.parametrize("name", LARGE)
def test_large_definition_travels_to_workers(name):
    plan = make_plan(
        {"x": LARGE[name][0].node, "population": patients.exists_for_patient().node},
        ("population",),
    )
    assert pickle.loads(pickle.dumps(plan)) == plan
