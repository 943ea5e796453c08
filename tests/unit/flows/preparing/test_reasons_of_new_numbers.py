"""A reason for new numbers stands in the ledger and in the release, so it is one line
of words.
"""

import pytest

from extractors.errors import ArgumentsError
from flows.preparing.options import LONGEST_REASON, Options, check_reason


@pytest.mark.parametrize("reason", ["", "late results", "x" * LONGEST_REASON])
def test_reasons(reason: str):
    check_reason(Options("study", revise=True, reason=reason))


@pytest.mark.parametrize(
    ("reason", "revise", "words"),
    [
        ("late results", False, "give --revise, too"),
        ("x" * (LONGEST_REASON + 1), True, "at most 300 letters"),
        ("two\nlines", True, "in one line"),
        ("  ", True, "no letters"),
    ],
)
def test_what_is_no_reason(reason: str, revise: bool, words: str):
    with pytest.raises(ArgumentsError, match=words):
        check_reason(Options("study", revise=revise, reason=reason))
