"""Databases behind ADBC drivers as a kind of source."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from extractors.errors import ArgumentsError
from extractors.planner.needs import TableNeed
from extractors.sources.adbc.drivers import Driven, is_driven, parse_driven
from extractors.sources.adbc.place import Behind, look
from extractors.sources.base import Place, Source, State
from extractors.sources.kind import LookedAt
from extractors.sources.postgresql import Wanted
from extractors.sources.postgresql.wanted import of_tables
from extractors.sources.roles import ENDING
from extractors.sources.tables import Tables


@dataclass(frozen=True, kw_only=True)
class Adbc(LookedAt):
    """A place is the address behind the kind's prefix."""

    # its state is asked for, its files are not hashed
    is_database: bool = True
    # of the stored tables
    meaning: Callable[[Place], Source]
    # of stored tables, for some needs
    wanted: Callable[[Iterable[TableNeed]], tuple[Wanted, ...]]
    # whether an address without the prefix is of this kind
    is_ours: Callable[[str], bool] = is_driven
    # raises ArgumentsError, without a word of the address
    parse: Callable[[str], Driven] = parse_driven

    def recognises(self, where: str) -> bool:
        return where.startswith(self.prefix) and self.is_ours(
            where.removeprefix(self.prefix)
        )

    def open(
        self, place: str, needs: Iterable[TableNeed] = (), state: State | None = None
    ) -> Source:
        return self.meaning(Behind(self._there(place), self.wanted(needs), state))

    def outline(self, place: str) -> Source:
        return self.meaning(Behind(self._there(place), rows=False))

    def look(self, place: str, needs: Iterable[TableNeed]) -> State:
        return look(self._there(place), self.wanted(needs))

    def check(self, place: str) -> None:
        self.parse(place)

    def path(self, place: str) -> Path | None:
        return self.parse(place).path

    def absolute(self, place: str) -> str:
        """A file by its whole path."""
        driven = self.parse(place)
        if driven.path is None:
            return place
        roles = urlencode({f"{role}{ENDING}": schema for role, schema in driven.roles})
        return f"adbc+{driven.driver}://{driven.path}{'?' if roles else ''}{roles}"

    def public_name(self, place: str) -> str:
        return f"{self.prefix}{self.parse(place).public_name}"

    def _there(self, place: str) -> Driven:
        """Raises ArgumentsError for a file that is not there: a driver would say so in
        words of its own.
        """
        driven = self.parse(place)
        if driven.path is not None and not driven.path.is_file():
            raise ArgumentsError(
                f"There is no such file; give the path of one behind adbc+{driven.driver}://: "
                f"{place!r}"
            )
        return driven


ADBC = Adbc(
    name="adbc",
    form="adbc+DRIVER://…",
    choice="adbc+DRIVER://…",
    meaning=Tables,
    wanted=of_tables,
)
