"""Ledgers of older formats, each written by the code of its time with made-up numbers
(`older/`).
"""

import json
import shutil
from pathlib import Path

import pytest

from extractors.errors import DisclosureRefused
from measures.disclosure.memory.entries import COMMIT, FORMAT, START, hash_of, text_of
from measures.disclosure.memory.forms import NAMED, STEPS
from measures.disclosure.memory.keys import PUBLIC, Key
from measures.disclosure.memory.ledger import Ledger
from tests.lib.releases import KEY, people, rows, run, study

OLDER = Path(__file__).parent / "older"
# the file, the key that it was written with, its format
MIGRATED = [
    ("sealed", KEY, 2),
    ("series", KEY, 3),
    ("unsealed_public", PUBLIC, 1),
    ("named", KEY, 4),
    ("decided", KEY, 5),
]


@pytest.fixture
def place(tmp_path):
    """Copies a ledger of an older format, with its head, to where a run finds it."""

    def copied(name: str) -> Path:
        path = tmp_path / "ledger" / "ledger.jsonl"
        path.parent.mkdir()
        shutil.copy(OLDER / f"{name}.jsonl", path)
        shutil.copy(OLDER / f"{name}.jsonl.head", path.with_name("ledger.jsonl.head"))
        return path

    return copied


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def tables(entries):
    """Every table of some entries by its id, as they say it."""
    return {
        name: table
        for entry in entries
        for name, table in entry.get("tables", {}).items()
    }


@pytest.mark.parametrize("name, key, found", MIGRATED)
def test_an_older_ledger_is_written_anew_and_says_the_same(place, name, key, found):
    path = place(name)
    before = lines(path)
    ledger = Ledger(path, key)
    now = lines(path)
    assert (
        {entry["format"] for entry in now}
        == {FORMAT}
        == {json.loads(ledger._head.read_text(encoding="utf-8"))["format"]}
    )
    first = {each: now[0][each] for each in ("kind", "from", "entries", "last")}
    assert first == {
        "kind": "migrated",
        "from": found,
        "entries": len(before),
        "last": before[-1]["hash"],
    }
    assert tables(now) == tables(before)
    assert [row[:5] for entry in now[1:] for row in entry.get("rows", ())] == [
        row[:5] for entry in before for row in entry.get("rows", ())
    ]
    assert ledger.memory.releases == 2 == sum("seal" in entry for entry in now)
    assert sorted(each.name for each in path.parent.iterdir()) == [
        "ledger.jsonl",
        "ledger.jsonl.head",
    ]
    again = Ledger(path, key)
    assert (
        again.memory == ledger.memory
        and lines(path) == now
        and again.hash == ledger.hash
    )


@pytest.mark.parametrize("name, key, found", MIGRATED)
def test_what_an_older_ledger_released_stays(place, name, key, found):
    path = place(name)
    released = {each: table["values"] for each, table in tables(lines(path)).items()}
    made = run(path, study(people(90), weeks=2), key=key)
    shown = {
        (
            row["measure"],
            str(row["interval_start"]),
            *(row[group] for group in ("sex", "age") if row[group]),
        ): row
        for row in rows(made)
    }
    checked = 0
    for table, values in released.items():
        of, grouping, start, end = table.split("|")
        if of != "n0" or not end:
            continue
        for cell, value in values.items():
            measure = f"n0_{grouping}" if grouping else "n0"
            row = shown[measure, start, *json.loads(cell)]
            assert row["numerator"] in ((None,) if value <= 10 else (value,))
            checked += 1
    assert checked > 5 and not made.entries


@pytest.mark.parametrize("name, key, found", MIGRATED)
def test_a_changed_older_ledger_is_refused_and_left_as_it_was(place, name, key, found):
    """With hashes that fit, where a key seals what was released."""
    path = place(name)
    changed = path.read_bytes().replace(b'"[]":90', b'"[]":80')
    path.write_bytes(changed)
    with pytest.raises(DisclosureRefused, match="Entry 1 of the ledger"):
        Ledger(path, key)
    if not key.public:
        forged, before = [json.loads(line) for line in changed.splitlines()], START
        for entry in forged:
            entry["before"] = before
            before = entry["hash"] = hash_of(entry)
        changed = b"".join(text_of(entry) + b"\n" for entry in forged)
        path.write_bytes(changed)
        format = {"format": found} if found >= NAMED else {}
        path.with_name("ledger.jsonl.head").write_text(
            json.dumps({**format, "entries": len(forged), "hash": before}),
            encoding="utf-8",
        )
        with pytest.raises(DisclosureRefused, match=r"Entry \d of the ledger"):
            Ledger(path, key)
    assert path.read_bytes() == changed
    assert sorted(each.name for each in path.parent.iterdir()) == [
        "ledger.jsonl",
        "ledger.jsonl.head",
    ]


def test_a_ledger_that_no_key_sealed_is_refused_with_both_versions(place):
    """Anybody can write one, and would have it sealed."""
    path = place("unsealed")
    before = path.read_bytes()
    with pytest.raises(
        DisclosureRefused, match=f"has the format 1, .* writes format {FORMAT}"
    ):
        Ledger(path, KEY)
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["sealed", "series"])
def test_seals_cannot_be_taken_off_to_pass_as_an_older_form(place, name):
    path = place(name)
    forged, before = lines(path), START
    for entry in forged:
        entry.pop("seal", "")
        entry["before"] = before
        before = entry["hash"] = hash_of(entry)
    path.write_bytes(b"".join(text_of(entry) + b"\n" for entry in forged))
    path.with_name("ledger.jsonl.head").write_text(
        json.dumps({"entries": len(forged), "hash": before}), encoding="utf-8"
    )
    with pytest.raises(DisclosureRefused):
        Ledger(path, KEY)


def test_a_ledger_of_another_key_is_not_written_anew(place):
    path = place("series")
    before = path.read_bytes()
    ledger = Ledger(path, Key(bytes(32)))
    assert path.read_bytes() == before and ledger.memory.commits[-1]["key"] == KEY.id


@pytest.mark.parametrize("with_hashes", [True, False])
def test_a_newer_ledger_is_refused_with_both_versions(tmp_path, with_hashes):
    path = tmp_path / "ledger.jsonl"
    run(path, study(people(40), weeks=1))
    entries, before = lines(path), START
    for entry in entries:
        entry["format"] = FORMAT + 1
        if with_hashes:
            entry["before"] = before
            before = entry["hash"] = hash_of(entry)
    path.write_bytes(b"".join(text_of(entry) + b"\n" for entry in entries))
    with pytest.raises(
        DisclosureRefused,
        match=f"has the format {FORMAT + 1}; .* up to {FORMAT}. Use the newer",
    ):
        Ledger(path, KEY)


def test_an_entry_without_its_format_is_refused(tmp_path):
    path = tmp_path / "ledger.jsonl"
    run(path, study(people(40), weeks=1))
    entries, before = lines(path), START
    for entry in entries:
        del entry["format"]
        entry["before"] = before
        before = entry["hash"] = hash_of(entry)
    path.write_bytes(b"".join(text_of(entry) + b"\n" for entry in entries))
    path.with_name("ledger.jsonl.head").write_text(
        json.dumps({"entries": len(entries), "hash": before}), encoding="utf-8"
    )
    with pytest.raises(DisclosureRefused, match=r"Entry \d of the ledger"):
        Ledger(path, KEY)


def test_every_format_leads_to_the_next():
    assert sorted(STEPS) == list(range(1, FORMAT)) and NAMED <= FORMAT
    commit = {"kind": COMMIT}
    for step in STEPS.values():
        assert step([commit])[0]["kind"] == COMMIT
