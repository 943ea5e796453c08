"""A column of an old study, translated."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from extractors.model import nodes
from measures.cohortextractor import making
from measures.cohortextractor.asked import Wrong
from measures.cohortextractor.making import Series

Kind = Literal["flag", "int", "imd", "float", "str", "date"]
TYPES: dict[Kind, type] = {
    "flag": bool,
    "int": int,
    "imd": int,
    "float": float,
    "str": str,
    "date": datetime.date,
}
# What the old language has in the place of NULL; a date without a value is an empty
# text.
MISSING: dict[Kind, bool | int | float | str] = {
    "flag": False,
    "int": 0,
    "imd": -1,
    "float": 0.0,
    "str": "",
}
YEAR, MONTH, DAY = 4, 7, 10  # characters of a date
FORMATS = {"YYYY": YEAR, "YYYY-MM": MONTH, "YYYY-MM-DD": DAY, None: YEAR}


@dataclass(frozen=True, eq=False)
class Match:
    """The rows that gave a column its value."""

    # those that match
    rows: nodes.Frame
    # the day of each, undated ones on the last day there is
    day: Series
    # whether the last of them counts, or the first
    last: bool

    @property
    def date(self) -> Series:
        return making.extreme(self.day, last=self.last)


@dataclass(frozen=True, eq=False)
class Column:
    """A value for each patient."""

    # how its values are written: a flag, a date, a number …
    kind: Kind
    # NULL is the missing value of the kind
    node: Series
    # of a date: how many characters of it there are
    precision: int = DAY
    # of a text: all that it can be, where that is known
    labels: tuple[str, ...] = ()
    # the day of the match, for `date_of`; not cut
    day: Series | None = None
    # the rows that gave a numeric value, on the table that knows its ranges
    ranges: nodes.Frame | None = None
    # another column that comes with it, by what is added to its name
    companion: tuple[str, "Column"] | None = field(default=None)
    # whether it comes from a joined file, where NULL is a patient whom that file has
    # not
    joined: bool = False
    # whether its values are units such as practices, of which deciles are released and
    # nothing else
    unit: bool = False

    def __post_init__(self) -> None:
        assert self.node.type is TYPES[self.kind], (self.kind, self.node.type)

    @property
    def value(self) -> Series:
        """Never NULL, but for a date."""
        if self.kind == "date":
            return self.node
        return making.filled(self.node, MISSING[self.kind])

    @property
    def is_empty(self) -> Series:
        """Whether it has the missing value of its kind; never NULL."""
        if self.kind == "date":
            return making.is_null(self.node)
        if self.kind == "flag":
            return making.negated(self.value)
        if self.labels and "" not in self.labels:
            return making.is_null(self.node)
        missing = nodes.Literal(MISSING[self.kind], self.node.type)
        same = making.call("eq", self.node, missing)
        return making.filled(same, True)


def cut(day: Series, precision: int) -> Series:
    """The first day of what is left of a date."""
    if precision == MONTH:
        return making.call("first_of_month", day)
    return making.call("first_of_year", day) if precision == YEAR else day


def dated(day: Series, precision: int) -> Column:
    """A column of dates."""
    node = cut(day, precision)
    return Column("date", node, precision=precision, day=day)


def precision_of(
    date_format: object,
    include_month: object = False,
    include_day: object = False,
    default: int = YEAR,
) -> int:
    """How many characters of a date are wanted."""
    if date_format is not None and (include_month or include_day):
        raise Wrong("date_format goes with neither include_month nor include_day")
    if include_day:
        return DAY
    if include_month:
        return MONTH
    if date_format is None:
        return default
    if date_format not in FORMATS:
        raise Wrong(f"date_format is YYYY, YYYY-MM or YYYY-MM-DD, not {date_format!r}")
    return FORMATS[date_format]


def same_kind(columns: Sequence[Column], what: str) -> Column:
    """The first of some columns, which all have its type and its form of dates."""
    first = columns[0]
    for each in columns:
        if TYPES[each.kind] is not TYPES[first.kind]:
            raise Wrong(
                f"{what} takes columns of one type, not {first.kind} and {each.kind}"
            )
        if each.precision != first.precision:
            raise Wrong(f"{what} takes dates of one format")
    return first
