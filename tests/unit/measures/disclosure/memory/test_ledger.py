"""The file of what was released: crashes, and hands that change things."""

import errno
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.errors import DisclosureRefused
from flows.running.protect import check_release
from measures.disclosure.memory.entries import COMMIT, FORMAT, Entry, hash_of, text_of
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.ledger import Ledger
from measures.release.bundle import write_release
from tests.lib.people_counts import Person
from tests.lib.releases import KEY, people, rows, run, study

ENTRIES: list[Entry] = [
    {"kind": "tables", "tables": {}, "rows": [], "policy": "p", "release": 1},
    {"kind": COMMIT, "key": KEY.id},
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger" / "ledger.jsonl"


@settings(max_examples=30)
@given(st.data())
def test_whatever_a_crash_leaves_is_cut_off(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("ledger") / "ledger.jsonl"
    run(path, study(people(40), weeks=1))
    whole = path.read_bytes()
    ledger = Ledger(path, KEY)
    head = ledger._head.read_bytes()
    expected = run(path, study(people(40)))
    torn = path.read_bytes()[
        : data.draw(st.integers(len(whole), len(path.read_bytes()) - 1))
    ]
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
    with pytest.raises(
        DisclosureRefused, match=r"Entry \d+ of the ledger|entries are missing"
    ):
        Ledger(path, KEY)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_missing_entries_are_refused(path, number):
    run(path, study(people(40), weeks=2))
    lines = path.read_bytes().splitlines(keepends=True)
    del lines[number]
    path.write_bytes(b"".join(lines))
    with pytest.raises(DisclosureRefused):
        Ledger(path, KEY)


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
        "format": FORMAT,
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
    """Anybody can compute hashes, and so also those of a ledger that never was; only
    the key seals it.
    """
    run(path, study(people(40), weeks=2))
    forged = [
        json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()
    ]
    name = next(iter(forged[0]["tables"]))
    forged[0]["tables"][name]["values"]["[]"] = 4_320
    before = "0" * 64
    for entry in forged:
        entry["before"] = before
        before = entry["hash"] = hash_of(entry)
    path.write_bytes(b"".join(text_of(entry) + b"\n" for entry in forged))
    head = {"format": FORMAT, "entries": len(forged), "hash": before}
    path.with_name("ledger.jsonl.head").write_text(json.dumps(head), encoding="utf-8")
    with pytest.raises(DisclosureRefused, match=f"Entry {len(forged)} of the ledger"):
        Ledger(path, KEY)
    # nor can it be passed off as another key's
    with pytest.raises(DisclosureRefused, match="with the key"):
        run(path, study(people(40), weeks=2), key=Key(bytes(32)))


def test_an_older_ledger_is_noticed_by_the_release_beside_it(path, tmp_path):
    """Put back from a backup with its head, it is whole; but what was released since
    would be released again.
    """
    run(path, study(people(40), weeks=1))
    old = {each: each.read_bytes() for each in path.parent.iterdir()}
    made = run(path, study(people(40), weeks=2))
    write_release(made.released, tmp_path / "release", {})
    check_release(tmp_path / "release", Ledger(path, KEY))
    for each, content in old.items():
        each.write_bytes(content)
    with pytest.raises(
        DisclosureRefused, match="knows of 1 releases, but release number 2 is there"
    ):
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
    """Without the head nobody could see that the last release is missing, and would
    release its intervals again.
    """
    ledger = Ledger(path, KEY)
    ledger.append(ENTRIES)
    ledger.append(ENTRIES)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[: len(lines) - taken]))
    ledger._head.unlink()
    with pytest.raises(DisclosureRefused, match=r"ledger.jsonl.head is missing"):
        Ledger(path, KEY)


@pytest.mark.parametrize("written", [0, 1, 2])
def test_a_crash_in_the_first_release_of_all_is_no_missing_head(
    path, monkeypatch, written
):
    """The entries are on the disk, as far as the crash let them, but the head that
    counts them is not.
    """
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
    text = path.read_text(encoding="utf-8")
    for secret in ("4321", "8765", "13086", KEY.secret.hex(), KEY.secret.hex()[:16]):
        assert (
            f'"{secret}' not in text
            and f":{secret}," not in text
            and f":{secret}}}" not in text
        )
    assert KEY.id in text and path.stat().st_mode & 0o077 == 0


def test_entries_are_numbered_and_chained(path):
    ledger = Ledger(path, KEY)
    ledger.append(ENTRIES)
    ledger.append(ENTRIES)
    written = [
        json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert [entry["entry"] for entry in written] == [1, 2, 3, 4]
    assert [entry["before"] for entry in written[1:]] == [
        entry["hash"] for entry in written[:-1]
    ]
    assert (
        (Ledger(path, KEY).size, Ledger(path, KEY).hash)
        == (ledger.size, ledger.hash)
        == (4, written[-1]["hash"])
    )
