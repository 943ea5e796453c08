"""The exact range of every count, found with as few programmes as will do."""

import numpy as np
import pytest

from measures.disclosure.audit import audit
from measures.disclosure.audit.solving.components import components_of
from measures.disclosure.audit.solving.ranges import Goal, ranges_of
from measures.disclosure.audit.solving.system import CHANGE, Guess, Sketch
from tests.lib import attack_tables as made


@pytest.mark.parametrize("policy", [*made.SHOW, "controlled"])
def test_looking_only_where_it_matters_finds_the_same(policy):
    people = made.world(600, 4, (3, 4, 2), seed=3)
    both = [made.weekly(people), made.weekly(made.one_more(people, seed=4))]
    show = (lambda rows: made.protected(rows, policy)) if policy == "controlled" else (
        lambda rows: made.released(rows, made.SHOW[policy]))  # fmt: skip
    tables = [show(rows) for rows in both]
    quick, full = (
        audit(tables, made.structure_of(both[0]), policy, settings={"exhaustive": each})
        for each in (False, True)
    )
    assert quick.findings == full.findings
    assert quick.programmes < full.programmes


SIZE, MOST = 4, 6


def drawn(seed):
    """Four counts of 0 to 6 with some random rows that a random truth fulfils, and each
    asked for.
    """
    chance = np.random.default_rng(seed)
    truth = chance.integers(0, MOST + 1, SIZE)
    made, rows = Sketch(), []
    for name in range(SIZE):
        made.add(name, 0, MOST)
    for _ in range(chance.integers(1, 4)):
        weights = chance.integers(-1, 2, SIZE)
        total = int(weights @ truth)
        least, most = (
            total - int(chance.integers(0, 2)),
            total + int(chance.integers(0, 2)),
        )
        if weights.any():
            made.tie({n: float(w) for n, w in enumerate(weights) if w}, least, most)
            rows.append((weights, least, most))
    for name in range(SIZE):
        made.aim(name, None, 0)
    made.aim(0, 1, 1)
    return made.system(), rows


def tried(rows):
    """The smallest and the largest of each target over all truths, one by one."""
    truths = np.array(list(np.ndindex(*[MOST + 1] * SIZE)))
    for weights, least, most in rows:
        sums = truths @ weights
        truths = truths[(sums >= least) & (sums <= most)]
    targets = np.column_stack([truths, truths[:, 0] - truths[:, 1]])
    return targets.min(axis=0).tolist(), targets.max(axis=0).tolist()


@pytest.mark.parametrize("seed", range(40))
def test_ranges_are_those_of_all_truths(seed):
    system, rows = drawn(seed)
    found = ranges_of(system, Goal(threshold=2, width=3, strict=True, exhaustive=True))
    assert found.exact.all()
    assert (found.lows.tolist(), found.highs.tolist()) == tried(rows)


@pytest.mark.parametrize("seed", range(40))
def test_what_is_not_looked_at_to_the_end_is_wide_enough(seed):
    system, rows = drawn(seed)
    found = ranges_of(system, Goal(threshold=2, width=3, strict=True))
    for low, high, exact, least, most in zip(
        found.lows, found.highs, found.exact, *tried(rows), strict=True
    ):
        assert least <= low <= high <= most
        assert (low, high) == (least, most) if exact else high - low + 1 >= 3


def test_large_counts_may_be_narrow_where_each_is_rounded_by_itself():
    """So they are not looked at: fewer programmes, and what is left open is wide or
    large.
    """
    programmes = {True: 0, False: 0}
    for seed in range(40):
        system, _ = drawn(seed)
        for strict in programmes:
            found = ranges_of(system, Goal(threshold=1, width=5, strict=strict))
            programmes[strict] += found.programmes
            wide = found.highs - found.lows + 1 >= 5
            assert (found.exact | wide | (not strict and found.lows > 1)).all()
    assert programmes[False] < programmes[True]


def test_a_belief_that_nothing_fits_is_dropped():
    """x was 5 and is 3: that there are more is refuted, that there are fewer fits."""
    made = Sketch()
    made.add("then", 5, 5)
    made.add("now", 3, 3)
    made.tie({"now": 1.0, "then": -1.0}, 1, 3, CHANGE)
    made.aim("now", None, 0)
    [component] = components_of(made.system())
    assert ranges_of(
        component.system, Goal(threshold=2, width=3, strict=True)
    ).guess == Guess(True, -1)


def test_numbers_that_contradict_the_rules_have_no_ranges():
    made = Sketch()
    made.add("x", 0, 3)
    made.tie({"x": 1.0}, 5, 9)
    made.aim("x", None, 0)
    found = ranges_of(made.system(), Goal(threshold=2, width=3, strict=True))
    assert found.guess is None and len(found.lows) == 0
