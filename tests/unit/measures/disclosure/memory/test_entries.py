"""The lines of a ledger: read one by one, each by the hash of the one before."""

from pathlib import Path

import pytest

from extractors.errors import DisclosureRefused
from measures.disclosure.memory.entries import (
    COMMIT,
    FORMAT,
    START,
    checked,
    committed,
    hash_of,
    text_of,
)

PATH = Path("ledger.jsonl")


def chain(*entries):
    made, before = [], START
    for entry in entries:
        linked = {**entry, "before": before}
        before = hash_of(linked)
        made.append(text_of({**linked, "hash": before}) + b"\n")
    return made


def test_a_torn_last_line_is_no_entry():
    lines = chain({"kind": "tables"}, {"kind": COMMIT})
    assert len(checked(lines, PATH)) == 2
    assert len(checked([lines[0], lines[1][:-5]], PATH)) == 1
    with pytest.raises(DisclosureRefused, match="Entry 2"):
        checked([lines[0], lines[1][:-5] + b"\n"], PATH)


def test_what_follows_the_last_commit_is_not_committed():
    kinds = ["tables", COMMIT, "tables"]
    assert committed([{"kind": kind} for kind in kinds]) == 2
    assert committed([]) == committed([{"kind": "tables"}]) == committed([{}]) == 0


def test_a_newer_entry_is_named_with_both_formats():
    lines = chain(
        {"kind": COMMIT, "format": FORMAT}, {"kind": COMMIT, "format": FORMAT + 3}
    )
    with pytest.raises(
        DisclosureRefused,
        match=f"Entry 2 .* the format {FORMAT + 3}; .* up to {FORMAT}",
    ):
        checked(lines, PATH)
