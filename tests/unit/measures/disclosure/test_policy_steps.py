"""Each step by itself: forwards on a few counts, and backwards to all counts it may
have started from.
"""

import numpy as np
import pytest

from measures.counts.columns import Part
from measures.disclosure.memory.setting import Setting
from measures.disclosure.policy_steps import (
    Counts,
    Draft,
    RedactDominated,
    RedactFew,
    RedactSmall,
    RoundMidpoint,
    RoundNearest,
)
from tests.lib.raw_rows import of_people, raw_counts


@pytest.mark.parametrize("base", [5, 6, 7])
def test_midpoint_backwards_is_exact(base):
    step = RoundMidpoint(base)
    values = np.arange(-3 * base, 3 * base + 1)
    rounded = np.sign(values) * (-(-np.abs(values) // base) * base - base // 2)
    low, high = step.possible(counts(rounded), rounded, rounded)
    for value in np.unique(rounded):
        alike = values[rounded == value]
        assert (low[rounded == value] == alike.min()).all() and (
            high[rounded == value] == alike.max()
        ).all()


def test_even_base_is_refused():
    with pytest.raises(ValueError, match="not odd"):
        RoundNearest(10)


def counts(values, people=None, largest=None, own_base=0):
    values = np.array(values, np.int64)
    return Counts(
        values=values,
        people=values if people is None else np.array(people, np.int64),
        largest=np.minimum(values, 1)
        if largest is None
        else np.array(largest, np.int64),
        reasons=np.full(len(values), "", dtype=object),
        reach=np.zeros(len(values), np.int64),
        own_base=own_base,
    )


def after(step, before):
    """What a step makes of counts; both parts of a draft are treated alike."""
    raw = raw_counts([])
    parts = dict.fromkeys(Part, before)
    return step.protect(Draft(raw=raw, parts=parts, setting=Setting())).denominator


def test_small_counts_are_redacted_and_nobody_is_not_small():
    done = after(RedactSmall(7), counts([0, 1, 7, 8]))
    assert done.redacted.tolist() == [False, True, True, False]
    assert done.reasons[1] == "7 or less"


def test_a_sum_of_amounts_is_redacted_for_its_people_alone():
    """A sum of 5 tenths of nobody few: amounts are in units, so a small number is no
    small count.
    """
    done = after(
        RedactSmall(7), counts([5, 5], people=[8, 3], own_base=np.array([20, 20]))
    )
    assert done.redacted.tolist() == [False, True]


def test_redact_small_backwards():
    """What is shown as 0 was 0; what is shown as 10 was 8 to 12; nothing is shown that
    was 3 to 7.
    """
    low, high = np.array([-2, 3, 8, 6]), np.array([2, 7, 12, 10])
    least, most = RedactSmall(7).possible(counts([0, 5, 10, 8]), low, high)
    assert list(zip(least, most, strict=True)) == [(0, 0), (0, 0), (8, 12), (8, 10)]


@pytest.mark.parametrize("base", [1, 3, 5, 7])
def test_round_nearest_there_and_back(base):
    values = np.arange(0, 6 * base)
    shown = after(RoundNearest(base), counts(values)).values
    assert (shown % base == 0).all() and (2 * np.abs(shown - values) < base).all()
    low, high = RoundNearest(base).possible(counts(shown), shown, shown)
    for each in np.unique(shown)[:-1]:  # of the last, some lie beyond the range
        alike = values[shown == each]
        assert alike.max() == high[shown == each][0]
        assert each == 0 or alike.min() == low[shown == each][0]


def test_amounts_are_rounded_to_their_own_base():
    done = after(
        RoundNearest(5), counts([149, 150, 12], own_base=np.array([100, 100, 0]))
    )
    assert done.values.tolist() == [100, 200, 10]


def test_few_people_behind_many_events():
    done = after(RedactFew(6), counts([50, 50, 6, 0], people=[6, 7, 6, 0]))
    assert done.redacted.tolist() == [True, False, False, False]


def test_more_than_half_from_one_person():
    done = after(
        RedactDominated(), counts([100, 100, 1, -100], largest=[50, 51, 1, 60])
    )
    assert done.redacted.tolist() == [False, True, False, True]


def test_the_first_reason_stays():
    once = counts([1, 2]).redact(np.array([True, False]), "few")
    twice = once.redact(np.array([True, True]), "many")
    assert twice.reasons.tolist() == ["few", "many"]


def test_a_draft_knows_which_rows_are_released():
    raw = raw_counts([of_people(9, 99), of_people(8, 9)])
    parts = dict.fromkeys(Part, counts([9, 8]))
    draft = Draft(raw=raw, parts=parts, setting=Setting())
    assert draft.released.tolist() == [True, True]
    without = Draft(
        raw=raw, parts=parts, setting=Setting(), left_out=np.array([False, True])
    )
    assert without.released.tolist() == [True, False]
