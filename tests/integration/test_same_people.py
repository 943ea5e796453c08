"""Whoever asks for the same people again and again learns one number, and no more of
single people than once.
"""

import pytest

from tests.lib import same_scenarios as same


@pytest.mark.parametrize("attack", list(same.ATTACKS)[:2])
def test_the_mean_of_many_wordings_is_the_one_number_there_is(attack):
    before, now = same.learnt(attack)
    assert before.endswith(f"and it is {same.SIZE}")
    assert now in ("130, the one number there is", "140, the one number there is")


def test_another_policy_is_refused():
    before, now = same.learnt("a copy under another policy")
    assert "and 1" in before and "refused" in now


def test_one_person_is_in_no_difference_of_two_numbers():
    before, now = same.learnt("everybody, and everybody but one person")
    assert "that she has it, 0 times of 80" == now != before


def test_a_known_newcomer_is_told_more_rarely():
    """A count that is a multiple has its number; one that the old count cannot share is
    withheld.
    """
    before, now = (
        int(each.split()[4])
        for each in same.learnt("a known newcomer, and the numbers anew")
    )
    assert now < before / 2


def test_a_sweep_tells_no_more_when_it_is_asked_again():
    """One in other words, and one with one person more, tell what the sweep alone
    does.
    """
    once = same.learnt("a sweep in known order")[1]
    for again in ("the sweep in 8 wordings", "the sweep, and with one person more"):
        before, now = same.learnt(again)
        assert now == once != before


def test_the_table_has_a_line_for_each_attack():
    assert same.row("a copy under another policy").count("|") == same.HEAD.splitlines()[
        0
    ].count("|")
