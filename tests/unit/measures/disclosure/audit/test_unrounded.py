"""Numbers that a rule never shows: true counts that nobody rounded, or that another
rule did.
"""

import pytest

from measures.disclosure.audit import audit
from measures.disclosure.audit.findings import NOT_ROUNDED
from tests.lib import attack_tables as made
from tests.lib.attacks import BY_SEX, NEXT, measure, row, sexes, table


def refused(rows, structure, policy="controlled", **more):
    """The places of numbers that were not rounded, and why the audit refuses."""
    found = audit([table(rows)], {"measures": structure}, policy, **more)
    places = [f.place for f in found.findings if f.kind == NOT_ROUNDED]
    return {
        (place.measure, place.cell.groups, place.quantity) for place in places
    }, found


@pytest.mark.parametrize(
    "policy", ["controlled", "opensafely", "nhs-digital", "midpoint6", "ehrql"]
)
def test_one_true_count_among_rounded_ones_refuses(policy):
    show = made.SHOW.get(policy, lambda count: count)
    numerator, denominator = (
        (40, 300) if policy == "controlled" else (show(40), show(300))
    )
    rows = [row("m", [], numerator, denominator), row("m", [], 137, denominator, NEXT)]
    places, found = refused(rows, {"m": measure()}, policy)
    assert places == {("m", (), "numerator")} and not found.passed
    assert "1 counts are none of the numbers that the policy" in found.refusals[
        0
    ] and "137" not in str(found.as_json())


def test_a_count_that_several_measures_show_is_told_once():
    structure = {"m": measure(), "k": measure("other")}
    places, found = refused([row("m", [], 30, 437), row("k", [], 50, 437)], structure)
    assert places == {("m", (), "denominator")} and found.refusals[0].startswith(
        "1 counts"
    )


def test_what_is_redacted_by_the_rule_is_never_shown():
    rows = [row("m", [], 40, 200), *sexes("m_by_sex", {"f": (10, 100), "m": (30, 100)})]
    places, found = refused(rows, BY_SEX)
    assert places == {("m_by_sex", ("f",), "numerator")}
    assert "20, 30, 40 …" in found.refusals[0]


def test_sums_of_events_are_rounded_too_below_zero_as_well():
    structure = {"m": measure() | {"kind": "events"}}
    assert (
        refused([row("m", [], -120, 100), row("m", [], 3000, 100, NEXT)], structure)[0]
        == set()
    )
    assert refused([row("m", [], -123, 100)], structure)[0] == {("m", (), "numerator")}


@pytest.mark.parametrize("policy", ["controlled", "opensafely", "midpoint6"])
@pytest.mark.parametrize(
    "amounts, fits",
    [((5_400, 600), True), ((5_432, 600), False), ((5_450, 650), False)],
)
def test_sums_of_amounts_are_multiples_of_more_than_anybody_adds(policy, amounts, fits):
    """Nobody adds more than 60.5, so the base is 100, 200, 500 …, whatever the base of
    the policy is.
    """
    structure = {"m": measure() | {"kind": "amounts", "most": 60.5}}
    denominator = 303 if policy == "midpoint6" else 300
    rows = [
        row("m", [], n, denominator, when)
        for n, when in zip(amounts, (made.week(0), NEXT), strict=True)
    ]
    assert (refused(rows, structure, policy)[0] == set()) is fits


def test_nothing_is_asked_of_made_up_records():
    places, found = refused([row("m", [], 437, 1_001)], {"m": measure()}, "none")
    assert not places and found.passed
