"""The presets: what each shows at every boundary, and what it says of itself."""

import pytest

from extractors.errors import ArgumentsError, DisclosureRefused
from measures.disclosure.control import protect
from measures.disclosure.memory.setting import Setting
from measures.disclosure.policies import POLICIES, WITH_NUMBERS
from tests.lib.people_counts import CountsOf, Person


def shown(policy, size, events=None):
    people = [Person({"sex": "f"}, [1], events=events or 0) for _ in range(size)] or [
        Person({"sex": "f"}, [-1])
    ]
    study = CountsOf(people, [()], nested=0 if events else 1, events=bool(events))
    [row] = protect(
        study.raw(), policy, Setting(study.structure(), made_up=True)
    ).table.to_pylist()
    return row


@pytest.mark.parametrize(
    "policy, true, expected",
    [
        *(
            ("nhs-digital", true, what)
            for true, what in [
                (0, 0),
                (1, None),
                (7, None),
                (8, 10),
                (12, 10),
                (13, 15),
            ]
        ),
        *(
            ("midpoint6", true, what)
            for true, what in [(0, 0), (1, 3), (6, 3), (7, 9), (12, 9), (13, 15)]
        ),
        *(("none", true, true) for true in (0, 1, 8, 13)),
    ],
)
def test_presets_at_every_boundary(policy, true, expected):
    row = shown(policy, true)
    assert (row["numerator"], row["denominator"]) == (expected, expected)


def test_midpoint_tells_the_range_of_a_ratio_and_hides_sums_of_few():
    row = shown("midpoint6", 20)
    assert (row["numerator"], row["ratio_at_least"], row["ratio_at_most"]) == (
        21,
        19 / 24,
        1.0,
    )
    assert shown("midpoint6", 6, events=50)["numerator"] is None
    assert shown("midpoint6", 7, events=50)["numerator"] == 351


def test_none_needs_made_up_records():
    study = CountsOf([Person({"sex": "f"}, [1])], [()])
    with pytest.raises(DisclosureRefused, match="made-up records only"):
        protect(study.raw(), "none", Setting(study.structure()))


def test_controlled_needs_a_base_above_its_threshold():
    with pytest.raises(ArgumentsError, match="base above its threshold"):
        WITH_NUMBERS["controlled"](10, 10)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=list(POLICIES))
def test_every_policy_says_what_it_does_and_what_not(policy):
    assert (
        policy.rules()
        and policy.not_guaranteed
        and policy.threshold < max(policy.base, 8)
    )
