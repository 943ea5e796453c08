"""What is known of some counts, put together and under a guess."""

from math import inf

import numpy as np

from measures.disclosure.audit.solving.system import CHANGE, RULE, WINDOW, Guess, Sketch


def sketch():
    """x of 0 to 9 and y of 2 to 5; x + y = 8, y - x <= 1 by windows, x changed by 1 to
    3.
    """
    made = Sketch()
    made.add("x", 0, 9)
    made.add("y", 2, 5)
    made.tie({"x": 1.0, "y": 1.0}, 8, 8)
    made.tie({"y": 1.0, "x": -1.0}, -inf, 1, WINDOW)
    made.tie({"x": 1.0}, 1, 3, CHANGE)
    made.aim("x", None, 0)
    made.aim("x", "y", 1)
    return made


def test_what_is_known_twice_is_known_better():
    made = sketch()
    made.add("x", 3, 20)
    assert made.range("x") == (3, 9)
    made.add("x", -inf, 4)
    assert made.range("x") == (3, 4) and len(made.columns) == 2


def test_a_system_has_a_row_for_each_tie_and_a_target_for_each_aim():
    system = sketch().system()
    matrix = np.zeros((3, 2))
    rows, columns, weights = system.entries
    matrix[rows, columns] = weights
    assert matrix.tolist() == [[1, 1], [-1, 1], [1, 0]]
    assert (system.least.tolist(), system.most.tolist()) == ([8, -inf, 1], [8, 1, 3])
    assert system.tags.tolist() == [RULE, WINDOW, CHANGE]
    assert system.targets.tolist() == [[0, -1], [0, 1]]


def test_targets_at_a_point_are_counts_and_differences():
    assert sketch().system().values(np.array([6.0, 2.0])).tolist() == [6, 4]


def test_bounds_under_each_guess():
    system = sketch().system()

    def bounds(guess):
        return [tuple(pair) for pair in zip(*system.bounds(guess), strict=True)]

    assert bounds(Guess(True, 1)) == [(8, 8), (-inf, 1), (1, 3)]
    assert bounds(Guess(True, -1)) == [(8, 8), (-inf, 1), (-3, -1)]
    assert bounds(Guess(False, 0)) == [(8, 8), (-inf, inf), (-inf, inf)]


def test_nothing_known_is_a_system_too():
    system = Sketch().system()
    assert system.targets.shape == (0, 2) and all(
        len(part) == 0 for part in system.entries
    )
