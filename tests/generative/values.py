"""The few values that random records and definitions are made of.

Small pools, so that ties, equals and misses happen all the time. Numbers stay small: no sum or
product of them overflows. Floats are quarters: sums of them are exact in any order of adding, so
both engines must get the same answer to `==` and `//` as well.
"""

from collections.abc import Mapping
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
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)  # of quarters they give exact numbers, on which both engines must agree
CODE_BEGINNINGS = ("A0", "A00", "B")

TYPES = tuple(POOLS)
COMPARED = tuple(type_ for type_ in TYPES if type_ is not ICD10MultiCode)
NUMBERS = (int, float)
SORTABLE = (int, float, str, date, SNOMEDCTCode, ICD10Code)


def plain(value: Any) -> Any:
    """As records have it: codes are plain strings."""
    return str(value) if isinstance(value, str) else value
