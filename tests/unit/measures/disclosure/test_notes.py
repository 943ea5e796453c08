"""What an output checker should know of a release beside its numbers."""

import pytest

from measures.disclosure.control import protect
from measures.disclosure.memory.keys import PUBLIC, Key
from measures.disclosure.memory.setting import Setting
from measures.disclosure.policies import controlled
from tests.lib.people_counts import CountsOf, Person


def notes(people, groupings, weeks=1, nested=1):
    study = CountsOf(people, groupings, weeks=weeks, nested=nested)
    return protect(
        study.raw(), "controlled", Setting(study.structure(), Key(bytes(range(32))))
    ).notes


def test_a_checker_is_told_in_words():
    told = notes([Person({"sex": "f"}, [0])] * 30, [()])
    assert told["key"] == Key(bytes(range(32))).id and "public_key" not in told
    assert "differential privacy" in " ".join(told["not_guaranteed"])
    assert told["ledger"]["said"].startswith("This is the first release.")


def test_errors_are_told_as_the_rule_has_them():
    told = notes([Person({"sex": "f"}, [0])] * 30, [()])
    assert told["largest_error"].startswith("less than 10 for every count of people")
    # a remainder k costs 2 k (10 - k) / 10 on average: 0, 1.8, 3.2, 4.2, 4.8, 5, 4.8,
    # 4.2, 3.2, 1.8
    assert told["expected_error"].startswith("3.3 people on average")


@pytest.mark.parametrize(
    ("policy", "sections"),
    [("controlled", {"key", "accuracy", "ledger"}), ("none", {"ledger"})],
)
def test_what_is_told_depends_on_the_policy(policy, sections):
    study = CountsOf([Person({"sex": "f"}, [0])] * 30, [()])
    told = protect(
        study.raw(), policy, Setting(study.structure(), PUBLIC, made_up=True)
    ).notes
    assert told.keys() & {"key", "accuracy", "ledger"} == sections
    assert ("public_key" in told) == (policy == "controlled")


def test_without_a_structure_nothing_is_told_of_a_ledger():
    study = CountsOf([Person({"sex": "f"}, [0])] * 30, [()])
    assert "ledger" not in protect(study.raw(), "opensafely", Setting()).notes


def test_the_expected_error_is_the_mean_over_all_remainders():
    """Of a base of 8 a remainder k costs 2 k (8 - k) / 8: 0, 1.75, 3, 3.75, 4, 3.75, 3,
    1.75.
    """
    study = CountsOf([Person({"sex": "f"}, [0])] * 30, [()])
    told = protect(
        study.raw(), controlled(threshold=7, base=8), Setting(study.structure())
    ).notes
    assert told["expected_error"].startswith("2.6 people on average")
