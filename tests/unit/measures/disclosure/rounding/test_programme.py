"""One programme, worked by hand: which way each count is rounded, and what gives way
where none fits.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from measures.disclosure.rounding.programme import (
    MANY_CELLS,
    SLACK,
    UNKNOWN,
    Programme,
    solve,
)
from tests.lib.tied_tables import BASE


def one_table(counts, base=BASE, fixed=None, chance=0.5):
    """A total and its cells as a programme: the total first."""
    size = len(counts)
    nothing = np.zeros(0, np.int64)
    return Programme(
        counts=np.array([sum(counts), *counts]), base=np.full(size + 1, base), chance=np.full(size + 1, chance),
        fixed=np.array(fixed if fixed else [UNKNOWN] * (size + 1)), table=np.array([0] + [1] * size),
        depth=np.array([0, 1]), parents=np.array([0]), parts=np.arange(1, size + 1), part_of=np.zeros(size, np.int64),
        smaller=nothing, larger=nothing, covered=nothing, covers=nothing, cover_of=nothing,
    )  # fmt: skip


def test_a_fixed_total_that_no_cells_can_reach_withholds_them():
    solution = solve(one_table([3, 4, 5], fixed=[9, UNKNOWN, UNKNOWN, UNKNOWN]))
    assert solution.withheld.tolist() == [False, True] and solution.values[0] == 90


def test_a_fixed_total_a_little_off_costs_single_cells():
    """12 people, shown as 40 before: the cells would need to be 40 in all, and each may
    be 10.
    """
    solution = solve(one_table([3, 4, 5], fixed=[4, UNKNOWN, UNKNOWN, UNKNOWN]))
    assert not solution.withheld.any() and solution.values[1:].sum() == 40
    assert (
        solution.wider.sum() == 1
        and np.abs(solution.values[1:] - [3, 4, 5]).max() < 2 * BASE
    )


def test_a_multiple_stays_and_a_chance_decides_the_others():
    """u above the remainder: down; below it: up. Of 7 of 10 that is u < 0.7."""
    for chance, shown in ((0.69, 20), (0.71, 10)):
        solution = solve(one_table([17, 20], chance=chance))
        assert solution.values.tolist() == [shown + 20, shown, 20]


def cheapest(counts, chance):
    """The least cost of any rounding that adds up, tried one by one."""
    whole = np.array([sum(counts), *counts])
    floor, part = whole // BASE, whole % BASE
    best = np.inf
    for steps in product((0, 1), repeat=len(whole)):
        ups = np.array(steps) * (part > 0)
        values = floor + ups
        if values[0] == values[1:].sum():
            best = min(best, float(((chance - part / BASE) * ups).sum()))
    return best


@pytest.mark.parametrize("seed", range(30))
def test_the_cheapest_rounding_that_adds_up(seed):
    chance = np.random.default_rng(seed)
    counts = chance.integers(0, 40, 5)
    u = chance.random(6)
    programme = one_table(counts.tolist(), chance=u)
    solution = solve(programme)
    values = solution.values
    assert values[0] == values[1:].sum() and not solution.withheld.any()
    assert (values % BASE == 0).all() and (
        np.abs(values - programme.counts) < BASE
    ).all()
    ups = values > programme.counts
    cost = float(((u - programme.counts % BASE / BASE) * ups).sum())
    assert cheapest(counts, u) <= cost <= cheapest(counts, u) + SLACK * 6


def test_a_part_stays_within_its_whole():
    """13 of 14: the part would go up and the whole down, were they not a pair."""
    assert of_pair().tolist() == [20, 10]
    assert of_pair(smaller=np.array([0]), larger=np.array([1])).tolist() in (
        [10, 10],
        [20, 20],
    )


def of_pair(**pairs):
    nothing = np.zeros(0, np.int64)
    named = dict.fromkeys(
        (
            "parents",
            "parts",
            "part_of",
            "smaller",
            "larger",
            "covered",
            "covers",
            "cover_of",
        ),
        nothing,
    )
    programme = Programme(
        counts=np.array([13, 14]),
        base=np.full(2, BASE),
        chance=np.array([0.1, 0.9]),
        fixed=np.full(2, UNKNOWN),
        table=np.array([0, 1]),
        depth=np.array([0, 0]),
        **(named | pairs),
    )
    return solve(programme).values


def crossing(people, events):
    """A total and a crossing of two columns, as denominators and then numerators."""
    cells = len(people)
    counts = np.array([sum(people), *people, sum(events), *events])
    d, n = np.arange(cells + 1), np.arange(cells + 1) + cells + 1
    nothing = np.zeros(0, np.int64)
    return Programme(
        counts=counts, base=np.full(len(counts), BASE), chance=np.full(len(counts), 0.5),
        fixed=np.full(len(counts), UNKNOWN), table=np.array([0] + [1] * cells + [2] + [3] * cells),
        depth=np.array([0, 2, 0, 2]), parents=np.array([d[0], n[0]]), parts=np.concatenate([d[1:], n[1:]]),
        part_of=np.repeat([0, 1], cells), smaller=n, larger=d, covered=nothing, covers=nothing, cover_of=nothing,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("many", "size", "withheld"),
    [
        (MANY_CELLS, 1, False),  # few cells
        (MANY_CELLS + 1, 1, True),  # one person in each
        (MANY_CELLS + 1, BASE, True),
        (MANY_CELLS + 1, BASE + 1, False),  # people enough for a name
    ],
)
def test_a_crossing_that_scatters_people_is_withheld(many, size, withheld):
    solution = solve(crossing([size] * many, [0] * many))
    assert solution.withheld.tolist() == [False, withheld, False, withheld]


def test_rare_events_scatter_nobody():
    """Each of many groups of 30 people has one event: the crossing is shown."""
    many = 3 * MANY_CELLS
    solution = solve(crossing([3 * BASE] * many, [1] * many))
    assert not solution.withheld.any()
    assert (solution.values[1 : many + 1] == 3 * BASE).all()


# People who have a number -------------------------------------------------------------


def given(counts, numbers, chance=0.5):
    """A total and its cells, some of whose people have a number, in bases."""
    pinned = np.array([UNKNOWN if number is None else number for number in numbers])
    return solve(replace(one_table(counts, chance=chance), pinned=pinned))


@pytest.mark.parametrize("chance", [0.01, 0.99])
@pytest.mark.parametrize("number", [1, 2])
def test_people_who_have_a_number_keep_it(number, chance):
    solution = given([14, 25], [None, number, None], chance)
    assert (
        solution.values[1] == 10 * number
        and solution.values[0] == solution.values[1:].sum()
    )
    assert not solution.wider.any() and not solution.withheld.any()


def test_numbers_that_do_not_fit_together_cost_the_fewest_counts():
    """Of 14, 25 and 39 people: 20 and 30 are not 40, whatever else moves."""
    solution = given([14, 25], [4, 2, 3])
    assert solution.values[0] == solution.values[1:].sum()
    assert solution.wider.sum() == 1 and not solution.withheld.any()


def test_another_number_that_nobody_sees_costs_nothing():
    """Of 3, 14, 25 and 42 people: all but the 3 people fit, and 0 and 10 are both
    redacted.
    """
    for number in (0, 1):
        solution = given([3, 14, 25], [4 + (number == 0), number, 1, 3])
        assert solution.values.tolist() == [
            40 + 10 * (number == 0),
            10 * (number == 0),
            10,
            30,
        ]
        assert not solution.wider.any() and not solution.withheld.any()


def test_counts_of_the_same_people_move_together():
    """Whoever is in one cell alone is the total."""
    solution = solve(
        replace(
            one_table([14, 0]),
            same=np.array([0, 0, 2]),
            chance=np.array([0.1, 0.9, 0.5]),
        )
    )
    assert solution.values.tolist() == [20, 20, 0], "the first one's chance decides"
    solution = solve(
        replace(
            one_table([14, 0]),
            same=np.array([0, 0, 2]),
            chance=np.array([0.9, 0.1, 0.5]),
        )
    )
    assert solution.values.tolist() == [10, 10, 0]


def test_the_same_people_in_two_cells_that_add_up():
    """Two of three cells have one number: their sum is even, and the whole with the
    third makes up for it.
    """
    whole = one_table([13, 13, 8])
    solution = solve(replace(whole, same=np.array([0, 1, 1, 3])))
    assert (
        solution.values[1] == solution.values[2]
        and solution.values[0] == solution.values[1:].sum()
    )
    assert (np.abs(solution.values - whole.counts) < BASE).all()
