"""One key for a workspace: a lost one is never replaced, and two are refused."""

import json
import shutil
from pathlib import Path

import pytest

from extractors.errors import DisclosureRefused
from flows.workspace.one_key import KEY_FILE, note_key, noted_id, the_key
from flows.workspace.store import Workspace
from measures.disclosure.memory.keys import Key
from tests.lib.releases import people, run, study

OLDER = Path(__file__).parents[2] / "measures" / "disclosure" / "memory" / "older"


@pytest.fixture
def key_file(tmp_path, monkeypatch):
    """The path of the key at hand."""

    def at(name: str) -> Path:
        path = tmp_path / "keys" / name / "key"
        monkeypatch.setenv(KEY_FILE, str(path))
        return path

    return at


def released(workspace: Workspace) -> Key:
    key = the_key(workspace)
    note_key(workspace, key)
    run(
        workspace.folder("ledger") / "ledger.jsonl", study(people(40), weeks=1), key=key
    )
    return key


def test_a_key_is_made_once_and_noted_without_its_secret(tmp_path, key_file):
    path, workspace = key_file("one"), Workspace(tmp_path / "w", "first")
    key = released(workspace)
    assert (
        the_key(workspace) == key
        and the_key(Workspace(tmp_path / "w", "second")) == key
    )
    note = workspace.folder("ledger") / "key.json"
    assert (
        json.loads(note.read_text(encoding="utf-8")) == {"format": 1, "key": key.id}
        and note.stat().st_mode & 0o077 == 0
    )
    assert (
        path.read_bytes().hex()[:16] not in note.read_text(encoding="utf-8")
        and len(key.id) == 16
    )


@pytest.mark.parametrize("name", ["first", "second"])
@pytest.mark.parametrize(
    "gone", [(), ("key.json",), ("ledger.jsonl",), ("key.json", "ledger.jsonl")]
)
def test_no_key_is_made_in_the_place_of_a_lost_one(tmp_path, key_file, name, gone):
    """In whichever study of the workspace, and whatever else of it is lost."""
    path, workspace = key_file("one"), Workspace(tmp_path / "w", "first")
    key = released(workspace)
    for each in gone:
        (workspace.folder("ledger") / each).unlink()
    kept = path.read_bytes()
    path.unlink()
    with pytest.raises(
        DisclosureRefused,
        match="no new one is made in its place. Put the old key back from the backup",
    ):
        the_key(Workspace(tmp_path / "w", name))
    assert not path.exists() and not (tmp_path / "w" / "second").exists()
    path.write_bytes(kept)
    path.chmod(0o600)
    assert the_key(Workspace(tmp_path / "w", name)) == key


@pytest.mark.parametrize("name", ["first", "second"])
@pytest.mark.parametrize("gone", [(), ("key.json",), ("ledger.jsonl",)])
def test_two_keys_are_refused(tmp_path, key_file, name, gone):
    key_file("one")
    workspace = Workspace(tmp_path / "w", "first")
    key = released(workspace)
    for each in gone:
        (workspace.folder("ledger") / each).unlink()
    key_file("other")
    the_key(Workspace(tmp_path / "elsewhere", "third"))  # so that there is another key
    with pytest.raises(
        DisclosureRefused,
        match=f"ledger of first .* with the key {key.id}, but the key at hand",
    ):
        the_key(Workspace(tmp_path / "w", name))
    assert not (
        tmp_path / "w" / "second" / "highly_sensitive" / "ledger" / "key.json"
    ).exists()
    key_file("one")
    assert the_key(Workspace(tmp_path / "w", name)) == key, (
        "nothing of the other one is left"
    )


@pytest.mark.parametrize("name", ["sealed", "series", "unsealed"])
def test_a_ledger_of_an_earlier_version_has_no_note_and_is_still_of_its_key(
    tmp_path, key_file, name
):
    folder = Workspace(tmp_path / "w", "first").folder("ledger")
    folder.mkdir(parents=True)
    shutil.copy(OLDER / f"{name}.jsonl", folder / "ledger.jsonl")
    path = key_file("one")
    with pytest.raises(DisclosureRefused, match="no new one is made"):
        the_key(Workspace(tmp_path / "w", "second"))
    path.parent.mkdir(parents=True, mode=0o700)
    path.write_bytes(bytes(range(1, 33)))
    path.chmod(0o600)
    with pytest.raises(DisclosureRefused, match="the key 193ae3b252a48c07"):
        the_key(Workspace(tmp_path / "w", "second"))
    path.write_bytes(bytes(range(32)))
    assert the_key(Workspace(tmp_path / "w", "second")).id == "193ae3b252a48c07"


def test_ledgers_of_trials_need_no_key(tmp_path, key_file):
    folder = Workspace(tmp_path / "w", "first").folder("ledger")
    folder.mkdir(parents=True)
    (folder / "trial-0123.jsonl").touch()
    path = key_file("one")
    the_key(Workspace(tmp_path / "w", "first"))
    assert path.exists()


def test_two_first_runs_at_once_do_not_both_go_on(tmp_path, key_file):
    """Each has looked before the other noted its key."""
    first, second = (
        Workspace(tmp_path / "w", "first"),
        Workspace(tmp_path / "w", "second"),
    )
    keys = {}
    for name, workspace in (("one", first), ("two", second)):
        key_file(name)
        keys[name] = the_key(workspace)
    note_key(second, keys["two"])
    with pytest.raises(DisclosureRefused, match="ledger of second"):
        note_key(first, keys["one"])
    assert not (first.folder("ledger") / "key.json").exists()
    assert the_key(second) == keys["two"]


def test_a_key_that_released_nothing_binds_nobody(tmp_path, key_file):
    """A path with a slip in it makes a key; nothing is lost with that."""
    key_file("slip")
    the_key(Workspace(tmp_path / "w", "first"))
    key_file("one")
    released(Workspace(tmp_path / "w", "first"))


def test_a_file_in_a_workspace_is_no_study(tmp_path, key_file):
    key_file("one")
    workspace = Workspace(tmp_path / "w", "first")
    key = released(workspace)
    (tmp_path / "w" / "notes.json").write_text("{}", encoding="utf-8")
    assert the_key(workspace) == key and noted_id(workspace) == key.id
