"""What a kind of source says of itself, so that no other module has to name it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from extractors.planner.needs import TableNeed
from extractors.sources.base import Source, State


class NoPlace(Exception):
    """There are no records at a place; `Address.open` adds what could be given
    instead, and then what was, which may be a long path.

    `got`: what was given; None if it may hold a password.
    """

    def __init__(self, what: str, got: str | None = None):
        super().__init__(what)
        self.got = got


@dataclass(frozen=True, kw_only=True)
class Kind(ABC):
    """A kind of source. `kinds.SOURCES` lists them all.

    A place is what a user wrote behind `--records`, without the kind's prefix.
    """

    name: str  # what fingerprints call the kind
    form: str  # how a user writes an address, in help texts
    note: str = ""  # what the command's help adds to the form
    choice: str = ""  # how an error message offers the kind; empty: it does not
    prefix: str = ""  # what an address begins with; empty: something else tells
    made_up: bool = False  # records of no real people: a run writes them itself
    has_vocabulary: bool = False  # of concepts, as OMOP has it
    is_database: bool = False  # as help texts list it
    # of files: to `look` reads none of them, whatever is needed
    has_marks: bool = False
    files_are_tables: bool = False  # a file is called as its table, and is as long

    @abstractmethod
    def recognises(self, where: str) -> bool:
        """Whether a user who writes this means a place of this kind."""

    @abstractmethod
    def open(
        self, place: str, needs: Iterable[TableNeed] = (), state: State | None = None
    ) -> Source:
        """The source at a place; nothing is read yet. NoPlace if there is none.

        A database is asked only for the rows and columns of `needs`, all at once and as
        they were at `state`; without needs, for each table when it is opened, whole.
        """

    def outline(self, place: str) -> Source | None:
        """A source with the same names and types of columns, whose rows are never read.

        None where these cannot be known without fetching the records.
        """
        return self.open(place)

    def check(self, place: str) -> None:  # noqa: B027  most kinds refuse nothing
        """Raise ArgumentsError if the address may not be used; do not repeat it."""

    def path(self, place: str) -> Path | None:
        """The file or folder that a definition must not look into."""
        return None

    def absolute(self, place: str) -> str:
        """The same place for a process with another working directory."""
        return place

    def public_name(self, place: str) -> str:
        """What the manifest of a release calls the kind: a word, no path."""
        return self.name

    @property
    def is_looked_at(self) -> bool:
        """Whether `look` asks for the state of the records; of others the files are
        hashed.
        """
        return isinstance(self, LookedAt)


@dataclass(frozen=True, kw_only=True)
class LookedAt(Kind):
    """A kind whose records are on another machine, or in a database."""

    def outline(self, place: str) -> Source | None:
        return None

    @abstractmethod
    def look(self, place: str, needs: Iterable[TableNeed]) -> State:
        """The state of the records that are needed: what changes when they do."""
