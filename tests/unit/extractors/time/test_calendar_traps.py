# mypy: ignore-errors
"""Traps at the ends of the calendar and of what lists can hold: planned, general and by
the plain-Python engine.
"""

from datetime import date, timedelta

import pytest

from extractors import INTERVAL, days, maximum_of, weeks, years
from measures.definitions import create_measures
from measures.on_rows import evaluate
from tests.lib import reference_engine
from tests.lib.planned import count_planned
from tests.lib.tables import e, p

MONDAY = date(2020, 2, 24)
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)
WEEKS = list(weeks(3).starting_on(MONDAY))
START, END = INTERVAL.start_date, INTERVAL.end_date
COUNTS = ("numerator", "denominator", "numerator_patients", "denominator_patients")
BORN = [
    FIRST,
    date(1899, 12, 31),
    date(1990, 1, 1),
    MONDAY,
    MONDAY + timedelta(9),
    LAST,
    None,
]
ROWS = [{"patient_id": number, "d1": day} for number, day in enumerate(BORN, 1)]
PEOPLE = {"p": ROWS, "e": ROWS}


def _chosen_again(date, times: int):
    """The date or a day later, so many times over."""
    for _ in range(times):
        date = maximum_of(date, date + days(1))
    return date


latest = e.where(e.d1 <= START).sort_by(e.d1).last_for_patient().d1
TRAPS = {
    "a period to the last day beside weeks": [(p.d1 <= END + days(1), [*WEEKS, (date(1900, 1, 1), LAST)])],
    "a measure from the first day beside one that looks back": [
        (p.d1 < START - years(1), WEEKS), (p.d1 < START, [(FIRST, date(2020, 12, 31))]),
    ],
    "weeks beside a period from the first day": [
        (p.d1 <= START, [*weeks(5).starting_on(MONDAY), (FIRST, date(2020, 12, 31))]),
    ],
    "weeks beside all of the calendar, a year on": [
        ((START - p.d1).years == 30, [*weeks(5).starting_on(MONDAY), (FIRST, LAST)]),
    ],
    "a year after the last": [((END + days(1)).year == 2020, [*WEEKS, (LAST - timedelta(6), LAST)])],
    "no year after the last": [((END + days(1)).year.is_null(), [*WEEKS, (LAST - timedelta(6), LAST)])],
    "the last year, and later": [((START + years(7979)).year == 9999, [*WEEKS, *weeks(60).starting_on(MONDAY)])],
    "all beyond the last year": [((START + years(7980)).year.is_null(), WEEKS)],
    "rows of a period, also before a day beyond the last": [
        (e.where(e.d1.is_during(INTERVAL) & (e.d1 <= END + days(1))).exists_for_patient(),
         [*WEEKS, (LAST - timedelta(6), LAST)]),
    ],
    "a date chosen from itself again and again": [(_chosen_again(latest, 9) <= END, WEEKS)],
}  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS)
def test_trap(trap: str):
    measures = create_measures()
    for number, (numerator, intervals) in enumerate(TRAPS[trap]):
        measures.define_measure(
            f"m{number}", numerator, p.exists_for_patient(), intervals=intervals
        )
    chosen = list(measures)
    expected = _counts(reference_engine.measures(chosen, PEOPLE))
    assert (
        _counts(count_planned(chosen, PEOPLE))
        == _counts(evaluate(chosen, PEOPLE))
        == expected
    )
    assert any(counts[0] for counts in expected.values()), "nobody fell into the trap"


def _counts(rows) -> dict:
    return {
        (row["measure"], row["interval_start"]): [row[count] for count in COUNTS]
        for row in rows
    }
