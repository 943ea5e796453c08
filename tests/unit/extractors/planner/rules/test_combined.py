# mypy: ignore-errors
"""What is made of parts that change in steps changes only where one of them does."""

from extractors import maximum_of
from extractors.planner.motion import Tip
from extractors.planner.rules.combined import combined
from tests.lib.rules import END, START, asked
from tests.lib.tables import e, p

started, ended = p.d1 <= START, p.d2 <= END
age = (START - p.d1).years
seen = e.where(e.d1 <= START).exists_for_patient()


def test_it_changes_where_a_part_does():
    motion = asked(combined, (started & ended).node)
    assert motion.steps
    assert motion.tips == {
        Tip(START.node, date=p.d1.node),
        Tip(END.node, date=p.d2.node),
    }


def test_it_names_the_rules_of_the_parts_that_move():
    named = [
        (started & ended, "date compared with the period"),
        (started & p.b1, "date compared with the period"),
        (started & seen, "date compared with the period and rows of the period"),
    ]
    for series, rule in named:
        assert asked(combined, series.node).rule == rule


def test_of_many_rules_it_names_none():
    three = maximum_of(age, START.year, e.where(e.d1 <= START).count_for_patient())
    assert asked(combined, three.node).rule == "several of these"


def test_it_says_why_a_part_that_is_not_of_steps_spoils_the_whole():
    motion = asked(combined, (started & ((START - p.d1).days > p.i1)).node)
    assert not motion.steps
    assert motion.why_not == "the date of the period is used as a value"


def test_it_declines_what_is_no_operation():
    for node in (START.node, p.d1.node, seen.node, e.where(e.d1 <= START)._node):
        assert asked(combined, node) is None
