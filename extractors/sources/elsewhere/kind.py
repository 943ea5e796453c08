"""Records on other machines as a kind of source."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from extractors.planner.needs import TableNeed
from extractors.sources.base import Place, Source, State
from extractors.sources.elsewhere.address import is_elsewhere, parse_elsewhere
from extractors.sources.elsewhere.place import Listing, look
from extractors.sources.kind import LookedAt
from extractors.sources.tables import Tables


@dataclass(frozen=True, kw_only=True)
class OnOtherMachines(LookedAt):
    """A place is the address behind the kind's prefix."""

    # whether the store gives each file a mark that changes with its content
    has_marks: bool = True
    # of the stored tables
    meaning: Callable[[Place], Source]

    def recognises(self, where: str) -> bool:
        return where.startswith(self.prefix) and is_elsewhere(
            where.removeprefix(self.prefix)
        )

    def open(
        self, place: str, needs: Iterable[TableNeed] = (), state: State | None = None
    ) -> Source:
        return self.meaning(Listing(parse_elsewhere(place), state))

    def look(self, place: str, needs: Iterable[TableNeed]) -> State:
        """All files, by their marks: which of them a table needs is not asked."""
        return look(parse_elsewhere(place))

    def check(self, place: str) -> None:
        parse_elsewhere(place)

    def public_name(self, place: str) -> str:
        """The scheme."""
        return f"{self.prefix}{parse_elsewhere(place).scheme}"


ELSEWHERE = OnOtherMachines(
    name="elsewhere",
    form="s3://BUCKET/FOLDER",
    note="(or gs://, abfs://, https://)",
    choice="s3://…",
    meaning=Tables,
)
