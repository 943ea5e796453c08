"""A system taken apart: what no row ties is looked at alone."""

from math import inf

import pytest

from measures.disclosure.audit.solving.components import components_of
from measures.disclosure.audit.solving.system import CHANGE, WINDOW, Guess, Sketch


def sketch(*ties, tag=0):
    """Counts a to f of 0 to 9, tied in pairs; each is asked for."""
    made = Sketch()
    for name in "abcdef":
        made.add(name, 0, 9)
    for one, other in ties:
        made.tie({one: 1.0, other: -1.0}, 0, inf, tag)
    for number, name in enumerate("abcdef"):
        made.aim(name, None, number)
    return made


def targets(made):
    return [
        [int(target) for target in part.targets]
        for part in components_of(made.system())
    ]


def test_counts_hang_together_at_however_many_removes():
    assert targets(sketch()) == [[0], [1], [2], [3], [4], [5]]
    assert targets(sketch("ac", "ce", "bf")) == [[0, 2, 4], [1, 5], [3]]
    assert targets(sketch("ef", "de", "cd", "bc", "ab")) == [[0, 1, 2, 3, 4, 5]]


def test_a_component_is_a_system_of_its_own():
    made = sketch("ac", "bf")
    made.add("f", 4, 6)
    first, second, *_ = components_of(made.system())
    assert first.system.targets.tolist() == [[0, -1], [1, -1]]
    rows, columns, weights = second.system.entries
    assert (rows.tolist(), columns.tolist(), weights.tolist()) == (
        [0, 0],
        [0, 1],
        [1, -1],
    )
    assert (second.system.lows.tolist(), second.system.highs.tolist()) == (
        [0, 4],
        [9, 6],
    )


def test_what_nobody_asks_for_is_left_out():
    made = sketch()
    made.add("unasked", 0, 9)
    assert len(components_of(made.system())) == 6


@pytest.mark.parametrize(("tag", "guesses", "joint"), [
    (0, [Guess(True, 0)], False),
    (WINDOW, [Guess(True, 0), Guess(False, 0)], False),
    (CHANGE, [Guess(True, 1), Guess(True, -1), Guess(True, 0)], True),
])  # fmt: skip
def test_the_strongest_beliefs_are_tried_first(tag, guesses, joint):
    first = components_of(sketch("ab", tag=tag).system())[0]
    assert (list(first.system.guesses), first.joint) == (guesses, joint)
