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
