"""The memory of what was released: frozen numbers, revisions, crashes, and hands that change things."""

import errno
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.errors import DisclosureRefused
from flows.running.protect import check_release
from measures.disclosure.audit import audit
from measures.disclosure.control import protection
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.ledger import COMMIT, Entry, Ledger, _hash, _text
from measures.disclosure.memory.setting import Setting
from measures.release.bundle import write_release
from tests.lib.people_counts import CountsOf, Person
from tests.lib.structures import structure_from

KEY = Key(bytes(range(32)))
ENTRIES: list[Entry] = [
    {"kind": "tables", "tables": {}, "rows": [], "policy": "p", "release": 1},
    {"kind": COMMIT, "key": KEY.id},
]


def people(size, seed=1, weeks=3):
    chance = np.random.default_rng(seed)
    return [
        Person({"sex": "fm"[chance.integers(2)], "age": "abc"[chance.integers(3)]}, list(chance.integers(0, 2, weeks)))
        for _ in range(size)
    ]


def study(drawn, weeks=3, groupings=((), ("sex",), ("age",)), nested=1):
    return CountsOf(drawn, groupings, weeks=weeks, nested=nested)


def run(path, counts, policy="controlled", key=KEY, **wanted):
    """Protect, remember, release; as a run does it."""
    ledger = Ledger(path, key)
    made = protection(counts.raw(), policy, Setting(counts.structure(), key, memory=ledger.memory, **wanted))
    ledger.append(made.entries)
    return made


def rows(made, weeks=99):
    starts = sorted(set(made.released.table["interval_start"].to_pylist()))[:weeks]
    return [row for row in made.released.table.to_pylist() if row["interval_start"] in starts]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger" / "ledger.jsonl"


@pytest.mark.parametrize("policy", ["controlled", "opensafely", "midpoint6"])
def test_unchanged_input_gives_the_same_numbers_and_adds_nothing(path, policy):
    first = run(path, study(people(90)), policy)
    before = path.read_bytes()
    again = run(path, study(people(90)), policy)
    assert again.released.table.equals(first.released.table) and again.released.reasons.equals(first.released.reasons)
    assert again.released.notes == first.released.notes
    assert path.read_bytes() == before and again.entries == []


@pytest.mark.parametrize("policy", ["controlled", "opensafely", "midpoint6"])
def test_changed_input_keeps_the_old_numbers_and_is_reported(path, policy):
    first = run(path, study(people(90)), policy)
    extra = [Person({"sex": "x", "age": "a"}, [1, -1, -1])] * 40
    changed = run(path, study(people(90) + extra), policy)
    known = {(r["measure"], r["interval_start"], r["sex"], r["age"]): r for r in rows(first)}
    for row in rows(changed):
        old = known.get((row["measure"], row["interval_start"], row["sex"], row["age"]))
        assert row == old if old else row["numerator"] in (None, 0)
    found = changed.released.revisions.to_pylist()
    assert {row["interval_start"] for row in found} == {rows(first)[0]["interval_start"]}
    assert {(row["changed"], row["outcome"]) for row in found} == {("the records", "the released numbers stay")}
    assert changed.released.notes["ledger"]["intervals_changed_since_and_kept_as_released"] == 1


@pytest.mark.parametrize("policy", ["controlled", "opensafely", "midpoint6"])
def test_a_group_that_all_have_left_keeps_its_numbers(path, policy):
    """Else its rows would be gone, the others would not add up to the total, and the audit would refuse them."""
    gone = [Person({"sex": "x", "age": "a"}, [1, -1, 0])] * 40
    first = run(path, study(people(90) + gone, weeks=2), policy)
    again = run(path, study(people(90), weeks=2), policy)
    assert again.released.table.equals(first.released.table)
    assert audit([again.released.table], study(people(90)).structure_json(), policy).passed
    later = run(path, study(people(90)), policy)
    assert rows(later, weeks=2) == rows(first)
    new = [row for row in rows(later) if row not in rows(later, weeks=2) and row["sex"] == "x"]
    assert {row["numerator"] for row in new} <= {None, 0} and len(new) == 1, "the grid stays complete"


def test_later_weeks_are_added_to_frozen_ones(path):
    drawn = people(150)
    first = run(path, study(drawn, weeks=2))
    both = run(path, study(drawn, weeks=3))
    assert rows(both, 2) == rows(first) and len(rows(both)) > len(rows(first))
    assert len(both.released.revisions) == 0


def test_a_new_measure_fits_the_numbers_that_are_frozen(path):
    drawn = people(150)
    first = run(path, study(drawn, groupings=((), ("sex",))))
    more = run(path, study(drawn, nested=2))
    new = {tuple(row[name] for name in ("measure", "interval_start", "sex")): row for row in rows(more)}
    for row in rows(first):
        assert {**new[row["measure"], row["interval_start"], row["sex"]], "age": None} == {**row, "age": None}


def test_revise_gives_new_numbers_and_shows_the_auditor_the_old(path):
    first = run(path, study(people(90)))
    more = people(90) + [Person({"sex": "f", "age": "a"}, [1, 1, 1])] * 25
    revised = run(path, study(more), revise=True)
    assert rows(revised) != rows(first)
    assert [table.to_pylist() for table in revised.earlier] == [rows(first)]
    assert {row["outcome"] for row in revised.released.revisions.to_pylist()} == {"released anew"}
    again = run(path, study(more))
    assert rows(again) == rows(revised) and again.released.revisions.equals(revised.released.revisions)
    assert len(again.earlier) == 1  # an attacker still has the first release


def test_a_changed_definition_is_a_change_too(path):
    first = run(path, study(people(90)))
    other = study(people(90, seed=2))
    structure = other.structure_json()
    structure["counts"]["other"] = structure["counts"].pop("n0")
    for measure in structure["measures"].values():
        measure["counts"]["numerator"] = "other"
    setting = Setting(structure_from(structure), KEY, memory=Ledger(path, KEY).memory)
    made = protection(other.raw(), "controlled", setting)
    assert rows(made) == rows(first)
    revisions = made.released.revisions
    assert revisions is not None and {row["changed"] for row in revisions.to_pylist()} == {"the definition"}


def test_another_policy_or_key_for_what_was_released(path):
    run(path, study(people(90)))
    with pytest.raises(DisclosureRefused, match="released under controlled T=7 base=10"):
        run(path, study(people(90)), "opensafely")
    with pytest.raises(DisclosureRefused, match="Put the old key"):
        run(path, study(people(90)), key=Key(bytes([7]) * 32))


def test_true_counts_are_refused_unless_made_up(path):
    with pytest.raises(DisclosureRefused, match="made-up records only"):
        run(path, study(people(9)), "none")
    made = run(path, study(people(9)), "none", made_up=True)
    assert made.released.table["numerator"].to_pylist() == study(people(9)).raw().table["numerator"].to_pylist()


@settings(max_examples=30)
@given(st.data())
def test_whatever_a_crash_leaves_is_cut_off(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("ledger") / "ledger.jsonl"
    run(path, study(people(40), weeks=1))
    whole = path.read_bytes()
    ledger = Ledger(path, KEY)
    head = ledger._head.read_bytes()
    expected = run(path, study(people(40)))
    torn = path.read_bytes()[: data.draw(st.integers(len(whole), len(path.read_bytes()) - 1))]
    path.write_bytes(torn)
    ledger._head.write_bytes(head)  # it is written after the entries are on disk
    assert bool(Ledger(path, KEY).note) == (torn != whole)
    assert rows(run(path, study(people(40)))) == rows(expected)
    assert Ledger(path, KEY).note == ""


@settings(max_examples=50)
@given(st.data())
def test_any_changed_byte_is_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("ledger") / "ledger.jsonl"
    run(path, study(people(40), weeks=2))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = (content[place] + data.draw(st.integers(1, 255))) % 256
    path.write_bytes(bytes(content))
    with pytest.raises(DisclosureRefused, match=r"Entry \d+ of the ledger|entries are missing"):
        Ledger(path, KEY)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_missing_entries_are_refused(path, number):
    run(path, study(people(40), weeks=2))
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[number]
    path.write_bytes(b"".join(lines))
    with pytest.raises(DisclosureRefused):
        Ledger(path, KEY)


@pytest.mark.parametrize("revise", [False, True])
def test_revisions_do_not_tell_which_measure_a_correction_was_about(path, revise):
    """One person's second flag is corrected in one week: of two nested measures by two groups just one changes."""
    drawn = people(90)
    run(path, study(drawn, nested=2), revise=revise)
    place = next(i for i, person in enumerate(drawn) if person.level[0] == 1)  # has the first, not the second
    corrected = [*drawn[:place], Person(drawn[place].groups, [2, *drawn[place].level[1:]]), *drawn[place + 1 :]]
    changed = run(path, study(corrected, nested=2), revise=revise).released.revisions.to_pylist()
    weeks = {row["interval_start"] for row in changed}
    assert len(weeks) == 1 and len(changed) == 2 * 3
    assert len({(row["changed"], row["outcome"]) for row in changed}) == 1


@settings(max_examples=30)
@given(st.data())
def test_any_changed_byte_of_the_head_is_refused(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("ledger") / "ledger.jsonl"
    run(path, study(people(40), weeks=2))
    head = path.with_name("ledger.jsonl.head")
    content = bytearray(head.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] = (content[place] + data.draw(st.integers(1, 255))) % 256
    head.write_bytes(bytes(content))
    lines = path.read_bytes().splitlines()
    if _meaning(content) == {
        "entries": len(lines),
        "hash": json.loads(lines[-1])["hash"],
    }:  # a space instead of another
        return
    with pytest.raises(DisclosureRefused):
        Ledger(path, KEY)


def _meaning(content):
    try:
        return json.loads(content)
    except ValueError:
        return None


def test_entries_in_another_order_are_refused(path):
    run(path, study(people(40), weeks=3))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[1], lines[0], *lines[2:]]))
    with pytest.raises(DisclosureRefused, match="Entry 1 of the ledger"):
        Ledger(path, KEY)


def test_another_history_with_hashes_that_fit_is_refused(path):
    """Anybody can compute hashes, and so also those of a ledger that never was; only the key seals it."""
    run(path, study(people(40), weeks=2))
    forged = [json.loads(line) for line in path.read_text().splitlines()]
    name = next(iter(forged[0]["tables"]))
    forged[0]["tables"][name]["values"]["[]"] = 4_320
    before = "0" * 64
    for entry in forged:
        entry["before"] = before
        before = entry["hash"] = _hash(entry)
    path.write_bytes(b"".join(_text(entry) + b"\n" for entry in forged))
    head = {"entries": len(forged), "hash": before}
    path.with_name("ledger.jsonl.head").write_text(json.dumps(head))
    with pytest.raises(DisclosureRefused, match=f"Entry {len(forged)} of the ledger"):
        Ledger(path, KEY)
    with pytest.raises(DisclosureRefused, match="with the key"):  # nor can it be passed off as another key's
        run(path, study(people(40), weeks=2), key=Key(bytes(32)))


def test_an_older_ledger_is_noticed_by_the_release_beside_it(path, tmp_path):
    """Put back from a backup with its head, it is whole; but what was released since would be released again."""
    run(path, study(people(40), weeks=1))
    old = {each: each.read_bytes() for each in path.parent.iterdir()}
    made = run(path, study(people(40), weeks=2))
    write_release(made.released, tmp_path / "release", {})
    check_release(tmp_path / "release", Ledger(path, KEY))
    for each, content in old.items():
        each.write_bytes(content)
    with pytest.raises(DisclosureRefused, match="knows of 1 releases, but release number 2 is there"):
        check_release(tmp_path / "release", Ledger(path, KEY))
    for each in old:
        each.unlink()
    with pytest.raises(DisclosureRefused, match="knows of 0 releases"):
        check_release(tmp_path / "release", Ledger(path, KEY))
    check_release(tmp_path / "nowhere", Ledger(path, KEY))


def test_a_missing_file_is_noticed(path):
    run(path, study(people(40), weeks=1))
    path.unlink()
    with pytest.raises(DisclosureRefused, match="missing from its end"):
        Ledger(path, KEY)


@pytest.mark.parametrize("taken", [0, 2])
def test_a_missing_head_is_refused_whether_the_ledger_was_shortened_or_not(path, taken):
    """Without the head nobody could see that the last release is missing, and would release its intervals again."""
    ledger = Ledger(path, KEY)
    ledger.append(ENTRIES)
    ledger.append(ENTRIES)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) - taken]))
    ledger._head.unlink()
    with pytest.raises(DisclosureRefused, match=r"ledger.jsonl.head is missing"):
        Ledger(path, KEY)


@pytest.mark.parametrize("written", [0, 1, 2])
def test_a_crash_in_the_first_release_of_all_is_no_missing_head(path, monkeypatch, written):
    """The entries are on the disk, as far as the crash let them, but the head that counts them is not."""
    write, heads = Ledger._write_head, list[Ledger]()

    def crash(ledger):
        assert not heads, "killed"
        write(ledger)
        heads.append(ledger)

    monkeypatch.setattr(Ledger, "_write_head", crash)
    with pytest.raises(AssertionError, match="killed"):
        Ledger(path, KEY).append(ENTRIES)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:written]))
    assert Ledger(path, KEY).memory.releases == (written == 2)


def test_no_room_for_the_head_leaves_nothing_behind(path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("measures.disclosure.memory.ledger.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        Ledger(path, KEY).append(ENTRIES)
    assert not list(path.parent.iterdir())


def test_the_ledger_holds_no_true_count_and_no_key(path):
    drawn = [Person({"sex": "f"}, [1])] * 4_321 + [Person({"sex": "m"}, [0])] * 8_765
    run(path, study(drawn, weeks=1, groupings=((), ("sex",))))
    text = path.read_text()
    for secret in ("4321", "8765", "13086", KEY.secret.hex(), KEY.secret.hex()[:16]):
        assert f'"{secret}' not in text and f":{secret}," not in text and f":{secret}}}" not in text
    assert KEY.id in text and path.stat().st_mode & 0o077 == 0


def test_entries_are_numbered_and_chained(path):
    ledger = Ledger(path, KEY)
    ledger.append(ENTRIES)
    ledger.append(ENTRIES)
    written = [json.loads(line) for line in path.read_text().splitlines()]
    assert [entry["entry"] for entry in written] == [1, 2, 3, 4]
    assert [entry["before"] for entry in written[1:]] == [entry["hash"] for entry in written[:-1]]
    assert (Ledger(path, KEY).size, Ledger(path, KEY).hash) == (ledger.size, ledger.hash) == (4, written[-1]["hash"])
