"""The workspace: where everything lies, and how it gets there whole or not at all.

The workspace is the truth about a run: a result's name holds the key of all that
determines it, so what exists is done. Everything below `highly_sensitive` is readable
by its owner alone.
"""

import json
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from extractors.disk import sync
from extractors.errors import ArgumentsError
from extractors.sources.dirt import FILE as DIRT

try:
    import fcntl
except ImportError:  # no such thing on Windows, where only trials run
    fcntl = None  # type: ignore[assignment]

PRIVATE = 0o077  # the umask while anything is written on the highly_sensitive shelf
SHARED = 0o750  # the mode of what lies above both shelves: the group reads releases
TEMPORARY = ".unfinished"
# Ours, those of made-up records, what a worker's DuckDB has spilled (it clears away
# after another only once it spills itself), and counts on their way to be rounded.
LEFTOVERS = (f"**/*{TEMPORARY}*", "**/.*.partial", "spill/*", "rounding/*")


@dataclass(frozen=True)
class Workspace:
    """The two shelves of one study; all paths of results are made here."""

    # the folder that `--workspace` names
    root: Path
    # the name of the study, which is the name of its folder in `root`
    study: str

    @property
    def high(self) -> Path:
        return self.root / self.study / "highly_sensitive"

    @property
    def release(self) -> Path:
        return self.root / self.study / "moderately_sensitive"

    def folder(self, shelf: str, key: str = "") -> Path:
        """A folder on the highly_sensitive shelf: `snapshots`, `static`, `cohorts`,
        `counts`, `errors` …
        """
        return self.high / shelf / key if key else self.high / shelf

    def cohort(self, key: str, period: str) -> Path:
        return self.folder("cohorts", key) / f"period={period}.parquet"

    def counts(self, key: str, period: str) -> Path:
        return self.folder("counts", key) / f"period={period}.parquet"

    def recipe(self, key: str) -> Path:
        return self.folder("counts", key) / "recipe.json"

    def error(self, key: str, period: str) -> Path:
        return self.folder("errors", key) / f"period={period}.json"

    @property
    def last_run(self) -> Path:
        return self.high / "last_run.json"

    @property
    def note(self) -> Path:
        """Which study this is: where its definition lies."""
        return self.high / "study.json"

    @property
    def dirt(self) -> Path:
        """What is wrong with the records, row by row, for the site's people."""
        return self.high / DIRT

    @property
    def trial_counts(self) -> Path:
        """The true counts of a run on made-up records."""
        return self.high / "trial_counts.csv"

    @property
    def doubts(self) -> Path:
        """What the true counts of real records make doubtful about the definition."""
        return self.high / "doubts.json"

    @property
    def released(self) -> Path:
        """What the release was made of, so that it is not made again of the same."""
        return self.high / "released.json"

    @property
    def loads(self) -> Path:
        """Which records the study was run on, and where their results are."""
        return self.high / "loads.json"

    @property
    def news(self) -> Path:
        """What may be said of how the records differ from those of the load before."""
        return self.high / "news.json"

    @property
    def flow_run(self) -> Path:
        """What the run that is at work is called in Prefect; there only as long as that
        is so.
        """
        return self.high / "flow_run.json"

    @property
    def spill(self) -> Path:
        return self.high / "spill"

    @property
    def dask(self) -> Path:
        """Where a run's own Dask has its folder, with the key of its wire."""
        return self.high / "dask"

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def make(self) -> None:
        """Make the highly_sensitive shelf, if it is not there; the other one comes with
        a release.
        """
        make_shared(self.high.parent)
        make_private(self.high)

    def prepare(self) -> None:
        """Make the shelves, if they are not there; clear away what a killed run left
        unfinished.
        """
        self.make()
        self._clear(*LEFTOVERS)

    def _clear(self, *patterns: str) -> None:
        for pattern in patterns:
            for left in list(self.high.glob(pattern)):
                shutil.rmtree(
                    left, ignore_errors=True
                ) if left.is_dir() else left.unlink(missing_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Only one run of a study at a time, and what it writes is private;
        ArgumentsError if there is another.
        """
        self.make()
        taken = (
            f"Another run of {self.study} is at work in this workspace; wait for it, "
            "or give another --workspace."
        )
        with umask(PRIVATE), locked_file(self.high / "lock", taken):
            try:
                yield
            finally:
                # a worker that is killed leaves some, though the run itself ends well
                self._clear(*LEFTOVERS)


def study_folders(root: Path) -> list[Path]:
    """Of all studies of a workspace, in the order of their names; a file beside them is
    none.
    """
    return (
        sorted(path for path in root.iterdir() if path.is_dir())
        if root.is_dir()
        else []
    )


@contextmanager
def locked_file(path: Path, taken: str) -> Iterator[None]:
    """Only one process at a time is in the block; ArgumentsError with the words `taken`
    for the second.
    """
    with path.open("w", encoding="utf-8") as lock:
        if not hold(lock):
            raise ArgumentsError(taken)
        yield


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Only one process of this user at a time is in the block; others wait for it. The
    folder is made, and private.
    """
    make_private(folder)
    with (folder / "lock").open("w", encoding="utf-8") as lock:
        hold(lock, patient=True)
        yield


def hold(file: TextIO | int, *, patient: bool = False) -> bool:
    """Lock a file for as long as it is open; whether no other process holds it. With
    `patient` the call waits until none does.
    """
    if not fcntl:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if patient else fcntl.LOCK_NB))
    except OSError:
        return False
    return True


@contextmanager
def umask(mask: int) -> Iterator[None]:
    """Another umask for this process and the children that it starts meanwhile."""
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def make_shared(folder: Path) -> None:
    """A folder, and all missing ones above it, for its owner and their group, whatever
    the umask is.
    """
    if folder.exists():
        return
    make_shared(folder.parent)
    folder.mkdir(exist_ok=True)
    # what hands the group on stays
    folder.chmod(SHARED | folder.stat().st_mode & stat.S_ISGID)


def make_private(folder: Path) -> None:
    """A folder, and all missing ones above it, that only its owner can look into."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A name to write to, which becomes `path` once the block has ended well; synced to
    disk.
    """
    if not path.parent.exists():
        make_private(path.parent)
    beside = path.with_name(f"{path.name}{TEMPORARY}-{secrets.token_hex(4)}")
    try:
        yield beside
        beside.chmod(0o600)
        sync(beside)
        os.replace(beside, path)
        sync(path.parent)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """As `whole_file`, for a folder; one that is there already is replaced."""
    beside = path.with_name(f"{path.name}{TEMPORARY}-{secrets.token_hex(4)}")
    shutil.rmtree(beside, ignore_errors=True)
    make_private(beside)
    try:
        yield beside
        for file in beside.iterdir():
            sync(file)
        shutil.rmtree(path, ignore_errors=True)
        os.replace(beside, path)
        sync(path.parent)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def write_json(path: Path, data: Any) -> None:
    with whole_file(path) as beside:
        beside.write_text(
            json.dumps(data, indent=1, sort_keys=True, default=str), encoding="utf-8"
        )
