"""What ranges mean: the kinds of findings, worst first."""

from math import inf

import pytest

from measures.disclosure.audit import audit
from measures.disclosure.audit.findings import (
    Bounded,
    Finding,
    findings_of,
    narrowest_of,
)
from measures.disclosure.audit.reading.names import Cell, Place
from measures.disclosure.audit.rules import rule_of
from tests.lib.attacks import BY_SEX, WEEK, sexes, table


def test_everybody_and_nobody():
    rows = [*sexes("m_by_sex", {"f": (50, 50), "m": (0, 0)})]
    found = audit(
        [table(rows)], {"measures": BY_SEX}, "none", settings={"exhaustive": True}
    )
    kinds = {(f.place.cell.groups, f.place.quantity): f.kind for f in found.findings}
    assert kinds[("f",), "rest"] == "certainly everybody"
    assert kinds[("m",), "numerator"] == "certainly zero"
    assert (("m",), "rest") not in kinds  # of nobody, everybody says nothing


def bounded(low, high, quantity="numerator", exact=True, joint=False):
    place = Place(0, "m", WEEK, Cell((), ()), quantity)
    return Bounded(place=place, low=low, high=high, exact=exact, joint=joint)


def kinds(*found, policy="controlled"):
    return [finding.kind for finding in findings_of(found, rule_of(policy, {}))]


@pytest.mark.parametrize(("low", "high", "kind"), [
    (3, 3, "exact small"), (50, 50, "exact"), (0, 0, "certainly zero"),
    (2, 5, "small, narrowed"), (1, 6, "small, narrowed"), (1, 7, "small"),
    (0, 8, "narrow"), (41, 49, "narrow"),
])  # fmt: skip
def test_the_kind_of_a_range(low, high, kind):
    """The policy protects counts of 1 to 7 and promises 10 possible values."""
    assert kinds(bounded(low, high)) == [kind]


@pytest.mark.parametrize(("low", "high"), [(0, 9), (41, 50), (0, inf)])
def test_a_range_of_a_base_is_no_finding(low, high):
    assert kinds(bounded(low, high)) == []


def test_releases_that_are_joined_may_leave_less():
    """Eight values are more than 1 to 7, so that no count is certainly small."""
    assert kinds(bounded(0, 7, joint=True)) == []
    assert kinds(bounded(0, 6, joint=True)) == ["narrow"]


def test_counts_that_are_safe_by_the_rule_may_be_narrow():
    assert kinds(bounded(8, 12), policy="opensafely") == []
    assert kinds(bounded(5, 9), policy="opensafely") == ["narrow"]


def test_a_range_that_may_be_wider_is_no_finding():
    assert kinds(bounded(3, 3, exact=False)) == []


def test_worst_first():
    found = [
        bounded(0, 8),
        bounded(1, 7),
        bounded(60, 60),
        bounded(2, 2),
        bounded(0, 5),
    ]
    assert kinds(*found) == ["exact small", "exact", "small", "narrow", "narrow"]
    assert [f.width for f in findings_of(found, rule_of("controlled", {}))][-2:] == [
        6,
        9,
    ]


def test_the_narrowest_of_all():
    assert narrowest_of([bounded(0, 8), bounded(3, 5), bounded(2, 9)]) == (3, True)
    assert narrowest_of([bounded(3, 5, exact=False)]) == (3, False)
    assert narrowest_of([bounded(0, inf)]) == narrowest_of([]) == (None, True)


def test_an_exact_count_is_not_told():
    place = Place(1, "m", WEEK, Cell(("sex",), ("f",)), "numerator")
    told = Finding("exact small", place, 3, 3).as_json()
    assert told["range"] is None and 3 not in told.values()
    assert (told["release"], told["group_by"], told["groups"]) == (
        2,
        "sex",
        {"sex": "f"},
    )
    assert Finding("narrow", place, 3, 6).as_json()["range"] == [3, 6]
