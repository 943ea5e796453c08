"""Where records come from: `Address` understands what a user writes behind
`--records`.
"""

from collections.abc import Iterable

from extractors.planner.needs import TableNeed
from extractors.sources.address import Address
from extractors.sources.base import Source, State
from extractors.sources.kinds import explained_forms, forms
from extractors.sources.made_up import TRIAL

__all__ = ["TRIAL", "Address", "State", "explained_forms", "forms", "open_source"]


def open_source(
    where: str, *, needs: Iterable[TableNeed] = (), state: State | None = None
) -> Source:
    """The source at an address as a user writes it; see `Address.open`."""
    return Address.parse(where).open(needs=needs, state=state)
