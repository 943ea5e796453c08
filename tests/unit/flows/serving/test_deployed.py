"""The forms of the deployments offer what the command takes."""

from typing import get_args

from flows.serving.deployed import Policy
from measures.disclosure.policies import POLICIES


def test_every_policy_can_be_chosen():
    assert get_args(Policy) == ("", *POLICIES)
