"""Arguments that the operations of the language take: some of each type, and types
together.
"""

from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

from extractors.model.operations import OPERATIONS
from extractors.model.types import ICD10Code, ICD10MultiCode, SNOMEDCTCode

SOME: dict[type, tuple[Any, ...]] = {
    bool: (False, True),
    int: (-3, 0, 2),
    float: (-1.5, 0.0, 2.0),
    str: ("", "a", "ab"),
    date: (date(2019, 12, 31), date(2020, 2, 29)),
    SNOMEDCTCode: (SNOMEDCTCode("100001"), SNOMEDCTCode("100002")),
    ICD10Code: (ICD10Code("A00"), ICD10Code("J450")),
    ICD10MultiCode: (ICD10MultiCode("J45"), ICD10MultiCode("A00 J450")),
}
TYPES = tuple(SOME)
SETS: dict[type, tuple[frozenset[Any], ...]] = {
    of: (frozenset(), frozenset(some[:1]), frozenset(some)) for of, some in SOME.items()
}
# The ends of what a column can hold.
LARGE: dict[type, tuple[Any, ...]] = {
    **SOME,
    int: (-(2**63), -1, 0, 1, 2**63 - 1),
    float: (-1e308, -1.0, 0.0, 1e308),
    date: (date(1, 1, 1), date(9999, 12, 31)),
}
MOST_ARGUMENTS = 3


def _taken(name: str) -> list[tuple[type, ...]]:
    """Lists of types, of at most three, that an operation takes."""
    lengths = range(1, MOST_ARGUMENTS + 1)
    lists = [types for length in lengths for types in product(TYPES, repeat=length)]
    return [types for types in lists if OPERATIONS[name].signature(types)]


TAKEN = {name: _taken(name) for name in OPERATIONS}


def lists_giving(name: str, of: type) -> list[tuple[type, ...]]:
    """Lists of types for which an operation gives a type."""
    return [types for types in TAKEN[name] if OPERATIONS[name].signature(types) is of]


def some_arguments(
    name: str,
) -> Iterator[tuple[tuple[type, ...], list[tuple[Any, ...]]]]:
    """Each list of types that an operation takes, with some values for each place."""
    for types in TAKEN[name]:
        values = [SOME[type_] for type_ in types]
        if name == "in":
            values[1] = SETS[types[1]]
        yield types, values
