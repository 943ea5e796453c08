"""What a workspace holds of a study, and what of it is needed.

A new load of the records has most of its files from the load before, under other names.
Such a file takes its bytes once, and they are free when its last name goes.
"""

import datetime
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from flows.state.loads import Load, loads
from flows.workspace.store import Workspace

KEYED = (
    "trial",
    "snapshots",
    "static",
    "timelines",
    "cohorts",
    "counts",
    "datasets",
    "errors",
)
DRAWINGS = "drawings"
HOUR = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Piece:
    """A folder of results, or all that is of one kind and needed."""

    # as people call it: a shelf, `release`, or `others`
    kind: str
    # of the folder, or of the file
    path: Path
    # whether a run or a release may still read it
    needed: bool
    # when it was used last
    last: datetime.datetime
    # in bytes, without files that are counted elsewhere under another name; 0 until
    # `counted_once`
    size: int = 0


def holdings(workspace: Workspace, keep: int = 1) -> list[Piece]:
    """The pieces of a study with their sizes; those that are needed count first."""
    return counted_once(pieces_of(workspace, keep), lambda piece: not piece.needed)


def pieces_of(workspace: Workspace, keep: int) -> list[Piece]:
    """All that the workspace has of a study, where the results of the newest `keep`
    loads are wanted; not counted yet.

    Needed are these, those of the last load of real and of made-up records, those that
    the release was made of, the release, the ledger, and whatever is no result. Where
    no run has noted its load yet, all is needed.
    """
    known = loads(workspace)
    kept = _kept(known, keep)
    wanted = set(chain.from_iterable(load.folders for load in kept))
    last = _last_use(known)
    found = [_release(workspace)] if workspace.release.exists() else []
    for path in sorted(workspace.high.iterdir()) if workspace.high.exists() else ():
        if path.name in KEYED and path.is_dir():
            found += _keyed(path, wanted, last, known=bool(known))
        elif path.name == DRAWINGS:
            found += _drawings(workspace, path)
        else:
            kind = "ledger" if path.name == "ledger" else "others"
            found.append(Piece(kind, path, needed=True, last=_changed(path)))
    return found


def counted_once(pieces: Sequence[Piece], goes: Callable[[Piece], bool]) -> list[Piece]:
    """The same pieces with their sizes: a file under several names counts for the first
    of them, and for one that stays rather than for one that goes.

    So the sizes of those that go add up to what is free without them.
    """
    seen: set[tuple[int, int]] = set()
    sizes: dict[Path, int] = {}
    # those that stay come first, and all in their order otherwise
    for piece in sorted(pieces, key=goes):
        sizes[piece.path] = size_of(piece.path, seen)
    return [replace(piece, size=sizes[piece.path]) for piece in pieces]


def kept_loads(workspace: Workspace, keep: int) -> list[Load]:
    """The loads whose results are wanted, in their order."""
    return _kept(loads(workspace), keep)


def _kept(known: Sequence[Load], keep: int) -> list[Load]:
    newest = list(known[-keep:])
    for made_up in (False, True):
        newest += [load for load in known if load.made_up == made_up][-1:]
    newest += [load for load in known if load.released]
    return [load for load in known if load in newest]


def _last_use(known: Iterable[Load]) -> dict[str, datetime.datetime]:
    """By folder; later loads come later."""
    found = {}
    for load in known:
        for folder in load.folders:
            found[folder] = datetime.datetime.fromisoformat(load.last)
    return found


def _keyed(
    shelf: Path, wanted: set[str], last: dict[str, datetime.datetime], *, known: bool
) -> list[Piece]:
    """The folders of a shelf, each under a key; notes beside them are needed."""
    found = []
    for path in sorted(shelf.iterdir()):
        name = f"{shelf.name}/{path.name}"
        needed = not known or not path.is_dir() or name in wanted
        found.append(
            Piece(
                shelf.name,
                path,
                needed=needed,
                last=last.get(name) or _changed(path),
            )
        )
    return found


def _drawings(workspace: Workspace, folder: Path) -> list[Piece]:
    """Drawings of earlier releases; one of them that is used again can be drawn
    again.
    """
    since = _changed(workspace.released) - HOUR if workspace.released.exists() else None
    found = []
    for path in sorted(folder.iterdir()):
        last = _changed(path)
        needed = since is None or last >= since
        found.append(Piece(DRAWINGS, path, needed=needed, last=last))
    return found


def _release(workspace: Workspace) -> Piece:
    folder = workspace.release
    return Piece("release", folder, needed=True, last=_changed(folder))


def _changed(path: Path) -> datetime.datetime:
    """When a file, or anything in a folder, was written last."""
    times = [path.stat().st_mtime]
    for folder, _, names in os.walk(path):
        times += [os.lstat(os.path.join(folder, name)).st_mtime for name in names]
    return datetime.datetime.fromtimestamp(max(times), datetime.UTC)


def size_of(path: Path, seen: set[tuple[int, int]] | None = None) -> int:
    """Bytes of a file, or of all files in a folder; some may go meanwhile.

    `seen`: files with several names that are counted already, by device and number;
    those that are found are added.
    """
    seen = set() if seen is None else seen
    if not os.path.isdir(path):
        return _size(str(path), seen)
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            total += _size(os.path.join(folder, name), seen)
    return total


def _size(path: str, seen: set[tuple[int, int]]) -> int:
    """Bytes of a file; 0 if it is counted already, or gone."""
    try:
        found = os.lstat(path)
    except OSError:  # it went meanwhile
        return 0
    if found.st_nlink > 1:
        file = (found.st_dev, found.st_ino)
        if file in seen:
            return 0
        seen.add(file)
    return found.st_size


def by_kind(pieces: Iterable[Piece]) -> dict[str, dict[str, int]]:
    """Of each kind how many bytes there are, and how many are needed."""
    found: dict[str, dict[str, int]] = {}
    for piece in pieces:
        sums = found.setdefault(piece.kind, {"holds": 0, "needs": 0})
        sums["holds"] += piece.size
        sums["needs"] += piece.size if piece.needed else 0
    return found


def size_said(size: int) -> str:
    """Bytes for people, as `1.2 MB`."""
    for unit, bytes_ in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= bytes_:
            return f"{size / bytes_:.1f} {unit}"
    return f"{size} bytes"
