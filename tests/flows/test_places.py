"""Places that cannot be used are named once, with the system's word and what to do."""

import errno
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.errors import ArgumentsError, CohortflowError
from flows.state.outcome import read_outcome
from flows.workspace.judging import judged, refused
from flows.workspace.store import Workspace
from tests.flows.commands import AS_OTHERS, Command, Result
from tests.flows.conftest import STUDIES
from tests.lib.prefect_server import environment

WEEKLY = STUDIES / "weekly.py"
DENIED, NO_FOLDER, NOT_THERE = (
    "Permission denied",
    "Not a directory",
    "No such file or directory",
)


@pytest.fixture
def others(tmp_path: Path) -> Iterator[Command]:
    """The command of somebody to whom the machine may refuse something."""
    root = os.geteuid() == 0
    if root and not shutil.which(AS_OTHERS[0]):
        pytest.skip(
            "root may read and write everywhere, and no setpriv can keep it from that"
        )
    named = environment(tmp_path / "home") | {
        "PREFECT_API_URL": "http://127.0.0.1:9/api"
    }
    command = Command(named, AS_OTHERS if root else ())
    yield command
    command.end()


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[Path]:
    """A folder that nobody may look into or write to."""
    folder = tmp_path / "closed"
    folder.mkdir(0o000)
    yield folder
    folder.chmod(0o700)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "file").touch()
    return tmp_path / "file"


def said(result: Result, place: Path, why: str) -> None:
    assert result.code == 2 and "Traceback" not in result.err, result.err
    assert (
        f"cohortflow: A place cannot be used: {why}; see that it is yours" in result.err
        and f": {place}" in result.err
    )
    assert result.err.count("cohortflow: ") == 1


@pytest.mark.parametrize("command", ["run", "plan", "status", "rerun", "check"])
def test_a_workspace_of_somebody_else(
    others: Command, closed: Path, records: Path, command: str
):
    words = {"status": (), "rerun": ("--failed",)}.get(command, ("--records", records))
    result = others(command, WEEKLY, *words, "--workspace", closed)
    shelf = closed / "weekly" / "highly_sensitive"
    # status and rerun look through the workspace for a study of that name first
    place = closed if command in ("status", "rerun") else shelf / "study.json"
    said(result, place, DENIED)


def test_a_folder_that_is_only_to_be_read(others: Command, closed: Path, records: Path):
    closed.chmod(0o500)
    said(
        others("run", WEEKLY, "--records", records, "--workspace", closed / "w"),
        closed / "w",
        DENIED,
    )
    said(others("trial", WEEKLY, "--to", closed / "t"), closed / "t", DENIED)
    said(others("serve", "--workspace", closed / "s"), closed / "s", DENIED)


def test_records_that_may_not_be_read(
    others: Command, records: Path, closed: Path, tmp_path: Path
):
    copied = shutil.copytree(records, tmp_path / "copied")
    table = copied / "clinical_events.parquet"
    table.chmod(0o000)
    for place, path in ((copied, table), (closed, closed)):
        said(
            others("run", WEEKLY, "--records", place, "--workspace", tmp_path / "w"),
            path,
            DENIED,
        )


@pytest.mark.parametrize(
    ("folder", "why"), [("file/x", NO_FOLDER), ("x" * 300, "File name too long")]
)
def test_what_no_folder_can_be(others: Command, file: Path, folder: str, why: str):
    place = file.parent / folder
    said(others("trial", WEEKLY, "--patients", 5, "--to", place), place, why)
    said(others("serve", "--workspace", place), place, why)


def test_where_nobody_can_make_a_folder(others: Command):
    said(
        others("trial", WEEKLY, "--patients", 5, "--to", "/proc/made"),
        Path("/proc/made"),
        NOT_THERE,
    )
    said(others("serve", "--workspace", "/proc/made"), Path("/proc/made"), NOT_THERE)


def test_a_key_that_cannot_be(cohortflow: Command, records: Path, tmp_path: Path):
    words = ("--records", records, "--workspace", tmp_path / "w")
    said(
        cohortflow("run", WEEKLY, *words, COHORTFLOW_KEY_FILE=tmp_path),
        tmp_path,
        "Is a directory",
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "last_run.json is damaged; put it back from a backup, or remove it: "),
        (
            '{"options": ',
            "last_run.json is damaged; put it back from a backup, or remove it: ",
        ),
        (
            '{"options": {}, "headlines": []}',
            "last_run.json is of another cohortflow, whose format 3 holds other "
            "things; use that one",
        ),
    ],
)
def test_a_workspace_whose_notes_cannot_be_read(
    tmp_path: Path, written: str, said: str
):
    workspace = Workspace(tmp_path, "study")
    workspace.prepare()
    workspace.last_run.write_text(written, encoding="utf-8")
    with pytest.raises(CohortflowError, match=re.escape(said)):
        read_outcome(workspace)


def test_what_nobody_can_mend_stays_what_it_is():
    """Without a place it is ours; and what is missing in the midst of a run may be
    damage.
    """
    assert refused(OSError(errno.EBADF, "Bad file descriptor")) is None
    missing = judged(FileNotFoundError(errno.ENOENT, NOT_THERE, "x"), "The run")
    assert missing.message == "The run ended with an unexpected FileNotFoundError."
    moved = judged(
        IsADirectoryError(errno.EISDIR, "Is a directory", "from", None, "to"), "The run"
    )
    assert isinstance(moved, ArgumentsError) and moved.message.startswith(
        "A place cannot be used: Is a directory;"
    )
    assert moved.message.endswith(": to")
