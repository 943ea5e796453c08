"""PostgreSQL as a kind of source."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from extractors.planner.needs import TableNeed
from extractors.sources.base import Place, Source, State
from extractors.sources.kind import LookedAt
from extractors.sources.postgresql.address import (
    holds_omop,
    is_postgresql,
    parse_address,
)
from extractors.sources.postgresql.place import Database
from extractors.sources.postgresql.state import look
from extractors.sources.postgresql.wanted import Wanted, of_tables
from extractors.sources.tables import Tables


@dataclass(frozen=True, kw_only=True)
class PostgreSQL(LookedAt):
    """A place is the whole address, since its scheme can be spelled in several ways."""

    # its state is asked for, its files are not hashed
    is_database: bool = True
    omop: bool = False  # whether addresses begin with omop+
    meaning: Callable[[Place], Source]  # of the stored tables
    wanted: Callable[[Iterable[TableNeed]], tuple[Wanted, ...]]  # of stored tables

    def recognises(self, where: str) -> bool:
        return is_postgresql(where) and holds_omop(where) == self.omop

    def open(
        self, place: str, needs: Iterable[TableNeed] = (), state: State | None = None
    ) -> Source:
        return self.meaning(Database(parse_address(place), self.wanted(needs), state))

    def outline(self, place: str) -> Source:
        """Of its catalogue alone, asked once: who plans a run may be far from the
        server.
        """
        return self.meaning(Database(parse_address(place), rows=False))

    def look(self, place: str, needs: Iterable[TableNeed]) -> State:
        """In one transaction. RecordsError if the records cannot be looked at."""
        return look(parse_address(place), self.wanted(needs))

    def check(self, place: str) -> None:
        parse_address(place)

    def public_name(self, place: str) -> str:
        """The scheme as the user spelled it."""
        return place.partition(":")[0]


POSTGRESQL = PostgreSQL(
    name="postgresql",
    form="postgresql://USER@HOST/DATABASE",
    choice="postgresql://…",
    meaning=Tables,
    wanted=of_tables,
)
