"""Python's own ways to a file, in the closed process: each asks the starter instead of
the system.

Nothing relies on them: the walls refuse what goes around them. They make `open`,
`os.stat`, `os.listdir`, `os.scandir` and `import` work as an author expects, without
opening anything.
"""

import builtins
import errno
import importlib._bootstrap_external as bootstrap
import io
import os
import stat
import sys
import tokenize
from collections.abc import Callable, Iterator
from typing import Any

from measures.closed.channel import Channel

Place = Callable[[], tuple[str, int]]


class Handed(io.BytesIO):
    """A file that was handed over whole."""

    def __init__(self, name: Any, contents: bytes):
        super().__init__(contents)
        self.name = name

    def writable(self) -> bool:
        return False

    def write(self, _: Any) -> int:
        raise io.UnsupportedOperation("write")


class Entry:
    """As os.DirEntry."""

    def __init__(self, folder: Any, facts: dict[str, Any]):
        self.name: Any = facts["name"]
        if isinstance(folder, bytes):
            self.name = os.fsencode(facts["name"])
        self._facts = _facts(facts)
        self.path = os.path.join(folder, self.name)

    def __fspath__(self) -> Any:
        return self.path

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        return stat.S_ISDIR(self._facts.st_mode)

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        return stat.S_ISREG(self._facts.st_mode)

    def is_symlink(self) -> bool:
        return False

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        return self._facts


class Entries:
    """As the iterator that os.scandir gives."""

    def __init__(self, entries: list[Entry]):
        self._entries = iter(entries)

    def __iter__(self) -> Iterator[Entry]:
        return self._entries

    def __next__(self) -> Entry:
        return next(self._entries)

    def __enter__(self) -> "Entries":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def close(self) -> None:
        self._entries = iter(())


class Handing:
    """The ways to a file, by asking."""

    def __init__(self, channel: Channel, place: Place):
        self.channel, self.place = channel, place
        self.really_open, self.really_stat = builtins.open, os.stat
        self.really_scandir = os.scandir

    def ask(self, kind: str, path: Any, **more: Any) -> tuple[dict[str, Any], bytes]:
        file, line = self.place()
        return self.channel.ask(kind, os.fsdecode(path), file=file, line=line, **more)

    def open(
        self,
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        """As open(); what would write, or is open already, is the system's to
        refuse.
        """
        if (
            isinstance(file, int)
            or opener
            or set(mode) & set("wax+")
            or "r" not in mode
        ):
            return self.really_open(
                file, mode, buffering, encoding, errors, newline, closefd, opener
            )
        handed = Handed(file, self.ask("file", file)[1])
        if "b" in mode:
            return handed
        text = io.TextIOWrapper(handed, encoding, errors, newline)
        text.mode = mode  # type: ignore[misc]
        return text

    def stat(
        self, path: Any, *, dir_fd: Any = None, follow_symlinks: bool = True
    ) -> Any:
        if isinstance(path, int):
            return self.really_stat(path)
        return _facts(self.ask("facts", path)[0])

    def lstat(self, path: Any, *, dir_fd: Any = None) -> Any:
        return self.stat(path)

    def access(self, path: Any, mode: int, **_: Any) -> bool:
        try:
            self.stat(path)
        except OSError:
            return False
        return not mode & os.W_OK

    def listdir(self, path: Any = ".", **more: Any) -> list:
        folder = "." if path is None else path
        names = [each["name"] for each in self.ask("names", folder, **more)[0]["names"]]
        return (
            [os.fsencode(each) for each in names]
            if isinstance(folder, bytes)
            else names
        )

    def scandir(self, path: Any = ".") -> Entries:
        folder = os.fspath("." if path is None else path)
        return Entries(
            [Entry(folder, each) for each in self.ask("names", folder)[0]["names"]]
        )

    def contents(self, path: str) -> bytes:
        """Of a module. Compiled ones might be stale, and would run in place of the
        source.
        """
        if path.endswith(".pyc"):
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return self.ask("file", path)[1]

    def install(self) -> None:
        builtins.open = io.open = tokenize._builtin_open = self.open  # type: ignore
        os.stat, os.lstat, os.access = self.stat, self.lstat, self.access
        os.listdir, os.scandir = self.listdir, self.scandir  # type: ignore[assignment]
        _serve_globs(self.really_scandir, self.scandir)
        bootstrap._os = _Posix(self)  # type: ignore[attr-defined]
        loader: Any = bootstrap.FileLoader
        loader.get_data = lambda _, path: self.contents(path)
        sys.path_importer_cache.clear()


class _Posix:
    """What Python's importer uses of the system: as it is, but for what looks at
    files.
    """

    def __init__(self, handing: Handing):
        self.stat = handing.stat
        # a folder that may not be listed holds no module, and is no reason to end
        self.listdir = lambda path: handing.listdir(path, softly=True)

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.modules[os.name], name)


def _serve_globs(really: Any, scandir: Any) -> None:
    """In Python 3.13, glob keeps the function that it found when it was loaded."""
    globber: Any = getattr(sys.modules.get("glob"), "_StringGlobber", None)
    if getattr(globber, "scandir", None) is really:
        globber.scandir = staticmethod(scandir)


def _facts(facts: dict[str, Any]) -> os.stat_result:
    return os.stat_result((facts["mode"], 0, 0, 1, 0, 0, facts["size"], 0, 0, 0))
