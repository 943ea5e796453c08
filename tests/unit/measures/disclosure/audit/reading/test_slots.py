"""Rows of several releases, without what was merely shown again."""

from measures.disclosure.audit import audit
from measures.disclosure.audit.reading.names import Slot
from measures.disclosure.audit.reading.rows import rows_of
from measures.disclosure.audit.reading.slots import slots_of
from tests.lib.attacks import NEXT, WEEK, measure, row, table


def test_controlled_release_that_stays_tells_nothing_new():
    shown = table([row("m", [], 30, 100)])
    once, twice = (
        audit([shown] * n, {"measures": {"m": measure()}}, "controlled") for n in (1, 2)
    )
    assert once.passed and twice.passed
    assert twice.narrowest == once.narrowest


ONE = rows_of(table([row("m", [], 30, 100), row("m", [], 40, 100, NEXT)]))


def test_what_was_merely_shown_again_tells_nothing_new():
    found = slots_of([ONE, ONE], appends=True)
    assert found == {Slot(0, WEEK): ONE[:1], Slot(0, NEXT): ONE[1:]}


def test_without_a_ledger_every_release_is_a_count_of_its_own():
    found = slots_of([ONE, ONE], appends=False)
    assert set(found) == {
        Slot(release, when) for release in (0, 1) for when in (WEEK, NEXT)
    }


def test_an_interval_that_changed_is_another_count():
    changed = rows_of(table([row("m", [], 50, 100), row("m", [], 40, 100, NEXT)]))
    found = slots_of([ONE, changed], appends=True)
    assert set(found) == {Slot(0, WEEK), Slot(1, WEEK), Slot(0, NEXT)}


def test_what_is_new_beside_old_numbers_counts_the_same_people():
    more = [*ONE[:1], *rows_of(table([row("k", [], 20, 100)]))]
    found = slots_of([ONE, more], appends=True)
    assert [each.measure for each in found[Slot(0, WEEK)]] == ["m", "k"]


def practices(**denominators):
    return rows_of(
        table(
            [row("m", [("practice", name)], d, d) for name, d in denominators.items()]
        )
    )


def test_a_group_that_gets_its_name_later_has_rows_without_numbers():
    found = slots_of([practices(a=30), practices(a=30, b=None)], appends=True)
    assert set(found) == {Slot(0, WEEK)} and len(found[Slot(0, WEEK)]) == 2


def test_other_groups_with_numbers_are_other_numbers():
    """Rows that are there once only say nothing alike."""
    for later in (
        practices(a=30, c=40),
        practices(c=40),
        practices(a=30, b=None, c=40),
    ):
        found = slots_of([practices(a=30, b=40), later], appends=True)
        assert set(found) == {Slot(0, WEEK), Slot(1, WEEK)}
