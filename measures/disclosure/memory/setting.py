"""What protection knows beside the counts: the study's shape, the key, and what was released before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from measures.disclosure.memory.keys import PUBLIC, Key
from measures.disclosure.memory.ledger import Memory
from measures.disclosure.rounding.programme import Programme, Solution, solve

Solver = Callable[[Sequence[Programme]], Sequence[Solution]]


def one_by_one(programmes: Sequence[Programme]) -> list[Solution]:
    return [solve(programme) for programme in programmes]


@dataclass(frozen=True, eq=False, repr=False)
class Setting:
    """`structure` as `measures.counts.structure` makes it; `memory` of what the ledger holds; `solve_all` may work
    elsewhere and in any order, for a solution depends on its programme alone. `made_up` records have no secrets.
    `revise`: counts that changed since they were released get new numbers instead of keeping their old ones.
    `definition`: a hash of the definition with its codelists, for the ledger.
    """

    structure: Mapping[str, Any] | None = None
    key: Key = PUBLIC
    memory: Memory = field(default_factory=Memory)
    solve_all: Solver = one_by_one
    made_up: bool = False
    revise: bool = False
    definition: str = ""
