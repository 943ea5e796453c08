"""The site's ledger of format 6 answers all that the one of format 5 did, and is a
quarter of it.
"""

import json
import random
import shutil
from pathlib import Path

import pytest

from measures.disclosure.memory.entries import COMMIT, PEOPLE, START, hash_of, text_of
from measures.disclosure.memory.ledger import Ledger, Memory, OldPeople
from measures.disclosure.memory.packing import packed, unpacked
from measures.disclosure.memory.people import numbers_of, people_entries
from tests.lib.releases import KEY

OLDER = Path(__file__).parent / "older"
POLICIES = ("controlled T=9 base=10", "opensafely T=7 base=5")
Release = tuple[str, dict[str, dict[int, int | None]]]


def releases(seed: int) -> list[Release]:
    """A random life: new weeks, and weeks of before that count other people."""
    dice = random.Random(seed)
    found = []
    for number in range(1, dice.randint(2, 30)):
        policy = dice.choice(POLICIES)
        times = dice.sample(range(number + 1), k=dice.randint(1, number))
        shown: dict[str, dict[int, int | None]] = {}
        for time in times:
            people = [dice.randrange(2**64) for _ in range(dice.randint(1, 6))]
            # people who were counted at other times, too
            people += [dice.randrange(1, 40) for _ in range(3)]
            shown[f"2020-{time:02}.."] = {
                each: None if policy == POLICIES[1] else 10 * dice.randrange(50)
                for each in people
            }
        found.append((policy, shown))
    return found


def by_hand(life: list[Release]) -> tuple[dict, dict]:
    """Who was shown with which number, at any time and at each."""
    people: dict[int, OldPeople] = {}
    at: dict[str, dict[int, int | None]] = {}
    for policy, shown in life:
        for time in sorted(shown):
            known = at.setdefault(time, {})
            fresh = {each: n for each, n in shown[time].items() if each not in known}
            known.update(fresh)
            for each, number in sorted(fresh.items()):
                people.setdefault(each, OldPeople(number, policy))
    return people, at


def format_5(life: list[Release], path: Path) -> None:
    """The ledger as the code of format 5 wrote it: an entry for each time."""
    at: dict[str, set[int]] = {}
    entries = []
    for release, (policy, shown) in enumerate(life, start=1):
        marks = {"release": release, "policy": policy, "key": KEY.id}
        for time in sorted(shown):
            known = at.setdefault(time, set())
            fresh = {
                f"{each:016x}": number
                for each, number in sorted(shown[time].items())
                if each not in known
            }
            known.update(shown[time])
            if fresh:
                told = {"kind": PEOPLE, "interval": time, "numbers": fresh}
                entries.append({**told, **marks})
        entries.append({"kind": COMMIT, **marks})
    _chain(entries, path)


def _chain(entries: list[dict], path: Path) -> None:
    before, lines = START, []
    for number, entry in enumerate(entries, start=1):
        linked = {**entry, "format": 5, "entry": number, "before": before}
        if entry["kind"] == COMMIT:
            linked["seal"] = KEY.digest("ledger", text_of(linked).decode()).hex()
        before = hash_of(linked)
        lines.append(text_of({**linked, "hash": before}) + b"\n")
    path.write_bytes(b"".join(lines))
    head = {"format": 5, "entries": len(entries), "hash": before}
    path.with_name(f"{path.name}.head").write_text(json.dumps(head), encoding="utf-8")


@pytest.mark.parametrize("seed", range(12))
def test_a_ledger_says_the_same_whether_packed_at_once_or_later(tmp_path, seed):
    life = releases(seed)
    old, new = tmp_path / "old.jsonl", tmp_path / "new.jsonl"
    format_5(life, old)
    before = old.stat().st_size
    ledger = Ledger(new, KEY)
    for policy, shown in life:
        entries = people_entries(ledger.memory, shown, policy=policy, key=KEY)
        ledger.append(
            entries or [{"kind": COMMIT, "release": 0, "policy": "", "key": KEY.id}]
        )
    people, at = by_hand(life)
    for path in (old, new):
        for _ in ("migrated or written", "read again"):
            memory = Ledger(path, KEY).memory
            assert memory.people == people and memory.people_at == at
            assert memory.releases == len(life)
    if len(life) > 5:
        assert old.stat().st_size < before


def test_a_year_of_corrections_takes_little_more_than_its_fingerprints(tmp_path):
    """52 loads, each of which counts some other people in all weeks so far."""
    dice, ledger, sets = random.Random(1), Ledger(tmp_path / "people.jsonl", KEY), 0
    for load in range(1, 53):
        shown = {
            f"week {week:02}": {dice.randrange(2**64): None for _ in range(2)}
            for week in range(load)
        }
        sets += 2 * load
        ledger.append(people_entries(ledger.memory, shown, policy="p", key=KEY))
    assert len(ledger.memory.people) == sets
    assert ledger.path.stat().st_size < 32 * sets + 52 * 900


def test_a_ledger_of_the_format_before_is_read(tmp_path):
    for name in ("people.jsonl", "people.jsonl.head"):
        shutil.copy(OLDER / name, tmp_path / name)
    lines = (OLDER / "people.jsonl").read_text(encoding="utf-8").splitlines()
    expected: dict[int, int | None] = {}
    for entry in map(json.loads, lines):
        for people, number in entry.get("numbers", {}).items():
            expected.setdefault(int(people, 16), number)
    memory = Ledger(tmp_path / "people.jsonl", KEY).memory
    known = {each: old.number for each, old in memory.people.items()}
    assert known == expected and len(known) > 40
    assert numbers_of(memory) == {
        each: number for each, number in expected.items() if number is not None
    }


def test_packing_loses_nothing():
    numbers = {2**64 - 1: 0, 1: None, 7: 120, 9: 120, 0xABC: None}
    assert unpacked(packed(numbers)) == numbers
    assert packed({}) == {} and unpacked({}) == {}
    assert Memory().add([]).people == {}
