"""What a definition is given while it is read, and what it has asked for.

An author calls `codelist_from_csv` and `get_parameter` as plain functions, so what they
need cannot come in their signatures. They ask for the Reading of the block that they
run in.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class CodelistFile:
    """A codelist as it was read."""

    name: str  # as the definition says it
    sha256: str  # of its contents
    codes: int  # how many were taken of it
    columns: tuple[str, ...]  # from which


@dataclass(frozen=True)
class Place:
    """Where something is in an author's file."""

    # the file, as the command names it; empty: not known
    file: str = ""
    line: int = 0  # from 1; 0: not known
    column: int = 0  # from 1, in characters; 0: not known
    end: int = 0  # the column behind the last one


@dataclass(frozen=True)
class Note:
    """What an author should know of a line that is accepted all the same."""

    # what is doubtful, in words
    message: str
    # where it is in the author's file
    place: Place
    # what kind of doubt it is, in one word; empty where it has none
    kind: str = ""


@dataclass(frozen=True)
class Reading:
    """One reading of a definition: what it is given, and notes of what it asks for."""

    # folders in which relative names are looked for, in this order; none: the current
    # one
    folders: tuple[Path, ...] = ()
    # the words behind `--` on the command line
    arguments: tuple[str, ...] = ()
    # the codelists read so far
    codelists: list[CodelistFile] = field(default_factory=list)
    # every code that was read -> the file that it was read from first
    codes: dict[str, str] = field(default_factory=dict)
    # the line of that file, from 1
    lines: dict[str, int] = field(default_factory=dict)
    # the names of parameters asked for so far
    parameters: set[str] = field(default_factory=set)
    # the places of the words that the file itself has read, from 0
    seen: set[int] = field(default_factory=set)
    # what is accepted, and hardly meant
    notes: list[Note] = field(default_factory=list)
    # "measure NAME", "variable NAME" or "codelist FILE" -> where it is defined
    defined: dict[str, Place] = field(default_factory=dict)
    # tests beside the definition (`inline_tests.InlineTest`)
    tests: list[Any] = field(default_factory=list)
    # tables that `try` is to show (`showing.Shown`)
    shown: list[Any] = field(default_factory=list)
    # finds the author's line that is being read
    locate: Callable[[], Place] = Place

    def note_codelist(self, file: CodelistFile) -> None:
        """Results depend on the contents of every file that was read."""
        if file not in self.codelists:
            self.codelists.append(file)

    def note(self, message: str, kind: str = "") -> None:
        """Remember something of the line that is being read; the same is said once."""
        if all(each.message != message for each in self.notes):
            self.notes.append(Note(message, self.locate(), kind))

    def note_defined(self, what: str) -> None:
        """Remember the line that is being read as the one that defines something."""
        self.defined.setdefault(what, self.locate())


_READING: ContextVar[Reading] = ContextVar("reading")


@contextmanager
def reading(
    folders: Iterable[Path] = (),
    arguments: Iterable[str] = (),
    locate: Callable[[], Place] = Place,
) -> Iterator[Reading]:
    """The reading that `current` gives within the block."""
    given = Reading(folders=tuple(folders), arguments=tuple(arguments), locate=locate)
    token = _READING.set(given)
    try:
        yield given
    finally:
        _READING.reset(token)


@contextmanager
def with_arguments(arguments: Iterable[str]) -> Iterator[None]:
    """Within the block the words behind `--` are these; what is noted belongs to the
    reading under way.
    """
    token = _READING.set(replace(current(), arguments=tuple(arguments), seen=set()))
    try:
        yield
    finally:
        _READING.reset(token)


def is_reading() -> bool:
    """Whether a command reads a definition, rather than an author trying things in
    Python.
    """
    return _READING.get(None) is not None


def current() -> Reading:
    """The reading under way; without one, an empty reading whose notes are lost."""
    return _READING.get(Reading())
