"""The few values that random records and definitions are made of.

Small pools, so that ties, equals and misses happen all the time. Numbers stay small: no
sum or product of them overflows. Floats are quarters: sums of them are exact in any
order of adding, so both engines must get the same answer to `==` and `//` as well.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from extractors.model.types import ICD10Code, ICD10MultiCode, SNOMEDCTCode

POOLS: Mapping[type, tuple] = {
    bool: (True, False),
    int: (-3, -1, 0, 1, 2, 7),
    float: (-1.5, -0.25, 0.0, 0.5, 1.0, 2.0, 2.75),
    str: ("", "a", "A", "ab", "b%", "_", "'é"),
    # Ends of months and leap days, in leap, common and skipped leap years.
    date: tuple(
        map(
            date.fromisoformat,
            "1900-02-28 1900-03-01 1999-12-31 2000-02-29 2019-02-28 2020-01-01 2020-01-31 2020-02-28 2020-02-29 "
            "2020-03-01 2020-03-30 2020-03-31 2020-04-30 2100-02-28 2100-12-31".split(),
        )
    ),
    SNOMEDCTCode: tuple(map(SNOMEDCTCode, ("111111111", "222222222", "333333333"))),
    ICD10Code: tuple(map(ICD10Code, ("A00", "A001", "B01"))),
    ICD10MultiCode: tuple(map(ICD10MultiCode, ("A00", "A001 ,B01", "B01"))),
}
MONTHS = (-2400, -12, -1, 0, 1, 11, 12, 1200)
DAYS = (-73_000, -31, -1, 0, 1, 28, 366)
GAPS = (0, 1, 2, 30)
# of quarters they give exact numbers, on which both engines must agree
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
CODE_BEGINNINGS = ("A0", "A00", "B")

TYPES = tuple(POOLS)


@dataclass(frozen=True)
class Pools:
    """The values of some examples, by type."""

    # What a definition writes.
    written: Mapping[type, tuple]
    # What a record holds.
    stored: Mapping[type, tuple]


ORDINARY = Pools(written=POOLS, stored=POOLS)
# The ends of what a type can hold, on which a step may leave it.
ENDS: Mapping[type, tuple] = {
    int: (-(2**63), -(2**63) + 1, -(2**53) - 1, -(10**9) - 1, 2**31, 2**32, 2**63 - 1),
    str: ("\0", "\n", "NaN", "9" * 40, "x" * 3000, "👩\u200d👧", "\u202e"),
    date: (
        date(1, 1, 1),
        date(1, 1, 31),
        date(1, 12, 31),
        date(9999, 1, 31),
        date(9999, 12, 31),
    ),
}
# A sum of these is the same in any order of adding, as one of quarters is.
NO_NUMBERS = (math.inf, -math.inf, math.nan, -0.0)
LARGE = (1.7e308, -1.7e308, 5e-324, 1e19, -1e19)


def _with(*more: Mapping[type, tuple]) -> Mapping[type, tuple]:
    return {
        of: (*values, *(each for ends in more for each in ends.get(of, ())))
        for of, values in POOLS.items()
    }


# On which engines agree to the last bit.
EXTREME = Pools(written=_with(ENDS), stored=_with(ENDS, {float: NO_NUMBERS}))
# On which floats depend on the order of adding.
MOST_EXTREME = Pools(
    written=_with(ENDS, {float: LARGE}),
    stored=_with(ENDS, {float: (*NO_NUMBERS, *LARGE)}),
)
COMPARED = tuple(type_ for type_ in TYPES if type_ is not ICD10MultiCode)
NUMBERS = (int, float)
SORTABLE = (int, float, str, date, SNOMEDCTCode, ICD10Code)


def plain(value: Any) -> Any:
    """As records have it: codes are plain strings."""
    return str(value) if isinstance(value, str) else value
