"""Records that somebody changes while a run reads them: what was read has no name, so
nothing is kept of it.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from extractors.errors import RecordsError
from extractors.fingerprint import files_fingerprint, stamp
from flows.preparing.jobs import Bounds
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from flows.running.work import make_snapshot
from tests.unit.extractors.sources.test_damage import prepared

__all__ = ["prepared"]

MORE = "patient_id\n1\n2\n"


def snapshot(prepared: Prepared) -> None:
    bounds = Bounds(1, 500_000_000, prepared.workspace.spill)
    folder, dirt = prepared.places.snapshot.folder, prepared.workspace.dirt
    make_snapshot(
        prepared.records, prepared.plan, folder, bounds, dirt=dirt, suspect=False
    )


def some_file(folder: Path) -> Path:
    return next(
        path
        for path in sorted(folder.rglob("*.parquet"))
        if "clinical_events" in str(path)
    )


def touched(folder: Path) -> None:
    some_file(folder).touch()


def added(folder: Path) -> None:
    (folder / "vaccinations.csv").write_text(MORE, encoding="utf-8")


def gone(folder: Path) -> None:
    (folder / "addresses.parquet").unlink(missing_ok=True)
    shutil.rmtree(folder / "addresses", ignore_errors=True)


@pytest.mark.parametrize("change", [touched, added, gone])
def test_nothing_is_kept_of_changed_records(
    prepared: Prepared, tmp_path: Path, change: Callable[[Path], None]
):
    change(tmp_path / "records")
    with pytest.raises(RecordsError):
        snapshot(prepared)
    assert not prepared.places.snapshot.folder.exists()


def test_the_next_run_takes_them_for_others(prepared: Prepared, tmp_path: Path):
    added(tmp_path / "records")
    with pytest.raises(RecordsError, match=r"changed while they were read.*run again"):
        snapshot(prepared)
    again = prepare(
        Options("nhs_at_home", str(tmp_path / "records"), workspace=str(tmp_path))
    )
    assert again.records.fingerprint != prepared.records.fingerprint
    snapshot(again)
    assert again.places.snapshot.folder.exists()


def test_unchanged_records_are_read(prepared: Prepared):
    snapshot(prepared)
    assert prepared.places.snapshot.folder.exists()


def test_a_file_that_changes_while_it_is_hashed_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    path = tmp_path / "patients.csv"
    path.write_text(MORE, encoding="utf-8")

    def late(paths):
        found = dict.fromkeys(paths, "hash of what was there first")
        path.write_text(MORE + "3\n", encoding="utf-8")
        return found

    with monkeypatch.context() as patched:
        patched.setattr("extractors.fingerprint.file_hashes", late)
        _, known = files_fingerprint([path], {})
    assert stamp(path) not in known
