"""Results that were written whole: a note beside them, written last, says what their
files were.

The note has the size and the hash of each file. A Parquet file says in its own footer
of which period it is, so that one that lies under another's name is known as that.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from extractors.disk import another_version
from extractors.errors import Damaged
from extractors.fingerprint import file_hash, file_hashes, stamp
from flows.workspace.kept import WRITTEN

OURS = "cohortflow"  # the key of what a footer says
FORMAT = 1  # of what a footer says
CUT = "the file of its {what} is cut, changed or gone"
OTHER = "the file of its {what} is that of {other}, under another name"
SMALL = 1 << 20  # bytes that are hashed at every look


@dataclass(frozen=True)
class Seen:
    """What is there of a result."""

    # whether all of its files are there, as far as this look could see
    whole: bool = False
    # in words, what is wrong with what is there; empty if nothing is, or nothing is
    # there
    damage: str = ""
    # how many attempts had failed when it was written
    failures: int = 0
    # whether a note says what the files were; files of an earlier version have none
    noted: bool = True

    @property
    def noted_whole(self) -> bool:
        """Whether it is as a note says."""
        return self.whole and self.noted


NOTHING = Seen()


def footer(period: str) -> dict[str, str]:
    """What the footer of a Parquet file says of itself."""
    return {OURS: json.dumps({"format": FORMAT, "period": period})}


def note_written(
    note: Path, name: str, files: Mapping[str, Path], failures: int = 0
) -> None:
    """Say that all files of the result `name` are there; `files`: what each is -> the
    file.
    """
    hashes = file_hashes(files.values())
    facts = {}
    for what, path in files.items():
        facts[what] = {"size": path.stat().st_size, "sha256": hashes[path]}
    WRITTEN.write(note, {"name": name, "failures": failures, "files": facts})


def note_carried(old: Path, note: Path, failures: int) -> None:
    """Say of files that another note tells of that they are there under other names,
    too.
    """
    noted = WRITTEN.read(old)
    assert noted is not None, "a result that is carried over is noted"
    WRITTEN.write(note, {**noted, "failures": failures})


def look(
    note: Path, name: str, files: Mapping[str, Path], *, thorough: bool = False
) -> Seen:
    """Whether a result is there as it was written.

    Every look compares sizes, the hashes of small files and the footers of large ones;
    a `thorough` one all hashes. Raises AnotherVersion if another version wrote the
    note.
    """
    try:
        noted = WRITTEN.read(note)
    except Damaged:
        return Seen(damage=CUT.format(what="note"))
    if noted is None:
        return _unnoted(name, files, thorough=thorough)
    if noted["name"] != name:
        return Seen(damage=OTHER.format(what="note", other=noted["name"]))
    for what, path in files.items():
        if damage := _damage(
            what, path, noted["files"].get(what, {}), name, thorough=thorough
        ):
            return Seen(damage=damage)
    return Seen(whole=True, failures=noted["failures"])


def _damage(
    what: str, path: Path, facts: Mapping[str, object], name: str, *, thorough: bool
) -> str:
    """In words, what is wrong with a file; empty if nothing is."""
    if not path.exists():
        return CUT.format(what=what)
    size = path.stat().st_size
    same = size == facts.get("size")
    hashed = thorough or size <= SMALL
    if same and hashed and _hash(stamp(path), path) == facts.get("sha256"):
        return ""
    if swapped := _swapped(what, path, name):
        return swapped
    return "" if same and not hashed else CUT.format(what=what)


def _unnoted(name: str, files: Mapping[str, Path], *, thorough: bool) -> Seen:
    """Of files that an earlier version wrote, or that a run was killed behind."""
    if not all(path.exists() for path in files.values()):
        return NOTHING
    for what, path in files.items():
        if swapped := _swapped(what, path, name):
            return Seen(damage=swapped, noted=False)
        if not readable(path, thorough=thorough):
            return Seen(damage=CUT.format(what=what), noted=False)
    return Seen(whole=True, noted=False)


def _swapped(what: str, path: Path, name: str) -> str:
    """In words, that the footer of a file says another name; empty if it does not."""
    try:
        said = json.loads(_footer(stamp(path), path))
    except (OSError, pa.ArrowException, ValueError):
        return ""
    if said and said["format"] != FORMAT:
        raise another_version(path, said["format"], FORMAT)
    period = said.get("period", name)
    return "" if period == name else OTHER.format(what=what, other=period)


def readable(path: Path, *, thorough: bool) -> bool:
    """Whether a Parquet or Arrow file has its footer; if the look is `thorough`,
    whether Parquet can be read.
    """
    try:
        if path.suffix == ".arrow":
            with pa.ipc.open_file(path):
                return True
        with pq.ParquetFile(path) as file:
            if thorough:
                for _ in file.iter_batches():
                    pass
    except (OSError, pa.ArrowException, ValueError):
        return False
    return True


@lru_cache(maxsize=4096)
def _hash(_stamp: str, path: Path) -> str:
    """Kept, because a run looks several times."""
    return file_hash(path)


@lru_cache(maxsize=4096)
def _footer(_stamp: str, path: Path) -> bytes:
    """What a footer says of the file, as JSON; kept as `_hash` is."""
    return (pq.read_metadata(path).metadata or {}).get(OURS.encode(), b"{}")
