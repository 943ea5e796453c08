"""The outcome of an audit, in words and as JSON."""

import json

import pytest

from measures.disclosure.audit import audit
from measures.disclosure.audit.findings import Finding
from measures.disclosure.audit.reading.names import Cell, Place
from measures.disclosure.audit.rules import rule_of
from measures.disclosure.audit.verdict import Audit
from tests.lib.attacks import BY_SEX, WEEK, row, sexes, table


def test_json_and_summary_hold_no_count_that_was_learnt_exactly():
    rows = [row("m", [], 30, 123), *sexes("m_by_sex", {"f": (27, 61), "m": (None, 62)})]
    found = audit([table(rows)], {"measures": BY_SEX}, "none")
    text = json.dumps(found.as_json())
    assert all(f'"range": [{n}, {n}]' not in text for n in (3, 30, 123, 61))
    assert "123" not in text and "123" not in " ".join(found.summary())


def verdict(kind="narrow", policy="controlled", quantity="numerator", **more):
    place = Place(0, "m", WEEK, Cell((), ()), quantity)
    findings = (Finding(kind, place, 3, 3 if "exact" in kind else 6),) if kind else ()
    known = {
        "rule": rule_of(policy, {}), "releases": 1, "counts": 6, "findings": findings, "contradictions": (),
        "narrowest": 4, "narrowest_is_exact": True, "beliefs": {}, "guessed": False, "programmes": 0,
    }  # fmt: skip
    return Audit(**{**known, **more})


def test_a_strict_policy_allows_no_finding():
    found = verdict("narrow")
    assert not found.passed
    assert found.refusals == ("1 counts would be disclosed: 1 narrow (m).",)
    assert verdict("").passed


def test_the_others_promise_only_that_no_small_count_is_learnt():
    assert verdict("narrow", "opensafely").passed
    assert not verdict("exact small", "opensafely").passed
    assert verdict("exact small", "opensafely", quantity="rest").passed
    assert verdict("exact", "opensafely").passed


@pytest.mark.parametrize("policy", ["controlled", "opensafely"])
def test_numbers_that_contradict_each_other_are_refused(policy):
    place = Place(0, "m", WEEK, Cell((), ()), "numerator")
    found = verdict("", policy, contradictions=(place,))
    assert not found.passed and "1 counts contradict each other" in found.refusals[0]


def test_nothing_is_demanded_where_nothing_is_protected():
    found = verdict("exact small", "none")
    assert found.passed and "protects nothing" in " ".join(found.summary())


def test_findings_are_tallied_by_table():
    assert verdict("narrow").tables() == {("m", ""): {"narrow": 1}}
    told = verdict("narrow").as_json()
    assert told["findings"] == {"narrow": 1} and told["passed"] is False
    assert told["tables"] == [
        {"measure": "m", "group_by": "", "findings": {"narrow": 1}}
    ]


def test_a_narrowest_that_may_be_wider_is_told_as_at_least():
    assert "Possible values of the narrowest count: 4." in verdict("").summary()
    least = verdict("", narrowest_is_exact=False).summary()
    assert "Possible values of the narrowest count: at least 4." in least
