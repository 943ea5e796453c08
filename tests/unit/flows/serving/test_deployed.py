"""The forms of the deployments offer what the command takes."""

from typing import get_args

from extractors.sources import forms
from flows.serving.deployed import Policy, ad_hoc, weekly
from measures.disclosure.policies import POLICIES


def test_every_policy_can_be_chosen():
    assert get_args(Policy) == ("", *POLICIES)


def test_the_form_names_every_kind_of_records():
    for deployed in (weekly, ad_hoc):
        assert f"records: {forms()}\n" in (deployed.fn.__doc__ or "")


def test_the_form_asks_for_a_name_and_whether_a_definition_has_moved():
    for deployed in (weekly, ad_hoc):
        fields = deployed.parameters.properties
        assert fields["name"]["default"] == "" and fields["moved"]["default"] is False
        assert "a place of its own" in fields["name"]["description"]
