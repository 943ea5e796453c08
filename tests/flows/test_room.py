"""What cannot fit on a disk is refused before a run; what is there already needs no
room.
"""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from extractors.errors import ArgumentsError
from flows.preparing import estimate
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from tests.flows.conftest import STUDY


@pytest.fixture
def prepared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Prepared:
    """A study whose snapshot takes about 4 MB, on a disk with 2 MB free."""
    free = SimpleNamespace(free=2_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: free)
    return prepare(Options(str(STUDY), patients=25_000, workspace=str(tmp_path / "w")))


def test_what_cannot_fit_is_refused(prepared: Prepared):
    with pytest.raises(
        ArgumentsError,
        match=r"The run needs \d\.\d MB on disk, and 2\.0 MB are free;",
    ):
        estimate.refuse_what_cannot_fit(prepared, own_server=False)


def test_what_is_there_needs_no_room(prepared: Prepared):
    prepared.places.snapshot.folder.mkdir(parents=True)
    (prepared.places.snapshot.folder / "clinical_events.parquet").write_bytes(
        b"\0" * 5_000_000
    )
    estimate.refuse_what_cannot_fit(prepared, own_server=False)


def test_a_server_of_its_own_needs_room(
    prepared: Prepared, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    prepared.places.snapshot.folder.mkdir(parents=True)
    (prepared.places.snapshot.folder / "clinical_events.parquet").write_bytes(
        b"\0" * 5_000_000
    )
    with pytest.raises(
        ArgumentsError,
        match=r"Prefect's temporary server needs 20\.0 MB .* set PREFECT_HOME",
    ):
        estimate.refuse_what_cannot_fit(prepared, own_server=True)
