"""Made-up records: the kind of source that a run writes itself (`extractors.trial`)."""

from collections.abc import Iterable
from dataclasses import dataclass

from extractors.planner.needs import TableNeed
from extractors.sources.base import Source, State
from extractors.sources.kind import Kind, NoPlace

TRIAL = "trial"  # the address


@dataclass(frozen=True, kw_only=True)
class MadeUp(Kind):
    def recognises(self, where: str) -> bool:
        return where == TRIAL

    def open(
        self, place: str, needs: Iterable[TableNeed] = (), state: State | None = None
    ) -> Source:
        """A run opens the folder that it wrote them to; nothing lies at this
        address.
        """
        raise NoPlace("There are no records there", place)


MADE_UP = MadeUp(name=TRIAL, form=TRIAL, note="(made-up records)", made_up=True)
