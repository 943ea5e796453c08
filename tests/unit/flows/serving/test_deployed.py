"""The forms of the deployments offer what the command takes."""

from typing import get_args

import pytest

from extractors.sources import forms
from flows.preparing.options import Options
from flows.serving import deployed
from flows.serving.deployed import Policy, ad_hoc, weekly
from measures.disclosure.policies import POLICIES


def test_every_policy_can_be_chosen():
    assert get_args(Policy) == ("", *POLICIES)


def test_the_form_names_every_kind_of_records():
    for form in (weekly, ad_hoc):
        assert f"records: {forms()}\n" in (form.fn.__doc__ or "")


def test_a_smaller_release_has_to_be_asked_for():
    assert ad_hoc.parameters.properties["only_these"]["default"] is False


def test_who_wants_other_numbers_says_why(monkeypatch: pytest.MonkeyPatch):
    """The field is the reason: without one nothing is released anew."""
    wishes: list[Options] = []
    monkeypatch.setattr(
        deployed, "carry_out", lambda wish, **settings: wishes.append(wish)
    )
    monkeypatch.setenv("COHORTFLOW_WORKSPACE", "w")
    ad_hoc.fn()
    ad_hoc.fn(revise="late results")
    assert [(wish.revise, wish.reason) for wish in wishes] == [
        (False, ""),
        (True, "late results"),
    ]


def test_the_form_asks_for_a_name_and_whether_a_definition_has_moved():
    for form in (weekly, ad_hoc):
        fields = form.parameters.properties
        assert fields["name"]["default"] == "" and fields["moved"]["default"] is False
        assert "a place of its own" in fields["name"]["description"]
