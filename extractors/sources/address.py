"""What a user writes behind `--records`, parsed once. Everything else asks the
Address.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from extractors.errors import ArgumentsError
from extractors.planner.needs import TableNeed
from extractors.sources.base import Source, State
from extractors.sources.kind import Kind, LookedAt, NoPlace
from extractors.sources.kinds import choices, kind_of


@dataclass(frozen=True)
class Address:
    """Where records are."""

    kind: Kind  # what sort of source this is
    place: str  # the rest of what the user wrote, behind the kind's prefix

    @classmethod
    def parse(cls, where: str) -> "Address":
        """The address that a user wrote. `check` and `open` find what is wrong with
        it.
        """
        kind = kind_of(where)
        return cls(kind, where.removeprefix(kind.prefix))

    def __str__(self) -> str:
        """As the user wrote it."""
        return f"{self.kind.prefix}{self.place}"

    @property
    def path(self) -> Path | None:
        """The file or folder that a definition must not look into; None for others."""
        return self.kind.path(self.place)

    @property
    def public_name(self) -> str:
        """What the manifest of a release may say of it."""
        return self.kind.public_name(self.place)

    def absolute(self) -> "Address":
        """The same for a process with another working directory."""
        return replace(self, place=self.kind.absolute(self.place))

    def check(self) -> None:
        """Raises ArgumentsError for an address that may not be used."""
        self.kind.check(self.place)

    def open(
        self, *, needs: Iterable[TableNeed] = (), state: State | None = None
    ) -> Source:
        """The source, of which nothing is read yet; see `Kind.open`.

        Raises ArgumentsError for what is not a place of records, RecordsError for one
        that holds no tables.
        """
        try:
            return self.kind.open(self.place, needs, state)
        except NoPlace as error:
            raise _refused(error) from None

    def outline(self) -> Source | None:
        """The source without rows; see `Kind.outline`. Raises as `open` does."""
        try:
            return self.kind.outline(self.place)
        except NoPlace as error:
            raise _refused(error) from None

    def look(self, needs: Iterable[TableNeed]) -> State:
        """The state of the records, of a kind that is looked at.

        Raises ArgumentsError for an address that may not be used, RecordsError if the
        records cannot be looked at.
        """
        if not isinstance(self.kind, LookedAt):
            raise TypeError(f"{self.kind.name} is no database")
        return self.kind.look(self.place, needs)


def _refused(error: NoPlace) -> ArgumentsError:
    got = "." if error.got is None else f"; got {error.got!r}"
    return ArgumentsError(f"{error}; give {choices()}{got}")
