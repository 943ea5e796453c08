"""Which files an author's file may have, judged and opened in the process that starts
the closed one.

The closed process opens nothing. It names a file, and this one decides after all links
are followed, opens it with its own rights, and hands its contents over. So what lies
amid a readable folder and is not for an author is not handed over, whatever the layout.
"""

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from measures.closed.places import Places

# of any workspace, also of another run
SHELVES = {"highly_sensitive", "moderately_sensitive"}
MOST_BYTES = 256 << 20  # of one file


class Refused(Exception):
    """Why a path is not for an author: what is refused, and what to do."""

    def __init__(self, why: str, instead: str = ""):
        super().__init__(why)
        self.why, self.instead = why, instead


@dataclass(frozen=True)
class Readable:
    """What may be read; all paths are resolved, and a folder includes all below it."""

    # the folders of the definition
    places: Places
    # of Python's library and ours, which hold no secrets
    library: tuple[str, ...] = ()
    # by device and number, so that another name of a forbidden folder is forbidden, too
    identities: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    def check(self, real: str) -> str:
        """`own` or `library`; Refused, saying why, for all else."""
        self._check_forbidden(real)
        if Path(real) in self.places.named:
            return "own"
        own = _longest(real, map(str, self.places.own)) or self._source(real)
        library = _longest(real, self.library)
        if not own and not library:
            raise Refused("")
        if len(library) > len(own):
            return "library"
        self._check_own(real)
        return "own"

    def check_listing(self, real: str) -> str:
        """As `check`; a folder of sources may be listed, although not all of it may be
        read.
        """
        return "own" if Path(real) in self.places.sources else self.check(real)

    def names(self, real: str) -> list[tuple[str, os.stat_result]]:
        """What of a folder an author sees, in order of names."""
        seen, owner = [], self.check_listing(real)
        for name in sorted(os.listdir(real)):
            path = os.path.join(real, name)
            try:
                if owner == "own":
                    path = os.path.realpath(path)
                    self.check_listing(path)
                seen.append((name, os.stat(path)))
            except (Refused, OSError):
                continue
        return seen

    def read(self, real: str, owner: str) -> bytes:
        """The contents of a file that `check` has let pass."""
        flags = os.O_RDONLY
        for flag in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"):
            flags |= getattr(os, flag, 0)  # none of them is known everywhere
        with os.fdopen(os.open(real, flags), "rb") as file:
            facts = os.fstat(file.fileno())
            if not stat.S_ISREG(facts.st_mode):
                raise Refused(", which is no plain file,")
            if owner == "own":
                self._check_opened(real, facts)
            contents = file.read(MOST_BYTES + 1)
        if len(contents) > MOST_BYTES:
            raise Refused(f", which is larger than {MOST_BYTES >> 20} MB,")
        if owner == "own" and b"\0" in contents:
            raise Refused(", which is no text file,", AS_TEXT)
        return contents

    def _check_forbidden(self, real: str) -> None:
        if any(within(real, str(path)) for path in self.places.forbidden):
            raise Refused(RECORDS)
        if any(within(real, str(path)) for path in self.places.private):
            raise Refused(SECRET)
        if self.identities and any(
            _identity(each) in self.identities for each in _upwards(real)
        ):
            raise Refused(RECORDS)

    def _source(self, real: str) -> str:
        folder, name = os.path.split(real)
        is_source = Path(folder) in self.places.sources and name.endswith(".py")
        return real if is_source else ""

    def _check_own(self, real: str) -> None:
        """A file is readable by one of the folders that hold it; Refused if by none."""
        if self._source(real):
            return None
        refused = Refused("")
        for base in map(str, self.places.own):
            if not within(real, base):
                continue
            try:
                return self._check_below(real, base)
            except Refused as why:
                refused = why
        raise refused

    def _check_below(self, real: str, base: str) -> None:
        names = real[len(base) :].split(os.sep)
        if any(name.startswith(".") for name in names):
            raise Refused(", whose name begins with a dot,")
        if SHELVES.intersection(names):
            raise Refused(RECORDS)
        for folder in map(str, self.places.withheld):
            if within(real, folder) and not within(base, folder):
                raise Refused(
                    f", which is among the results in {os.path.basename(folder)},",
                    NAME_IT,
                )

    def _check_opened(self, real: str, facts: os.stat_result) -> None:
        """A second name (a hard link) may be that of a record or a key, so it is not
        followed.
        """
        if (facts.st_dev, facts.st_ino) in self.identities:
            raise Refused(RECORDS)
        if facts.st_nlink > 1 and real != str(self.places.definition):
            raise Refused(
                ", which has a second name elsewhere (a hard link),", "copy the file"
            )


RECORDS = ", which belongs to the records or the workspace,"
NAME_IT = "name the file with --with FILE, if a definition may see what is in it"
AS_TEXT = "save the file as CSV in UTF-8 (a workbook of Excel, and UTF-16, are none)"
SECRET = ", which holds a secret of the site or its user,"


def readable(places: Places, library: Iterable[str] = ()) -> Readable:
    forbidden = (*places.forbidden, *places.private)
    known = {_identity(str(path)) for path in forbidden} - {None}
    folders = tuple(os.path.realpath(path) for path in library)
    return Readable(places, folders, frozenset(each for each in known if each))


def within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _longest(real: str, folders: Iterable[str]) -> str:
    return max((each for each in folders if within(real, each)), key=len, default="")


def _identity(path: str) -> tuple[int, int] | None:
    try:
        facts = os.stat(path)
    except (OSError, ValueError):
        return None
    return facts.st_dev, facts.st_ino


def _upwards(real: str) -> Iterator[str]:
    while True:
        yield real
        above = os.path.dirname(real)
        if above == real:
            return
        real = above
