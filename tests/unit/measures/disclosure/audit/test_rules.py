"""What a shown count betrays under each policy, read backwards."""

from math import inf

import pytest

from extractors.errors import ArgumentsError
from measures.disclosure.audit.rules import Rule, rule_of
from tests.lib import attack_tables as made


@pytest.mark.parametrize("policy, shown, people", [
    ("controlled", None, (0, 19)), ("controlled", 0, (0, 9)), ("controlled", 10, (1, 19)), ("controlled", 40, (31, 49)),
    ("opensafely", None, (1, 7)), ("opensafely", 0, (0, 0)), ("opensafely", 10, (8, 12)), ("opensafely", 25, (23, 27)),
    ("nhs-digital", None, (1, 7)), ("ehrql", 0, (0, 7)), ("ehrql", 15, (13, 17)),
    ("midpoint6", 0, (0, 0)), ("midpoint6", 3, (1, 6)), ("midpoint6", 9, (7, 12)),
    ("midpoint8", 12, (9, 16)), ("none", 5, (5, 5)),
])  # fmt: skip
def test_what_a_shown_count_stands_for(policy, shown, people):
    assert rule_of(policy, {}).people(shown) == people


@pytest.mark.parametrize("policy", made.SHOW)
def test_rules_read_backwards_what_they_do_forwards(policy):
    rule, show = rule_of(policy, {}), made.SHOW[policy]
    for count in range(200):
        low, high = rule.people(show(count))
        assert [n for n in range(260) if show(n) == show(count)] == list(
            range(int(low), int(high) + 1)
        )


@pytest.mark.parametrize("policy, shown, others", [
    ("controlled", "20, 30, 40 …", (0, 5, 10, 25)), ("opensafely", "10, 15, 20 …", (3, 5, 12)),
    ("midpoint6", "3, 9, 15 …", (2, 6, 10)), ("ehrql", "10, 15, 20 …", (5, 13)),
])  # fmt: skip
def test_which_numbers_a_rule_shows(policy, shown, others):
    rule = rule_of(policy, {})
    assert rule.examples == shown
    assert not any(rule.shows(other) for other in others)
    assert rule.shows(0) is (policy != "controlled")


@pytest.mark.parametrize("policy", made.SHOW)
def test_rules_show_whatever_they_make(policy):
    shown = {made.SHOW[policy](count) for count in range(300)} - {None}
    assert all(
        rule_of(policy, {}).shows(number) for number in shown if number is not None
    )


@pytest.mark.parametrize(
    "shown, base",
    [
        ((40, 60), 20),
        ((40, 60, 30), 10),
        ((1000,), 1000),
        ((1500, 3000), 500),
        ((), 10),
        ((0, 0), 10),
    ],
)
def test_base_of_sums_is_seen_from_them(shown, base):
    assert rule_of("controlled", {}).base_of_sums(shown) == base
    assert rule_of("opensafely", {}).base_of_sums(shown) == 5


def test_sums_are_read_with_their_own_base_and_may_be_negative():
    rule = rule_of("controlled", {})
    assert rule.events(40, 20) == (21, 59)
    assert rule.events(-40, 20) == (-59, -21)
    assert rule.events(None, 20) == (-inf, inf)


@pytest.mark.parametrize(("policy", "width", "joint"), [
    ("controlled", 10, 8), ("opensafely", 7, 7), ("midpoint6", 6, 6), ("ehrql", 7, 7),
])  # fmt: skip
def test_how_many_values_each_policy_promises(policy, width, joint):
    rule = rule_of(policy, {})
    assert (rule.width, rule.joint_width) == (width, joint)


def test_a_site_asks_for_more():
    rule = rule_of("controlled", {"threshold": 11, "base": 15})
    assert (rule.threshold, rule.base, rule.width, rule.joint_width) == (11, 15, 15, 12)
    assert rule_of("midpoint8", {}).people(12) == (9, 16)


def test_which_policies_refuse_everything_and_which_nothing():
    assert [rule_of(name, {}).strict for name in ("controlled", "opensafely")] == [
        True,
        False,
    ]
    assert [rule_of(name, {}).protects for name in ("opensafely", "none")] == [
        True,
        False,
    ]
    assert rule_of("controlled", {}).appends and not rule_of("midpoint6", {}).appends


def test_sums_of_amounts_have_one_base_above_what_anybody_adds():
    assert Rule.shows_amounts([5_400, 600], 60.5)  # 100 and 200 are above 60.5
    assert not Rule.shows_amounts([5_450, 650], 60.5)  # 50 is not
    assert Rule.shows_amounts([0, 0], 60.5)


def test_an_unknown_policy_names_the_known():
    with pytest.raises(ArgumentsError, match="no policy 'opn'.*controlled.*ehrql"):
        rule_of("opn", {})
