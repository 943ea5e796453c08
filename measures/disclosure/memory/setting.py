"""What protection knows beside the counts: the study's shape, the key, and what was
released before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from measures.counts.structure import Structure
from measures.disclosure.memory.keys import PUBLIC, Key
from measures.disclosure.memory.ledger import Memory
from measures.disclosure.rounding.programme import Programme, Solution, solve

Solver = Callable[[Sequence[Programme]], Sequence[Solution]]


def one_by_one(programmes: Sequence[Programme]) -> list[Solution]:
    return [solve(programme) for programme in programmes]


@dataclass(frozen=True, eq=False, repr=False)
class Setting:
    """What a run hands to protection beside its raw counts."""

    # None: nothing is known of how the counts hang together
    structure: Structure | None = None
    # decides which counts go up
    key: Key = PUBLIC
    # of what the ledger holds
    memory: Memory = field(default_factory=Memory)
    # may work elsewhere and in any order, for a solution depends on its programme alone
    solve_all: Solver = one_by_one
    # which differences of fingerprints are the hash of one person; None: it is
    # not known
    is_person: Callable[[np.ndarray], np.ndarray] | None = None
    # made-up records have no secrets
    made_up: bool = False
    # counts that changed since they were released get new numbers
    revise: bool = False
    # why they do, in a person's words
    reason: str = ""
    # of what the site's ledger holds; None: made-up records have none
    site: Memory | None = None
    # a hash of the definition with its codelists, for the ledger
    definition: str = ""
