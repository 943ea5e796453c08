"""The largest sums that a system allows: small programmes, worked by hand."""

from math import inf

import numpy as np
import pytest

from measures.disclosure.audit.solving.solver import Solver
from measures.disclosure.audit.solving.system import Guess, Sketch


def solver(highs, *ties, low=0.0):
    """Counts from `low` to `highs`, and rows (weights, least, most)."""
    made = Sketch()
    for name, high in enumerate(highs):
        made.add(name, low, high)
    for weights, least, most in ties:
        made.tie(dict(enumerate(weights)), least, most)
    system = made.system()
    least, most = system.bounds(Guess(True, 0))
    return Solver(system, lows=system.lows, highs=system.highs, least=least, most=most)


def test_the_largest_weighted_sum_and_where_it_is():
    """x + y <= 8 with x to 5 and y to 6: 2 x + y is 13 at (5, 3)."""
    best = solver([5, 6], ([1.0, 1.0], -inf, 8)).optimum(np.array([2.0, 1.0]))
    assert best.value == 13
    assert best.point is not None and best.point.tolist() == [5, 3]


def test_a_sum_without_an_end():
    best = solver([inf, 6], ([1.0, -1.0], 0, inf)).optimum(np.array([1.0, 0.0]))
    assert best.value == inf and best.point is None


def test_nothing_is_possible():
    assert solver([3, 4], ([1.0, 1.0], 8, inf)).possible() is None
    assert solver([3, 4], ([1.0, 1.0], 7, inf)).possible().tolist() == [3, 4]


def test_whole_numbers_where_the_relaxation_has_none():
    """3 x + 3 y + 3 z = 6 and pairs of at most 1.5: x = y = z needs 2 / 3, whole
    numbers must differ.
    """
    rows = [
        ([2.0, 2.0, 0.0], -inf, 3),
        ([0.0, 2.0, 2.0], -inf, 3),
        ([2.0, 0.0, 2.0], -inf, 3),
    ]
    found = solver([5, 5, 5], *rows)
    everything = np.ones(3)
    assert found.optimum(everything).value == 2  # 2.25, rounded down
    best = found.optimum(everything, whole=True)
    assert best.value == 1 and best.point is not None and best.point.sum() == 1


@pytest.mark.parametrize("low", [0.0, 20_000_000.0])
def test_counts_of_millions_are_as_exact_as_small_ones(low):
    """Ten possible counts, however large they are."""
    found = solver([low + 9, low + 9], ([1.0, -1.0], 3, 3), low=low)
    best = found.optimum(np.array([1.0, 0.0]), whole=True)
    least = found.optimum(np.array([-1.0, 0.0]), whole=True)
    assert (best.value, -least.value) == (low + 9, low + 3)
    assert found.runs >= 2
