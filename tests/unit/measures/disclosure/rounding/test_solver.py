"""Whole steps of least cost, against all of them tried one by one."""

from itertools import product

import numpy as np
import pytest

from measures.disclosure.rounding.solver import Rows, minimise

SIZE = 6


def rows_of(low, free):
    """Constraints on a whole (0), its parts (1 to 3) and a pair (4 is no more than
    5).
    """
    rows = Rows(low, free, np.cumsum(free) - 1)
    once = np.array([True])
    rows.add_sums(
        np.array([0]), np.array([1, 2, 3]), np.zeros(3, np.int64), once, exact=True
    )
    rows.add_pairs(np.array([4]), np.array([5]))
    return rows


def tried(cost, low, free):
    """The least cost of any steps that fit, one by one; None if none do."""
    best = None
    for steps in product((0, 1), repeat=int(free.sum())):
        values = low.copy()
        values[free] += np.array(steps, np.int64)
        fits = values[0] == values[1:4].sum() and values[4] <= values[5]
        if fits and (best is None or cost @ steps < best):
            best = cost @ steps
    return best


def solved(cost, low, free):
    size = int(free.sum())
    return minimise(
        cost, rows_of(low, free), lower=np.zeros(size), upper=np.ones(size), gap=0.0
    )


@pytest.mark.parametrize("seed", range(40))
def test_the_cheapest_of_all_steps_that_fit(seed):
    chance = np.random.default_rng(seed)
    low = chance.integers(0, 3, SIZE)
    free = chance.random(SIZE) < 0.8
    cost = chance.random(int(free.sum())) - 0.5
    steps, best = solved(cost, low, free), tried(cost, low, free)
    if best is None:
        assert steps is None
        return
    assert steps is not None and cost @ steps == pytest.approx(best)
    values = low.copy()
    values[free] += steps
    assert values[0] == values[1:4].sum() and values[4] <= values[5]


def test_some_of_these_fit_and_some_do_not():
    found = set()
    for seed in range(40):
        chance = np.random.default_rng(seed)
        low, free = chance.integers(0, 3, SIZE), chance.random(SIZE) < 0.8
        found.add(tried(np.zeros(int(free.sum())), low, free) is None)
    assert found == {True, False}


def test_without_constraints_each_goes_where_it_is_cheaper():
    free = np.ones(3, bool)
    rows = Rows(np.zeros(3, np.int64), free, np.arange(3))
    steps = minimise(
        np.array([-1.0, 0.5, 0.0]), rows, lower=np.zeros(3), upper=np.ones(3), gap=0.0
    )
    assert steps is not None and steps.tolist() == [1, 0, 0]


@pytest.mark.parametrize(("exact", "expected"), [(True, [1, 0]), (False, [1, 1])])
def test_a_sum_may_be_larger_where_it_only_covers(exact, expected):
    """Both parts would rather go up; together they are 2, which covers a whole of 1 but
    is not it.
    """
    low, free = np.array([1, 0, 0]), np.array([False, True, True])
    rows = Rows(low, free, np.cumsum(free) - 1)
    once = np.array([True])
    rows.add_sums(
        np.array([0]), np.array([1, 2]), np.zeros(2, np.int64), once, exact=exact
    )
    cost = np.array([-0.4, -0.3])
    steps = minimise(cost, rows, lower=np.zeros(2), upper=np.ones(2), gap=0.0)
    assert steps is not None and steps.tolist() == expected


def test_several_variables_may_make_up_the_steps_of_a_count():
    """A count that may go up by two, as the sum of two variables: 2 = 0 + 1 + 1."""
    low, free = np.array([2, 0]), np.array([False, True])
    rows = Rows(low, free, np.cumsum(free) - 1)
    rows.add_sums(
        np.array([0]),
        np.array([1]),
        np.zeros(1, np.int64),
        np.array([True]),
        exact=True,
    )
    steps = minimise(
        np.ones(2), rows.repeated(2, 1), lower=np.zeros(2), upper=np.ones(2), gap=0.0
    )
    assert steps is not None and steps.tolist() == [1, 1]
