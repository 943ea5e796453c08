"""What a definition is given while it is read, and what it has asked for.

An author calls `codelist_from_csv` and `get_parameter` as plain functions, so what they need
cannot come in their signatures. They ask for the Reading of the block that they run in.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class CodelistFile:
    """A codelist as it was read."""

    name: str  # as the definition says it
    sha256: str  # of its contents
    codes: int  # how many were taken of it
    columns: tuple[str, ...]  # from which


@dataclass(frozen=True)
class Reading:
    """One reading of a definition: what it is given, and notes of what it asks for."""

    # folders in which relative names are looked for, in this order; none: the current one
    folders: tuple[Path, ...] = ()
    arguments: tuple[str, ...] = ()  # the words behind `--` on the command line
    codelists: list[CodelistFile] = field(default_factory=list)  # those read so far
    parameters: set[str] = field(default_factory=set)  # the names asked for so far

    def note_codelist(self, file: CodelistFile) -> None:
        """Results depend on the contents of every file that was read."""
        if file not in self.codelists:
            self.codelists.append(file)


_READING: ContextVar[Reading] = ContextVar("reading")


@contextmanager
def reading(folders: Iterable[Path] = (), arguments: Iterable[str] = ()) -> Iterator[Reading]:
    """The reading that `current` gives within the block."""
    token = _READING.set(Reading(tuple(folders), tuple(arguments)))
    try:
        yield _READING.get()
    finally:
        _READING.reset(token)


def current() -> Reading:
    """The reading under way; outside of any, one of nothing, whose notes nobody sees."""
    return _READING.get(Reading())
