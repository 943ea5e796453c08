"""A backup keeps what sites have masked, so that a restored site masks nothing else in
the same round; their secret keys stay where they are.
"""

import json
import zipfile
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError, DisclosureRefused
from flows.command.keeping import backed_up, restored
from flows.keeping.backup import FORMAT, MANIFEST, back_up
from flows.keeping.restoring import restore
from flows.running.sites import _note
from measures.sites.keys import make_key, read_public
from measures.sites.rounds import Round, new_id
from tests.lib.noted_studies import noted_study


@pytest.fixture(autouse=True)
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the keys of site A, who knows B and C."""
    monkeypatch.setenv("COHORTFLOW_KEY_FILE", str(tmp_path / "home" / "key"))
    monkeypatch.delenv("COHORTFLOW_LEDGER", raising=False)
    folder = tmp_path / "home" / "sites"
    make_key("A", folder)
    for partner in "BC":
        made = make_key(partner, tmp_path / partner)
        assert made.public.fingerprint
        public = tmp_path / partner / f"{partner}.pub"
        (folder / public.name).write_bytes(public.read_bytes())
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return noted_study(tmp_path / "w", "weekly").root


def a_round(keys: Path) -> Round:
    return Round(
        id=new_id(),
        study="weekly",
        definition="0" * 64,
        beside="1",
        sites=("A", "B", "C"),
        place="A",
        keys={name: read_public(name, keys).fingerprint for name in "ABC"},
        measures=(),
        calendars=(),
        values={},
        left_out=(),
    )


def mask(agreed: Round, content: bytes, keys: Path) -> None:
    _note(agreed, "A", content, keys, other_sites=False)


def test_other_counts_are_refused_after_a_restore(
    root: Path, keys: Path, tmp_path: Path
):
    agreed = a_round(keys)
    mask(agreed, b"counts", keys)
    back_up(root, tmp_path / "kept")
    for path in keys.iterdir():
        path.unlink()
    (tmp_path / "copy").mkdir()
    restore(tmp_path / "kept", tmp_path / "copy")
    mask(agreed, b"counts", keys)
    with pytest.raises(DisclosureRefused, match="masked other counts in this round"):
        mask(agreed, b"other counts", keys)
    assert read_public("B", keys).fingerprint == agreed.keys["B"]
    assert keys.stat().st_mode & 0o777 == 0o700


def test_secret_keys_are_named_and_not_in_it(root: Path, keys: Path, tmp_path: Path):
    secret = json.loads((keys / "A.key").read_text(encoding="utf-8"))["private"]
    said = "\n".join(backed_up(str(root), str(tmp_path / "kept")))
    assert said.endswith(str(keys / "A.key"))
    with zipfile.ZipFile(tmp_path / "kept") as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert secret.encode() not in everything
    (keys / "A.key").unlink()
    said = "\n".join(restored(str(tmp_path / "kept"), str(tmp_path / "other")))
    assert f"They were at {keys / 'A.key'}" in said


def test_a_note_that_went_on_stays_and_an_older_one_is_not_written_over(
    root: Path, keys: Path, tmp_path: Path
):
    mask(a_round(keys), b"counts", keys)
    back_up(root, tmp_path / "kept")
    mask(a_round(keys), b"counts", keys)
    now = (keys / "A.rounds.json").read_bytes()
    restore(tmp_path / "kept", tmp_path / "other")
    assert (keys / "A.rounds.json").read_bytes() == now
    back_up(root, tmp_path / "later")
    (keys / "A.rounds.json").unlink()
    mask(a_round(keys), b"counts", keys)
    with pytest.raises(ArgumentsError, match="Something else is in the place"):
        restore(tmp_path / "later", tmp_path / "third")


def test_keys_of_another_place(root: Path, keys: Path, tmp_path: Path):
    other = tmp_path / "keys of sites"
    keys.rename(other)
    mask(a_round(other), b"counts", other)
    place = ("--keys", str(other))
    assert "A.key" in backed_up(str(root), str(tmp_path / "kept"), place[1])[-1]
    (other / "A.rounds.json").unlink()
    restored(str(tmp_path / "kept"), str(tmp_path / "third"), place[1])
    assert (other / "A.rounds.json").exists()


def test_a_backup_of_the_format_before_is_read(root: Path, tmp_path: Path):
    back_up(root, tmp_path / "kept")
    with (
        zipfile.ZipFile(tmp_path / "kept") as new,
        zipfile.ZipFile(tmp_path / "old", "w") as old,
    ):
        told = json.loads(new.read(MANIFEST))
        assert told.pop("format") == FORMAT and told.pop("site_keys")
        for name in list(told["files"]):
            if name.startswith("sites/"):
                del told["files"][name]
            else:
                old.writestr(name, new.read(name))
        old.writestr(MANIFEST, json.dumps({"format": 1, **told}))
    found = restore(tmp_path / "old", tmp_path / "other")
    assert found.lacking == () and found.manifest.studies == ("weekly",)
