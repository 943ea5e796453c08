"""A backup brings a workspace back: the next run makes the same bytes, and nothing is
put over anything.
"""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError
from flows.keeping.backup import FORMAT, MANIFEST, back_up
from flows.keeping.restoring import restore
from flows.workspace.store import Workspace
from tests.flows.commands import Command
from tests.flows.conftest import STUDIES
from tests.flows.shelves import Shelves, contents
from tests.lib.noted_studies import noted_study


@pytest.mark.slow
def test_what_is_restored_and_run_again_is_the_same(
    cohortflow: Command, whole_weeks: Shelves, records: Path, tmp_path: Path
):
    """On another machine: with the key, an empty ledger of the site, and the
    records.
    """
    file, workspace = tmp_path / "kept.cohortflow", tmp_path / "w"
    said = cohortflow("backup", file, "--workspace", whole_weeks.workspace).well().out
    assert file.stat().st_mode & 0o777 == 0o600 and "highly sensitive" in said
    elsewhere = {"COHORTFLOW_LEDGER": tmp_path / "site"}
    said = cohortflow("restore", file, "--workspace", workspace, **elsewhere).well().out
    assert said.startswith("Restored weekly as of ")
    again = Shelves(workspace, "weekly")
    assert again.released() == whole_weeks.released()
    ledger = contents(whole_weeks.high / "ledger")
    assert contents(again.high / "ledger") == ledger and len(ledger) >= 3
    assert not (again.high / "counts").exists()
    cohortflow(
        "run",
        STUDIES / "weekly.py",
        "--records",
        records,
        "--workspace",
        workspace,
        **elsewhere,
    ).well()
    assert again.released() == whole_weeks.released()
    assert contents(again.high / "ledger") == ledger
    for shelf in ("cohorts", "counts"):
        assert contents(again.high / shelf) == contents(whole_weeks.high / shelf), shelf
    modes = {
        path.stat().st_mode & 0o777
        for path in again.release.rglob("*")
        if path.is_file()
    }
    assert modes == {0o640} and again.high.stat().st_mode & 0o777 == 0o700


def test_the_key_is_named_and_not_in_it(
    cohortflow: Command, whole_weeks: Shelves, tmp_path: Path
):
    file = tmp_path / "kept"
    said = cohortflow("backup", file, "--workspace", whole_weeks.workspace).well().out
    key = Path(cohortflow.environment["COHORTFLOW_KEY_FILE"])
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read(MANIFEST))
        everything = b"".join(archive.read(name) for name in archive.namelist())
    assert (
        manifest["key_file"] == str(key)
        and f"The key {manifest['key_id']} is not in it" in said
    )
    assert (
        key.read_bytes() not in everything
        and key.read_bytes().hex().encode() not in everything
    )
    lost = cohortflow(
        "restore",
        file,
        "--workspace",
        tmp_path / "w",
        COHORTFLOW_KEY_FILE=tmp_path / "none" / "key",
    )
    assert f"The key {manifest['key_id']} is not at hand" in lost.well().out


# Without a run ------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the site's ledger, on this machine alone."""
    monkeypatch.setenv("COHORTFLOW_KEY_FILE", str(tmp_path / "keys" / "key"))
    monkeypatch.setenv("COHORTFLOW_LEDGER", str(tmp_path / "site"))
    return tmp_path / "site"


@pytest.fixture
def root(tmp_path: Path, site: Path) -> Path:
    """A workspace with a study, its ledger and its release."""
    workspace = noted_study(tmp_path / "w", "weekly")
    for path in (
        workspace.folder("ledger") / "ledger.jsonl",
        workspace.release / "measures" / "a.csv",
    ):
        path.parent.mkdir(parents=True)
        path.write_text("one\n", encoding="utf-8")
    site.mkdir()
    (site / "people-k.jsonl").write_text("one\n", encoding="utf-8")
    (site / "people-k.jsonl.head").write_text("1", encoding="utf-8")
    return workspace.root


def test_what_is_in_it(root: Path, tmp_path: Path):
    manifest = back_up(root, tmp_path / "kept")
    high = "studies/weekly/highly_sensitive"
    assert sorted(manifest.files) == [
        "site/people-k.jsonl",
        "site/people-k.jsonl.head",
        f"{high}/history.json",
        f"{high}/last_run.json",
        f"{high}/ledger/ledger.jsonl",
        "studies/weekly/moderately_sensitive/measures/a.csv",
    ]


def test_a_second_restore_changes_nothing(root: Path, tmp_path: Path):
    back_up(root, tmp_path / "kept")
    first = restore(tmp_path / "kept", tmp_path / "other")
    second = restore(tmp_path / "kept", tmp_path / "other")
    assert (first.new, first.there, second.new, second.there) == (4, 2, 0, 6), (
        "the site's ledger was there"
    )
    assert not list((tmp_path / "other").glob(".restoring*"))


def test_nothing_is_put_over_anything(root: Path, tmp_path: Path):
    back_up(root, tmp_path / "kept")
    note = Workspace(tmp_path / "other", "weekly").last_run
    note.parent.mkdir(parents=True)
    note.write_text("another", encoding="utf-8")
    with pytest.raises(ArgumentsError, match="Something else is in the place"):
        restore(tmp_path / "kept", tmp_path / "other")
    assert list(contents(tmp_path / "other")) == [
        "weekly/highly_sensitive/last_run.json"
    ]


def test_a_ledger_of_the_site_that_went_on_stays(
    root: Path, site: Path, tmp_path: Path
):
    back_up(root, tmp_path / "kept")
    ledger = site / "people-k.jsonl"
    ledger.write_text("one\ntwo\n", encoding="utf-8")
    (site / "people-k.jsonl.head").write_text("2", encoding="utf-8")
    shutil.rmtree(root)
    restore(tmp_path / "kept", root)
    assert ledger.read_text(encoding="utf-8") == "one\ntwo\n"
    ledger.write_text("two\n", encoding="utf-8")
    with pytest.raises(ArgumentsError, match="Something else is in the place"):
        restore(tmp_path / "kept", tmp_path / "other")


def _rewritten(kept: Path, **changes: object) -> Path:
    """The backup with another manifest."""
    changed = kept.with_name("changed")
    with zipfile.ZipFile(kept) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            if name != MANIFEST:
                new.writestr(name, old.read(name))
        new.writestr(MANIFEST, json.dumps(json.loads(old.read(MANIFEST)) | changes))
    return changed


def test_a_newer_backup_is_refused_with_both_formats(root: Path, tmp_path: Path):
    back_up(root, tmp_path / "kept")
    newer = _rewritten(tmp_path / "kept", format=FORMAT + 1, cohortflow="9.0")
    words = rf"has the format {FORMAT + 1}, and this cohortflow reads the format {FORMAT}.*\(9.0\)"
    with pytest.raises(ArgumentsError, match=words):
        restore(newer, tmp_path / "other")
    assert not contents(tmp_path / "other")


def test_a_damaged_backup_restores_nothing(root: Path, tmp_path: Path):
    kept = tmp_path / "kept"
    back_up(root, kept)
    whole = kept.read_bytes()
    for damaged in (whole[: len(whole) // 2], b"", b"no backup"):
        kept.write_bytes(damaged)
        with pytest.raises(
            ArgumentsError, match="is no backup of cohortflow, or it was cut"
        ):
            restore(kept, tmp_path / "other")
    kept.write_bytes(whole)
    files = json.loads(zipfile.ZipFile(kept).read(MANIFEST))["files"]
    files["site/people-k.jsonl"]["sha256"] = "0" * 64
    with pytest.raises(
        ArgumentsError,
        match="people-k.jsonl is not as it was written. Nothing was restored",
    ):
        restore(_rewritten(kept, files=files), tmp_path / "other")
    assert not contents(tmp_path / "other")


@pytest.mark.parametrize(
    "name",
    ["../x", "studies/../x", "studies/weekly/highly_sensitive/../../x", "site/../key", "site/people-../x", "auth",
     "studies/other/highly_sensitive/ledger/ledger.jsonl", "studies/weekly/moderately_sensitive/.x"],
)  # fmt: skip
def test_no_name_leads_out_of_the_workspace(root: Path, tmp_path: Path, name: str):
    back_up(root, tmp_path / "kept")
    files = {name: {"sha256": "0" * 64, "mode": 0o600}}
    with pytest.raises(ArgumentsError, match="belongs in no workspace"):
        restore(_rewritten(tmp_path / "kept", files=files), tmp_path / "other")


def test_a_backup_is_whole_or_absent(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    kept = tmp_path / "kept"
    back_up(root, kept)
    before = kept.read_bytes()

    def full(*_: object, **_settings: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("flows.keeping.backup.json.dumps", full)
    for file in (kept, tmp_path / "new"):
        with pytest.raises(OSError, match="No space"):
            back_up(root, file)
    assert kept.read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kept", "site", "w"]


def test_where_no_backup_is_written(root: Path, tmp_path: Path):
    other = tmp_path / "thesis.txt"
    other.write_text("years of work", encoding="utf-8")
    for file, words in (
        (root / "kept", "is lost with it"),
        (other, "not written over"),
        (tmp_path / "no" / "kept", "no such folder"),
    ):
        with pytest.raises(ArgumentsError, match=words):
            back_up(root, file)
    with pytest.raises(ArgumentsError, match="nothing to keep"):
        back_up(tmp_path / "empty", tmp_path / "kept")
    with (
        Workspace(root, "weekly").locked(),
        pytest.raises(ArgumentsError, match="Another run of weekly is at work"),
    ):
        back_up(root, tmp_path / "kept")
