"""The leaks of rules in use, as they were measured, must be found; our default must
have none of them.
"""

import pytest

from measures.disclosure.audit import audit
from measures.disclosure.control import policy_named
from tests.lib import attack_tables as made
from tests.lib import name_scenarios as names
from tests.lib.leak_scenarios import POLICIES, attack, scenarios

# Few people in many cells: most numerators are small, where rules are worst.
SCENARIOS = {s.name: s for s in scenarios(made.world(1500, 8, (3, 5, 4, 2), seed=11))}
ONE, RERUN, RATIOS, WINDOWS = SCENARIOS


@pytest.fixture(scope="module")
def leaks():
    return {
        (name, policy): attack(s, policy)
        for name, s in SCENARIOS.items()
        for policy in POLICIES
    }


def test_no_range_misses_the_truth(leaks):
    assert [key for key, leak in leaks.items() if leak.missed] == []


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_controlled_discloses_nothing(leaks, scenario):
    leak = leaks[scenario, "controlled"]
    assert leak.findings == ()
    assert not leak.refused
    assert leak.narrowest >= (8 if scenario == RERUN else 10)


def test_marks_beside_exact_totals_are_undone(leaks):
    leak = leaks[ONE, "marks"]
    assert leak.exact_small > 0
    assert leak.refused


@pytest.mark.parametrize("policy", ["ehrql", "opensafely", "nhs-digital", "midpoint6"])
def test_a_person_more_undoes_rounding(leaks, policy):
    once, twice = leaks[ONE, policy], leaks[RERUN, policy]
    assert twice.number("exact") > 20 * max(1, once.number("exact"))
    assert twice.exact_small + twice.number(
        "small, narrowed"
    ) > once.exact_small + once.number("small, narrowed")


@pytest.mark.parametrize("policy", ["ehrql", "opensafely", "nhs-digital", "midpoint6"])
def test_ratios_of_true_counts_give_nearly_all_small_counts_back(leaks, policy):
    leak = leaks[RATIOS, policy]
    assert leak.refused
    assert leak.exact_small > leak.small / 2


@pytest.mark.parametrize("policy", ["opensafely", "nhs-digital"])
def test_marks_of_the_rule_say_small(leaks, policy):
    leak = leaks[ONE, policy]
    assert (
        leak.number("small") + leak.number("small, narrowed") + leak.exact_small
        >= leak.small / 2
    )


def test_true_ratio_beside_controlled_counts_is_caught():
    rows = SCENARIOS[ONE].releases[0]
    table = made.protected(rows, "controlled")
    ratios = [
        round(row.numerator / row.denominator, 4) if row.denominator else None
        for row in rows
    ]
    raw = table.set_column(table.column_names.index("ratio"), "ratio", [ratios])
    found = audit([raw], made.structure_of(rows), "controlled")
    assert not found.passed
    assert any("small" in finding.kind for finding in found.findings)


def test_same_counts_rounded_anew_under_other_keys_are_narrowed():
    """The ranges of 30 and of 40 have only 31 to 39 in common: why released intervals
    stay as they are.
    """
    rows = SCENARIOS[ONE].releases[0]
    tables = [made.protected(rows, "controlled", secret=bytes([n])) for n in (1, 2, 3)]
    unchanged = {"more_per_cell": 0, "more_in_total": 0}
    found = audit(tables, made.structure_of(rows), "controlled", settings=unchanged)
    assert found.narrowest is not None and found.narrowest < 10
    assert not audit(
        tables,
        made.structure_of(rows),
        "controlled",
        settings=unchanged | {"joint_width": 10},
    ).passed


@pytest.mark.parametrize("policy", names.POLICIES)
def test_seven_columns_named_everybody_and_name_nobody(policy):
    """Two thousand rows of twenty thousand people were one real person each, and the
    audit passed them.
    """
    counts, chosen = names.everybody(1_000), policy_named(policy)
    before, after = (
        names.told(counts, each) for each in (names.without_rule(chosen), chosen)
    )
    assert before.groups > 50 and before.of_one == before.of_few == before.groups
    assert after.groups == after.of_one == after.of_few == 0


@pytest.mark.parametrize("policy", names.POLICIES)
def test_the_auditor_refuses_names_that_the_rule_left_out(policy):
    counts = names.everybody(300)
    structure = names.structure_of(counts)
    chosen = policy_named(policy)
    before, after = (
        audit([names.released(counts, each)], structure, policy)
        for each in (names.without_rule(chosen), chosen)
    )
    assert not before.passed
    assert any(each.kind == "few are named" for each in before.findings)
    assert not any(each.kind == "few are named" for each in after.findings)
    assert after.passed or policy != "controlled"


def test_whoever_knows_that_a_value_is_there_learns_as_little_as_before():
    """Of practices that have names the counts are those of a release without the rule;
    others have no rows.
    """
    counts = names.everybody(1_000)
    chosen = policy_named("controlled")
    before, after = (
        names.released(counts, each).to_pylist()
        for each in (names.without_rule(chosen), chosen)
    )
    assert all(row in before for row in after)
    gone = [row for row in before if row not in after]
    assert gone and {(row["numerator"], row["denominator"]) for row in gone} == {
        (None, None)
    }
