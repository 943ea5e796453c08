"""Periods put in order, and dates found their places among them; everything against a
count by hand.
"""

import datetime
from datetime import date, timedelta

import pytest

from extractors.engine import Engine
from extractors.language.dates import months, weeks
from extractors.model import nodes
from extractors.planner.ladders import changes_of, dates_on, ladders
from extractors.sql.positions import FEW, place_sql, position_sql, with_variables

MONDAY = date(2020, 1, 6)
START, END = (nodes.Parameter(name) for name in nodes.PARAMETERS)
WEEKS = tuple(weeks(9).starting_on(MONDAY))


def test_weeks_are_one_ladder_whatever_order_they_come_in():
    assert ladders([*reversed(WEEKS), WEEKS[3]]) == [WEEKS]


def test_the_whole_time_is_a_ladder_beside_its_weeks():
    whole = (WEEKS[0][0], WEEKS[-1][1])
    found = ladders([*WEEKS, whole])
    assert sorted(map(len, found)) == [1, 9] and {
        each for ladder in found for each in ladder
    } == {*WEEKS, whole}


@pytest.mark.parametrize("lengths", [(1, 30, 2, 9), (5, 5, 5), (40, 30, 20, 10)])
def test_on_every_ladder_neither_starts_nor_ends_fall(lengths: tuple[int, ...]):
    intervals = [
        (MONDAY + timedelta(3 * k), MONDAY + timedelta(3 * k + n))
        for k in range(20)
        for n in (lengths[k % len(lengths)],)
    ]
    found = ladders(intervals)
    assert sorted(each for ladder in found for each in ladder) == sorted(intervals)
    for ladder in found:
        assert all(
            a[0] <= b[0] and a[1] <= b[1]
            for a, b in zip(ladder, ladder[1:], strict=False)
        )


def test_dates_of_a_period_are_those_of_the_language():
    last_of_month = nodes.Call("add_months", (END, nodes.Literal(1, int)))
    assert dates_on(last_of_month, months(2).starting_on("2020-01-01")) == [
        date(2020, 3, 1),
        date(2020, 3, 29),
    ]
    assert dates_on(nodes.Call("first_of_year", (START,)), WEEKS[:1]) == [
        date(2020, 1, 1)
    ]
    far = nodes.Call("add_days", (START, nodes.Literal(5_000_000, int)))
    assert dates_on(far, WEEKS) is None


def test_parts_of_dates_change_where_the_calendar_does():
    assert changes_of(nodes.Call("month", (START,)), WEEKS) == [4, 8]


@pytest.mark.parametrize("passed", [False, True])
@pytest.mark.parametrize("count", [1, FEW, FEW + 1, 40])
def test_a_place_is_the_number_of_dates_before(count: int, passed: bool):
    """Days before, on, between and after the dates, and NULL; with steps of no regular
    length.
    """
    among = [MONDAY + timedelta(k * k // 3) for k in range(count)]
    days = [MONDAY + timedelta(k) for k in range(-400, 1000)] + [
        date(1, 1, 1),
        date(9999, 12, 31),
        None,
    ]
    values = ", ".join(f"(DATE '{day}')" if day else "(NULL)" for day in days)
    with Engine() as engine:
        rows = engine.execute(
            f"SELECT d, {position_sql('d', among, passed)} FROM (VALUES {values}) AS "
            "t(d)"
        )
    got = dict(rows)
    for day in days:
        before = (
            None
            if day is None
            else sum(each <= day if passed else each < day for each in among)
        )
        assert got[day] == before


@pytest.mark.parametrize("passed", [False, True])
def test_a_place_among_dates_far_apart(passed: bool):
    """From the first day of the calendar to the last, some of them twice; before, on
    and after each, and NULL.
    """
    far = [
        date(1, 1, 1),
        date(1, 1, 1),
        *(date(k, 6, 1) for k in range(100, 9999, 99) for _ in (1, 2)),
    ]
    among = sorted(
        [*far, *(MONDAY + timedelta(7 * k) for k in range(60)), date(9999, 12, 31)]
    )
    days = {each + timedelta(k) for each in among[2:-1] for k in (-1, 0, 1)} | {
        among[0],
        among[-1],
    }
    with Engine() as engine:
        values = ", ".join(f"(DATE '{day}')" for day in days)
        sql = (
            f"SELECT d, {position_sql('d', among, passed)} FROM (VALUES {values}, "
            "(NULL)) AS t(d)"
        )
        got = dict(engine.execute(sql))
    assert len(sql) < 1_000_000, "a number for each day there is"
    before: dict = {
        day: sum(each <= day if passed else each < day for each in among)
        for day in days
    }
    assert got == before | {None: None}


def test_more_places_than_a_small_number_holds():
    days = [MONDAY + timedelta(k) for k in range(33_000)]
    last = position_sql(f"DATE '{days[-1]}'", days, True)
    variables, short = with_variables(f"SELECT {last}")
    with Engine() as engine:
        for variable in variables:
            engine.execute(variable)
        assert variables and engine.execute(short) == [(33_000,)]


def test_places_of_a_longer_ladder():
    with Engine() as engine:
        rows = engine.execute(
            f"SELECT p, {place_sql('p', [2, 3, 7], 9)} FROM range(10) AS t(p)"
        )
    assert dict(rows) == {p: sum(each < p for each in (2, 3, 7)) for p in range(10)}


def test_adding_months_never_overtakes():
    """Which is why a moment stays a moment when months are added: a look at every day
    of nine years.
    """
    days = [date(2016, 1, 1) + timedelta(k) for k in range(9 * 365)]
    for count in (-13, -12, -1, 1, 2, 11, 12, 480):
        moved = dates_on(
            nodes.Call("add_months", (START, nodes.Literal(count, int))),
            [(d, d) for d in days],
        )
        assert moved is not None and all(
            a <= b for a, b in zip(moved, moved[1:], strict=False)
        )
        assert isinstance(moved[0], datetime.date)
