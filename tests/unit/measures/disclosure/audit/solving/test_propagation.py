"""What each row alone says of each of its counts, worked by hand."""

from math import inf

import pytest

from measures.disclosure.audit.solving.propagation import propagate
from measures.disclosure.audit.solving.system import Guess, Sketch


def bounds(counts, *ties):
    """`counts`: name -> (low, high). `ties`: (terms, least, most)."""
    made = Sketch()
    for name, (low, high) in counts.items():
        made.add(name, low, high)
    for terms, least, most in ties:
        made.tie(terms, least, most)
    system = made.system()
    found = propagate(system, *system.bounds(Guess(True, 0)))
    if found is None:
        return None
    return dict(zip(counts, zip(*found, strict=True), strict=True))


def test_one_summand_bounds_the_other():
    found = bounds({"x": (0, 3), "y": (0, inf)}, ({"x": 1.0, "y": 1.0}, 10, 10))
    assert found == {"x": (0, 3), "y": (7, 10)}


def test_what_is_learnt_of_one_row_is_used_in_the_next():
    found = bounds(
        {"x": (4, 4), "y": (0, inf), "z": (0, inf)},
        ({"y": 1.0, "z": -1.0}, 2, inf),  # z is 2 below y or more
        ({"x": 1.0, "y": 1.0}, 10, 10),
    )
    assert found == {"x": (4, 4), "y": (6, 6), "z": (0, 4)}


def test_bounds_are_whole():
    assert bounds({"x": (0.2, 7.9)}, ({"x": 2.0}, 3, 11)) == {"x": (2, 5)}


def test_two_endless_summands_say_nothing_of_each_other():
    free = {"x": (-inf, inf), "y": (-inf, inf)}
    assert bounds(free, ({"x": 1.0, "y": 1.0}, 10, 10)) == free


@pytest.mark.parametrize("total", [-1, 8])
def test_a_sum_that_no_counts_have(total):
    counts = {"x": (0, 3), "y": (0, 4)}
    assert bounds(counts, ({"x": 1.0, "y": 1.0}, total, total)) is None
