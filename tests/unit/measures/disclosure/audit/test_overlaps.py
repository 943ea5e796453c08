"""Intervals that overlap: what a month says of its weeks, and they of it."""

import datetime

from measures.disclosure.audit import audit
from measures.disclosure.audit.overlaps import cover, inside, is_partition
from tests.lib import attack_tables as made
from tests.lib.attacks import MONTH, NEXT, WEEK, measure, ranges, row, table

WINDOW = {"moves_with": [], "alone": True}


def windows(kind="people"):
    return {
        name: measure("n", "d", kind=kind, window=WINDOW)
        for name in ("weekly", "monthly")
    }


def test_week_is_part_of_its_month():
    rows = [row("weekly", [], None, 100), row("monthly", [], 2, 100, MONTH)]
    assert ranges([table(rows)], windows(), "none")[0, "weekly", (), "numerator"] == (
        0,
        2,
    )


def test_month_has_at_most_the_people_of_its_weeks():
    rows = [row("weekly", [], n, 100, made.week(i)) for i, n in enumerate((0, 1, 0, 1))]
    rows.append(row("monthly", [], None, 100, MONTH))
    assert ranges([table(rows)], windows(), "none")[0, "monthly", (), "numerator"] == (
        1,
        2,
    )


def test_events_of_weeks_add_up_to_those_of_their_month():
    rows = [
        row("weekly", [], n, 100, made.week(i))
        for i, n in enumerate((40, None, 50, 60))
    ]
    rows.append(row("monthly", [], 155, 100, MONTH))
    found = audit([table(rows)], {"measures": windows("events")}, "none")
    [second] = [
        f
        for f in found.findings
        if f.place.interval == NEXT and f.place.quantity == "numerator"
    ]
    assert (second.low, second.high) == (5, 5)


def test_windows_that_contradict_what_is_shown_are_no_longer_believed():
    rows = [row("weekly", [], 9, 100), row("monthly", [], 2, 100, MONTH)]
    found = audit([table(rows)], {"measures": windows()}, "none")
    assert not found.contradictions
    assert "nothing of how overlapping intervals" in next(iter(found.beliefs))


def day(number):
    return datetime.date(2020, 1, number)


def test_cover_is_by_those_that_reach_furthest():
    weeks = [(day(i), day(i + 6)) for i in (1, 8, 15, 22)]
    assert cover((day(6), day(16)), weeks) == weeks[:3]
    assert cover((day(6), day(30)), weeks) is None
    assert is_partition(weeks, (day(1), day(28)))
    assert not is_partition(weeks[:2], (day(2), day(14)))


def test_a_part_is_a_proper_part():
    assert inside(WEEK, MONTH) and not inside(MONTH, MONTH) and not inside(MONTH, WEEK)
    assert not inside((day(6), day(16)), (day(1), day(14)))
