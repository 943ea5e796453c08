# mypy: ignore-errors
"""Traps of time, each by hand: counted for all periods at once, and by the plain-Python
engine one by one.
"""

from datetime import date, timedelta

import pytest

from extractors import INTERVAL, case, days, months, weeks, when, years
from extractors.planner import windows
from extractors.planner.windows import overlap
from extractors.sql.cells import FEW_VALUES
from measures.counts import counting
from measures.definitions import create_measures
from measures.on_rows import evaluate
from tests.lib import reference_engine
from tests.lib.planned import Planned, count_planned
from tests.lib.tables import e, e2, p

MONDAY = date(2020, 2, 24)  # the week of a leap day
WEEKS = weeks(6).starting_on(MONDAY)
START, END = INTERVAL.start_date, INTERVAL.end_date
anybody = p.exists_for_patient() | e.exists_for_patient()
in_period = e.where(e.d1.is_during(INTERVAL))
open_spell = e.where((e.d1 <= START) & (e.d2.is_null() | (e.d2 >= START)))
COUNTS = ("numerator", "denominator", "numerator_patients", "denominator_patients")


def people(*dates, table="p", column="d1"):
    """One patient for each date."""
    return {
        table: [
            {"patient_id": number, column: day} for number, day in enumerate(dates, 1)
        ]
    }


def rows(*several):
    """Rows of `e`: patient, d1 and d2, a number."""
    return {
        "e": [
            {"patient_id": who, "d1": a, "d2": b, "i1": n} for who, a, b, n in several
        ]
    }


def day(number: int) -> date:
    return MONDAY + timedelta(number)


age = (START - p.d1).years
# a long expression
band = case(
    *[when(age < most).then(n) for n, most in enumerate((18, 40, 65, 80))], otherwise=5
)
quarter = months(3).ending_on(START)
seen, year_before = e.where(e.d1 <= START), months(12).ending_on(END)
latest = seen.sort_by(e.d1).last_for_patient()
other_in_period = e2.where(e2.d1.is_during(INTERVAL))
long_text = (
    e.s1.contains("x" * 1_200)
    | e.s2.contains("x" * 1_200)
    | e.s1.is_in([f"word {n}" for n in range(200)])
)
TWO_TABLES = {
    **people(date(1990, 1, 1), date(1990, 1, 1)),
    "e": [{"patient_id": 1, "d1": day(2), "d2": day(-10), "i1": 9}],
    "e2": [{"patient_id": 2, "d1": day(9), "i1": 9}],
}
BIRTHS = people(
    date(1980, 2, 29),
    date(1980, 3, 1),
    date(1980, 2, 28),
    date(1980, 2, 24),
    date(2020, 3, 2),
    None,
)
TRAPS = {
    "born on a leap day": (age >= 40, anybody, {"age": age}, BIRTHS, WEEKS),
    "born on a leap day, the year after": (
        (START - p.d1).years == 41, anybody, {}, BIRTHS, weeks(3).starting_on("2021-02-22"),
    ),
    "not born yet": (age < 0, anybody, {"age": age}, BIRTHS, WEEKS),
    "on the edges of the weeks": (
        in_period.exists_for_patient(), anybody, {},
        rows(*((who, day(on), None, 1) for who, on in enumerate((0, 6, 7, -1, 41, 42), 1))),
        WEEKS,
    ),
    "several on one day, and a NULL": (
        in_period.count_for_patient(), anybody, {},
        rows((1, day(3), None, 1), (1, day(3), None, 1), (1, None, None, 1), (2, day(3), None, 1)), WEEKS,
    ),
    "ties of the latest": (
        e.where(e.d1 <= START).sort_by(e.d1).last_for_patient().i1 > 4, anybody,
        {"latest": e.where(e.d1 <= START).sort_by(e.d1).last_for_patient().i1},
        rows((1, day(1), None, 3), (1, day(1), None, 5), (1, day(9), None, None), (2, day(0), None, 9)), WEEKS,
    ),
    "latest and earliest dates of rows that move with the period": (
        ((seen.d1.maximum_for_patient() > START - days(9)) & (seen.d2.minimum_for_patient() < END))
        | ((in_period.d1 + days(in_period.i1)).maximum_for_patient() >= END)
        | (in_period.d1.minimum_for_patient() == START),
        (START - seen.d1.maximum_for_patient()).days < 20,
        {"first_of_a_year": (END - e.where(e.d1.is_during(year_before)).d1.minimum_for_patient()).months},
        rows(
            (1, day(0), day(-30), 1), (1, day(9), None, 1), (1, None, day(1), 9), (2, day(7), day(14), 6),
            (2, day(7), day(8), -6), (3, day(13), day(35), None), (3, day(-360), day(-1), 400),
            (4, day(41), day(42), 1),
        ),
        WEEKS,
    ),
    "ends before it starts": (
        open_spell.exists_for_patient(), anybody, {},
        rows((1, day(14), day(7), 1), (2, day(7), day(7), 1), (3, day(6), day(8), 1), (4, day(0), None, 1)), WEEKS,
    ),
    "registered again, and twice at once": (
        anybody, open_spell.exists_for_patient(),
        {"place": open_spell.sort_by(e.d1, e.d2, e.i1).last_for_patient().i1},
        rows((1, day(-90), day(8), 1), (1, day(9), day(20), 2), (1, day(15), None, 3), (1, day(15), day(16), 4)), WEEKS,
    ),
    "changes within a week": (
        in_period.exists_for_patient(), anybody,
        {"place": open_spell.sort_by(e.d1).last_for_patient().i1},
        rows((1, day(-9), day(9), 1), (1, day(10), None, 2), (1, day(16), day(17), 3)), WEEKS,
    ),
    "dead within a week": (
        in_period.exists_for_patient(), anybody & (p.d2.is_null() | (p.d2 > START)), {},
        {**rows((1, day(7), None, 1), (1, day(10), None, 1), (2, day(10), None, 1)),
         "p": [{"patient_id": 1, "d2": day(9)}, {"patient_id": 2, "d2": day(7)}]}, WEEKS,
    ),
    "nobody by then": (anybody, p.d1 < START, {}, people(day(20), day(30)), WEEKS),
    "periods of one day, out of order, with gaps": (
        in_period.exists_for_patient(), p.d1 <= START, {"age": (START - p.d1).months},
        {**people(day(-1), day(0), day(9)), **rows((1, day(0), None, 1), (1, day(9), None, 1), (2, day(3), None, 1))},
        [(day(k), day(k)) for k in (9, 0, 3, 1)],
    ),
    "years that overlap": (
        e.where(e.d1.is_during(months(12).ending_on(END))).count_for_patient(), anybody, {},
        rows((1, day(-365), None, 1), (1, day(-360), None, 1), (1, day(5), None, 1), (2, day(-366), None, 1)),
        months(4).starting_on("2020-01-01"),
    ),
    "a day between two weeks": (
        in_period.exists_for_patient(), anybody, {}, rows((1, day(7), None, 1), (2, day(8), None, 1)),
        [(day(0), day(6)), (day(8), day(14))],
    ),
    "weeks that overlap by a day": (
        in_period.count_for_patient(), anybody, {}, rows((1, day(7), None, 1), (1, day(8), None, 1)),
        [(day(0), day(7)), (day(7), day(14)), (day(8), day(15))],
    ),
    "not seen counts those of whom nothing is known": (
        ~in_period.exists_for_patient(), anybody, {"seen": in_period.exists_for_patient()},
        {**people(day(0), day(0)), **rows((1, day(2), None, 1))}, WEEKS,
    ),
    "a group that begins midway": (
        in_period.exists_for_patient(), anybody,
        {"band": case(when(p.d1 > START).then("later"), when(p.d1 <= START - weeks(2)).then("long ago"))},
        {**people(day(20), day(3), None), **rows((2, day(8), None, 1), (3, day(9), None, 1))}, WEEKS,
    ),
    "the end of February, a year on": (
        p.d1 + years(1) <= END, anybody, {}, people(date(2020, 2, 29), date(2020, 2, 28), date(2020, 3, 1)),
        [(day(k), day(k)) for k in range(366, 374)],
    ),
    "denominators that are numbers": (
        in_period.i1.sum_for_patient(), in_period.count_for_patient(), {},
        rows((1, day(3), None, -4), (1, day(4), None, 9), (2, day(3), None, None), (2, day(30), None, 2)), WEEKS,
    ),
    "what the latest is called": (
        in_period.exists_for_patient(), anybody,
        {"called": e.where(e.d1 <= START).sort_by(e.d1).last_for_patient().i1.map_values({1: "a", 2: "b", 3: "c"})
                    .map_values({"a": "A", "b": "B"}).when_null_then("?")},
        rows((1, day(1), None, 1), (1, day(8), None, 2), (1, day(9), None, 1), (1, day(30), None, 7),
             (2, day(2), None, 3), (3, day(15), None, 2), (3, day(15), None, 1)), WEEKS,
    ),
    "one of many names": (
        in_period.exists_for_patient(), anybody,
        {"named": e.where(e.d1 <= START).sort_by(e.d1).last_for_patient().i1
                   .map_values({n: f"number {n}" for n in range(FEW_VALUES + 1)})},
        rows((1, day(1), None, 1), (1, day(8), None, 30), (2, day(2), None, 3), (2, day(9), None, 99)), WEEKS,
    ),
    "a long expression twice in a condition of rows": (
        in_period.where(in_period.d2.is_during(quarter) | in_period.d3.is_during(quarter)).exists_for_patient()
        | other_in_period.exists_for_patient(), anybody, {}, TWO_TABLES, WEEKS,
    ),
    "a long expression in conditions of two tables": (
        in_period.where(in_period.i1 >= band).exists_for_patient()
        | other_in_period.where(other_in_period.i1 >= band).exists_for_patient(), anybody, {}, TWO_TABLES, WEEKS,
    ),
    "a long expression in what is read of rows": (
        ((in_period.i1 + band).maximum_for_patient() > band)
        | ((other_in_period.i1 + band).maximum_for_patient() > band), anybody, {}, TWO_TABLES, WEEKS,
    ),
    "a long text in conditions of rows that are counted twice": (
        e.where(e.d1 < START).where(long_text).exists_for_patient(),
        e.where(e.d1 < START).except_where(long_text & (e.i1 > 1)).count_for_patient(), {},
        {"e": [{"patient_id": who, "d1": day(5 * who), "i1": 1, "s1": "word 3"} for who in (1, 2)]}, WEEKS,
    ),
    "a group named as things are in SQL": (
        in_period.exists_for_patient(), anybody, {"t": p.d1.year, "c": p.d1.month, "s": p.d1.day}, TWO_TABLES, WEEKS,
    ),
    "a group named as its measure's column but for capitals": (
        p.d1 <= date(1980, 1, 1), anybody, {"All_Numerator": p.d1 > date(1980, 1, 1)},
        people(date(1979, 1, 1), day(0), day(0)), WEEKS,
    ),
    "the last days of the calendar": (
        p.d1 <= START + days(7), anybody, {}, people(date(9999, 12, 31), date(1, 1, 1), day(12)), WEEKS,
    ),
}  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS)
def test_trap(trap: str):
    numerator, denominator, group_by, records, intervals = TRAPS[trap]
    measures = create_measures()
    measures.define_measure("all", numerator, denominator, intervals=intervals)
    if group_by:
        measures.define_measure(
            "grouped", numerator, denominator, group_by=group_by, intervals=intervals
        )
    expected = _by_place(reference_engine.measures(list(measures), records))
    assert _by_place(count_planned(list(measures), records)) == expected
    assert any(counts["numerator_patients"] for counts in expected.values()), (
        "nobody fell into the trap"
    )


def _by_place(rows) -> dict:
    names = ("measure", "interval_start", "interval_end")
    return {
        (
            *(row[name] for name in names),
            *sorted(row.get("groups", {}).items(), key=str),
        ): {count: row[count] for count in COUNTS}
        for row in rows
    }


@pytest.mark.parametrize(
    "numerator",
    [
        e.where(latest.d1 + days(e.i1) <= START).count_for_patient(),
        e.where((START - (latest.d1 + days(e.i1))).days >= 0).count_for_patient(),
        e2.where(latest.d1 + days(e2.i1) <= START).count_for_patient(),
    ],
)
def test_date_that_is_another_for_each_row_is_general(numerator):
    """The latest date before the period, and so many days later as a row says: no date
    of that row alone.
    """
    records = rows((1, day(-30), None, 25), (1, day(-20), None, 0))
    measures = create_measures()
    measures.define_measure("all", numerator, anybody, intervals=WEEKS)
    expected = _by_place(
        reference_engine.measures(list(measures), {**records, "e2": records["e"]})
    )
    assert (
        _by_place(evaluate(list(measures), {**records, "e2": records["e"]})) == expected
    )
    assert not count_planned(list(measures), records)


@pytest.mark.parametrize("times", [5, 50, pytest.param(500, marks=pytest.mark.slow)])
def test_conditions_of_any_length(times):
    """Too long a one is general; how it is computed changes no count."""
    long = case(*[when(age < n).then(n % 9) for n in range(times)], otherwise=5)
    measures = create_measures()
    measures.define_measure(
        "all",
        in_period.where(in_period.i1 >= long).exists_for_patient(),
        anybody,
        intervals=WEEKS,
    )
    expected = _by_place(reference_engine.measures(list(measures), TWO_TABLES))
    assert _by_place(evaluate(list(measures), TWO_TABLES)) == expected
    assert _by_place(count_planned(list(measures), TWO_TABLES)) in ({}, expected)
    assert any(counts["numerator"] for counts in expected.values())


def test_what_no_rule_understands_slows_nothing_else():
    # born on the weekday on which the period begins
    odd = (START - p.d1).days // 7 * 7 == (START - p.d1).days
    measures = create_measures()
    measures.define_defaults(denominator=anybody, intervals=WEEKS)
    measures.define_measure("odd", odd)
    measures.define_measure("plain", in_period.exists_for_patient())
    measures.define_measure(
        "plain_by_age", in_period.exists_for_patient(), group_by={"age": age}
    )
    with Planned(
        list(measures), {**people(day(0)), **rows((1, day(2), None, 1))}
    ) as planned:
        (recipe,) = planned.recipes
        called = counting.titles(planned.chosen)
        assert [called[name] for name in recipe.needed.slow] == [
            "odd_numerator"
        ] and len(recipe.needed.general) == 1
        (chain,) = planned.timelines.chains
        assert [called[name] for name in chain.touching] == [
            "plain_numerator"
        ] and "age" in chain.standing


long_before = e.d2.is_during(years(1).ending_on(END))
NARROWED = {
    "by another date": in_period.where(long_before),
    "from another date": e.where(long_before).where(e.d1.is_during(INTERVAL)),
    "by a longer time": in_period.where(e.d1.is_during(years(1).ending_on(END))),
    "from a longer time": e.where(e.d1.is_during(years(1).ending_on(END))).where(
        e.d1.is_during(INTERVAL)
    ),
}


@pytest.mark.parametrize("narrowed", NARROWED)
def test_rows_in_a_period_and_in_a_longer_time_are_found_by_the_period(narrowed: str):
    measures = create_measures()
    measures.define_measure(
        "all", NARROWED[narrowed].count_for_patient(), anybody, intervals=WEEKS
    )
    told = [
        (1, day(3), day(-3), 1),
        (1, day(4), day(-363), 1),
        (1, day(10), None, 1),
        (2, day(9), day(9), 1),
    ]
    records = {
        **people(None, None, None),
        **rows(*told, (3, day(41), day(-400), 1), (3, day(42), day(0), 1)),
    }
    with Planned(list(measures), records) as planned:
        (chain,) = planned.timelines.chains
        assert [counting.titles(planned.chosen)[name] for name in chain.touching] == [
            "all_numerator"
        ]
    expected = _by_place(reference_engine.measures(list(measures), records))
    assert _by_place(count_planned(list(measures), records)) == expected
    assert sum(counts["numerator"] for counts in expected.values()) >= 2


def test_of_many_times_of_a_row_not_all_pairs_are_tried(monkeypatch):
    """Each edge is weighed by itself: all pairs of ninety starts and ends took nine
    seconds.
    """
    tried = []
    monkeypatch.setattr(
        windows, "overlap", lambda *asked: tried.append(asked) or overlap(*asked)
    )
    within = in_period
    for k in range(90):
        within = within.where((e.d1 >= START - days(k)) & (e.d1 <= END + days(k)))
    measures = create_measures()
    measures.define_measure(
        "all",
        within.exists_for_patient(),
        anybody,
        intervals=weeks(20).starting_on(MONDAY),
    )
    assert count_planned(list(measures), rows((1, day(3), None, 1)))
    assert 0 < len(tried) < 20
