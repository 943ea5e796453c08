"""All that an attacker knows: nesting, time, and what changed between two releases."""

import pytest

from measures.disclosure.audit import audit
from measures.disclosure.audit.knowledge import Change, sketch_of
from measures.disclosure.audit.reading.public import read_structure
from measures.disclosure.audit.reading.rows import rows_of
from measures.disclosure.audit.reading.slots import slots_of
from measures.disclosure.audit.reading.tables import Tables
from measures.disclosure.audit.rules import rule_of
from measures.disclosure.audit.solving.system import Guess
from tests.lib import attack_tables as made
from tests.lib.attacks import NEXT, measure, ranges, row, table


def test_two_releases_one_person_apart():
    before, after = [row("m", [], 12, 100)], [row("m", [], 13, 101)]
    found = ranges(
        [made.released(rows, made.nearest) for rows in (before, after)],
        {"m": measure()},
    )
    assert found[0, "m", (), "numerator"] == (12, 12)
    assert found[1, "m", (), "numerator"] == (13, 13)


def test_one_fewer_is_found_as_well():
    before, after = [row("m", [], 13, 101)], [row("m", [], 12, 100)]
    found = ranges(
        [made.released(rows, made.nearest) for rows in (before, after)],
        {"m": measure()},
    )
    assert found[1, "m", (), "numerator"] == (12, 12)


def test_change_that_is_no_single_person_joins_nothing():
    before, after = [row("m", [], 12, 100)], [row("m", [], 60, 300)]
    shown = [made.released(rows, made.nearest) for rows in (before, after)]
    found = audit(shown, {"measures": {"m": measure()}}, "opensafely")
    assert found.passed
    assert found.beliefs == {"nothing of what changed between releases": 6}


def test_known_change_can_be_set():
    """10 became 15: with two more, the first was 11 or 12."""
    before, after = [row("m", [], 12, 100)], [row("m", [], 14, 102)]
    shown = [made.released(rows, made.nearest) for rows in (before, after)]
    settings = {"more_per_cell": 2, "more_in_total": 2, "exhaustive": True}
    assert (
        audit(
            shown, {"measures": {"m": measure()}}, "opensafely", settings=settings
        ).narrowest
        == 2
    )


def test_nested_measures_bound_each_other():
    within = {"outer": measure("n"), "inner": measure("k", within=["outer"])}
    rows = [row("outer", [], 3, 100), row("inner", [], None, 100)]
    assert ranges([table(rows)], within, "none")[0, "inner", (), "numerator"] == (0, 3)


def test_numerator_is_within_its_denominator():
    found = ranges([table([row("m", [], None, 2)])], {"m": measure()}, "none")
    assert found[0, "m", (), "numerator"] == (0, 2)


def full_structure(moves):
    """A numerator that moves with the interval and a denominator that moves with these
    ends.
    """
    counts = {
        "d": {
            "kind": "people",
            "within": [],
            "moves_with": moves,
            "window": None,
            "people": None,
        },
        "n": {
            "kind": "people",
            "within": ["d"],
            "moves_with": ["start", "end"],
            "window": None,
            "people": None,
        },
    }
    each = measure() | {"counts": {"numerator": "n", "denominator": "d"}}
    return {"measures": {"m": each}, "counts": counts, "groups": {}}


@pytest.mark.parametrize("moves, width", [([], 1), (["start"], 5)])
def test_count_that_does_not_move_is_one_count_in_all_intervals(moves, width):
    """98..102 in one week and 102..106 in the next (as if by another rule) leave one
    value if it is the same count.
    """
    rows = [row("m", [], 20, 100), row("m", [], 20, 104, NEXT)]
    found = audit(
        [table(rows)],
        full_structure(moves),
        "opensafely",
        settings={"exhaustive": True},
    )
    assert found.narrowest == width


def test_what_is_believed_is_said_in_words():
    change = Change(per_cell=2, total=3)
    assert change.words(Guess(True, 0)) == "nothing of what changed between releases"
    more = "that each release has exactly 3 more in all, and at most 2 in a group"
    assert change.words(Guess(True, 1)) == more
    assert change.words(Guess(False, -1)) == (
        "nothing of how overlapping intervals hang together, and "
        f"{more.replace('more', 'fewer')}"
    )


def test_every_count_and_every_rest_is_asked_for_once():
    """Two measures of one denominator: two numerators, one denominator, two rests."""
    rows = [row("m", [], 30, 100), row("k", [], 20, 100)]
    tables = Tables(
        read_structure({"measures": {"m": measure(), "k": measure("k")}}),
        slots_of([rows_of(table(rows))], appends=True),
    )
    sketch, places = sketch_of(tables, rule_of("controlled", {}), Change())
    asked = sorted((place.measure, place.quantity) for place in places)
    assert len(places) == len(sketch.targets) == 5
    assert [quantity for _, quantity in asked].count("denominator") == 1
    assert [each for each in asked if each[1] == "rest"] == [
        ("k", "rest"),
        ("m", "rest"),
    ]
    assert sorted(zip(sketch.lows, sketch.highs, strict=True)) == [
        (11, 29),
        (21, 39),
        (91, 109),
    ]
