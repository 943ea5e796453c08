"""What people decided: kept in the chain, sealed, and added up by the site's rule."""

import json
from dataclasses import replace

import pytest

from extractors.errors import DisclosureRefused
from measures.disclosure.memory.decisions import (
    WAITING,
    Decision,
    Verdict,
    decision_of,
    entry_of,
    state_of,
)
from measures.disclosure.memory.entries import hash_of, text_of
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.ledger import Ledger
from tests.lib.releases import KEY, people, run, study

YES = Decision(
    release=1,
    verdict=Verdict.APPROVED,
    by="A. Checker",
    note="counts are large",
    at="2026-01-05T10:00:00+00:00",
    account="checker",
    manifest="0" * 64,
)
NO = replace(YES, verdict=Verdict.REFUSED, note="one district is named")
FILES = ("measures.csv", "deciles/m.csv")


@pytest.fixture
def path(tmp_path):
    place = tmp_path / "ledger.jsonl"
    run(place, study(people(40), weeks=1))
    return place


def test_a_decision_comes_back_as_it_was():
    assert decision_of(json.loads(json.dumps(entry_of(YES, KEY)))) == YES


def test_a_decision_is_in_the_chain_and_what_follows_too(path):
    ledger = Ledger(path, KEY)
    ledger.append([entry_of(YES, KEY)])
    assert ledger.memory.decisions == [YES]
    run(path, study(people(40), weeks=2))
    again = Ledger(path, KEY)
    assert again.memory.decisions == [YES] and again.memory.releases == 2
    assert [
        json.loads(line)["kind"]
        for line in path.read_text(encoding="utf-8").splitlines()
    ].count("decision") == 1


@pytest.mark.parametrize(
    "change", [{"verdict": "approved"}, {"by": "B. Other"}, {"release": 2}]
)
def test_a_changed_decision_is_noticed_also_with_hashes_that_fit(path, change):
    """A no may not become a yes, and nobody may speak for another."""
    ledger = Ledger(path, KEY)
    ledger.append([entry_of(NO, KEY)])
    lines = path.read_bytes().splitlines(keepends=True)
    entry = json.loads(lines[-1]) | change
    entry["hash"] = hash_of(entry)
    path.write_bytes(b"".join([*lines[:-1], text_of(entry) + b"\n"]))
    head = json.loads(ledger._head.read_text(encoding="utf-8")) | {
        "hash": entry["hash"]
    }
    ledger._head.write_text(json.dumps(head), encoding="utf-8")
    with pytest.raises(
        DisclosureRefused, match=r"Entry \d+ of the ledger .* not as it was written"
    ):
        Ledger(path, KEY)


def test_a_decision_cannot_be_taken_away(path):
    Ledger(path, KEY).append([entry_of(NO, KEY)])
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(DisclosureRefused, match="missing from its end"):
        Ledger(path, KEY)


def test_a_decision_that_was_torn_by_a_crash_was_none(path):
    whole = path.read_bytes()
    ledger = Ledger(path, KEY)
    head = ledger._head.read_bytes()
    ledger.append([entry_of(YES, KEY)])
    path.write_bytes(path.read_bytes()[:-20])
    ledger._head.write_bytes(head)  # written after the entry
    assert Ledger(path, KEY).memory.decisions == []
    Ledger(path, KEY).append([entry_of(YES, KEY)])
    assert path.read_bytes().startswith(whole) and Ledger(
        path, KEY
    ).memory.decisions == [YES]


def test_another_keys_decision_is_not_sealed_by_this_one(path):
    ledger = Ledger(path, KEY)
    ledger.append([entry_of(YES, Key(bytes(32)))])
    assert "seal" not in json.loads(path.read_text(encoding="utf-8").splitlines()[-1])


B_YES = replace(YES, by="B. Other")


@pytest.mark.parametrize("decisions, needed, state", [
    ([], 1, WAITING),
    ([YES], 1, "approved"),
    ([YES], 2, WAITING),
    # one person in two spellings
    ([YES, replace(YES, by=" a.  CHECKER ")], 2, WAITING),
    ([YES, B_YES], 2, "approved"),
    ([YES, replace(NO, by="B. Other")], 1, "refused"),
    ([NO, YES], 1, "approved"),  # the same person, who has thought again
    ([YES, NO], 1, "refused"),
    ([replace(YES, release=2)], 1, WAITING),
    ([replace(YES, files=("measures.csv",))], 1, WAITING),
    ([replace(YES, files=("measures.csv",)), replace(YES, files=("deciles/m.csv",))], 1, "approved"),
    ([YES, replace(NO, files=("deciles/m.csv",))], 1, "refused"),
    ([YES, replace(NO, files=("gone.csv",))], 1, "approved"),
])  # fmt: skip
def test_state(decisions, needed, state):
    assert state_of(decisions, 1, FILES, needed) == state


def test_of_no_files_nothing_can_be_said():
    assert state_of([YES], 1, []) == WAITING
