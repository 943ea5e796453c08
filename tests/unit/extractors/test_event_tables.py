"""Tables of events beside a dataset: their rows are those of the slow engine, and of
rows counted by hand.
"""

import random
from datetime import date, timedelta
from typing import Any

import pytest

from extractors import create_dataset, days, when
from extractors.evaluation import evaluate_events
from extractors.language.dataset import events_of, nodes_of
from tests.lib import reference_engine
from tests.lib.tables import draw, e, e2, p

EVENTS = """
  | d1         | i1 | s1 | c1
--|------------|----|----|----------
1 | 2020-01-01 | 1  | a  | 123456789
1 | 2020-01-01 | 1  | a  | 123456789
1 | 2020-03-01 |    | b  | 123456790
2 | 2020-02-01 | 5  |    |
3 | 2020-02-01 | 7  | c  | 123456789
"""
PEOPLE = """
  | i1 | b1
--|----|---
1 | 10 | T
2 | 20 | F
3 | 30 | F
4 | 40 | T
"""


def dataset() -> Any:
    made = create_dataset()
    made.define_population(p.i1 < 30)
    made.b1 = p.b1
    return made


def test_a_row_for_each_event_of_those_in_the_population():
    made = dataset()
    made.add_event_table("visits", on=e.d1, text=e.s1, more=e.i1 + p.i1)
    assert evaluate_events(made, {"e": draw(e, EVENTS), "p": draw(p, PEOPLE)}) == {
        "visits": [
            {"patient_id": 1, "on": date(2020, 1, 1), "text": "a", "more": 11},
            {"patient_id": 1, "on": date(2020, 1, 1), "text": "a", "more": 11},
            {"patient_id": 1, "on": date(2020, 3, 1), "text": "b", "more": None},
            {"patient_id": 2, "on": date(2020, 2, 1), "text": None, "more": 25},
        ]
    }


def _records() -> dict[str, list[dict[str, Any]]]:
    chance = random.Random(7)
    first = date(2020, 1, 1)

    def row() -> dict[str, Any]:
        return {
            "patient_id": chance.randrange(1, 30),
            "d1": chance.choice([None, first + timedelta(chance.randrange(40))]),
            "i1": chance.choice([None, *range(5)]),
            "i2": chance.randrange(3),
            "b1": chance.choice([None, True, False]),
            "s1": chance.choice([None, "a", "b"]),
        }

    people = [{**row(), "patient_id": number} for number in range(1, 25)]
    return {
        "e": [row() for _ in range(200)],
        "e2": [row() for _ in range(60)],
        "p": people,
    }


first_rows = e.sort_by(e.d1).first_for_patient()
TABLES: dict[str, dict[str, Any]] = {
    "filtered": {"on": (rows := e.where(e.i1 > 1)).d1, "text": rows.s1},
    "sorted": {"on": e.sort_by(e.d1).d1, "patient": p.i2},
    "by a pick": {"since": (e.d1 - first_rows.d1).days, "first": e.d1 == first_rows.d1, "number": first_rows.i1},
    "by an aggregate": {
        "after": (later := e.where(e.d1 > e2.d1.minimum_for_patient())).d1,
        "n": e2.count_for_patient() + later.i2,
    },
    "by the rows of another": {"here": (among := e.where(e.d1.is_in(e2.d1))).d1, "there": among.i1.is_in(e2.i1)},
    "by cases": {"what": when(e.i1 < e.i2).then(e.s1).otherwise("none"), "on": e.d1 + days(e.i1)},
    "filtered twice": {"on": (twice := e.where(e.b1).where(p.b1)).d1, "text": twice.s1},
    "without conditions": {"b": e.b1},
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("population", ["p", "e2"])
def test_rows_are_those_of_the_slow_engine(name: str, population: str):
    made = create_dataset()
    made.define_population(
        {"p": p.i2 > 0, "e2": e2.exists_for_patient() & (e2.i1.sum_for_patient() > 2)}[
            population
        ]
    )
    made.i1 = p.i1
    made.add_event_table("events", **TABLES[name])
    records = _records()
    expected = reference_engine.events(events_of(made), nodes_of(made)[""], records)
    found = evaluate_events(made, records)
    assert found["events"]
    assert sorted(found["events"], key=str) == sorted(expected["events"], key=str)


def test_columns_may_be_added_later():
    made = dataset()
    made.add_event_table("visits", on=e.d1)
    made.visits.text = e.s1
    assert (
        set(events_of(made)["visits"]) == {"on", "text"}
        and made.visits.text.node == e.s1.node
    )


@pytest.mark.parametrize(
    ("name", "columns", "told"),
    [
        ("visits", {"a": e.d1, "b": e2.d1}, "drawn from different tables"),
        ("visits", {"a": e.d1, "b": e.where(e.b1).d1}, "drawn from different tables"),
        (
            "visits",
            {"a": 5},
            "the column 'a' of the events 'visits' needs a series with a value for "
            "each row, got int",
        ),
        ("visits", {"a": e}, "got a whole frame"),
        ("visits", {"patient_id": e.i1}, "'patient_id' is not an allowed name"),
        ("dataset", {"a": e.d1}, "'dataset' is not an allowed name"),
        ("b1", {"a": e.d1}, "'b1' is already set"),
        ("B1", {"a": e.d1}, "differ in capital letters alone"),
    ],
)
def test_refusals(name: str, columns: dict[str, Any], told: str):
    made = dataset()
    with pytest.raises((TypeError, AttributeError), match=told):
        made.add_event_table(name, **columns)


@pytest.mark.parametrize("columns", [{}, {"a": p.i1}])
def test_table_without_rows_of_its_own(columns: dict[str, Any]):
    made = dataset()
    made.add_event_table("visits", **columns)
    with pytest.raises(
        TypeError, match="the events 'visits' need a column with a value for each row"
    ):
        events_of(made)
