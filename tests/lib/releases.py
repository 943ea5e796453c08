"""Releases of one study after the other, with a ledger between them, as a run makes
them.
"""

import numpy as np

from measures.disclosure.control import protection
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.ledger import Ledger
from measures.disclosure.memory.setting import Setting
from tests.lib.people_counts import CountsOf, Person

KEY = Key(bytes(range(32)))


def people(size, seed=1, weeks=3):
    chance = np.random.default_rng(seed)
    return [
        Person(
            {"sex": "fm"[chance.integers(2)], "age": "abc"[chance.integers(3)]},
            list(chance.integers(0, 2, weeks)),
        )
        for _ in range(size)
    ]


def study(drawn, weeks=3, groupings=((), ("sex",), ("age",)), nested=1):
    return CountsOf(drawn, groupings, weeks=weeks, nested=nested)


def run(path, counts, policy="controlled", key=KEY, **wanted):
    """Protect, remember, release; as a run does it."""
    ledger = Ledger(path, key)
    made = protection(
        counts.raw(),
        policy,
        Setting(counts.structure(), key, memory=ledger.memory, **wanted),
    )
    ledger.append(made.entries)
    return made


def rows(made, weeks=99):
    starts = sorted(set(made.released.table["interval_start"].to_pylist()))[:weeks]
    return [
        row
        for row in made.released.table.to_pylist()
        if row["interval_start"] in starts
    ]
