"""What a series is worth in a sketch of a patient: a line of dates or numbers, or
words.
"""

from dataclasses import dataclass
from typing import NamedTuple

from extractors.model import nodes

ORIGIN = 0  # the variable that is always 0; a date counts days from 1970-01-01
Days = tuple[int, int]


class RowId(NamedTuple):
    """A row of a patient: the table and the place among its rows there."""

    table: str
    place: int


@dataclass(frozen=True)
class Scope:
    """From where a series is looked at."""

    # The days of the period; None where a definition has no periods.
    interval: Days | None
    # The row of which row-level series are asked.
    row: RowId | None = None

    def at(self, row: RowId) -> "Scope":
        return Scope(self.interval, row)


@dataclass(frozen=True)
class At:
    """A series, looked at from a scope."""

    # any
    series: nodes.Series
    # the patient, or the row that it is of
    scope: Scope

    @property
    def key(self) -> tuple:
        """Equal for those that have the same value."""
        interval = self.scope.interval if self.series.interval else None
        row = self.scope.row if self.series.domain is not None else None
        return self.series, interval, row


@dataclass(frozen=True)
class Line:
    """A bound: low <= one variable less another <= high."""

    # the number of the one variable
    plus: int
    # the number of the other
    minus: int
    # in days, or units of the number
    low: float
    # the same; infinite where there is no end
    high: float

    def __neg__(self) -> "Line":
        return Line(self.minus, self.plus, -self.high, -self.low)

    def __add__(self, other: "Line") -> "Line | None":
        """None where two variables are left on one side."""
        plus = [each for each in (self.plus, other.plus) if each != ORIGIN]
        minus = [each for each in (self.minus, other.minus) if each != ORIGIN]
        for each in list(plus):
            if each in minus:
                plus.remove(each)
                minus.remove(each)
        if max(len(plus), len(minus)) > 1:
            return None
        low, high = self.low + other.low, self.high + other.high
        return Line(
            plus[0] if plus else ORIGIN, minus[0] if minus else ORIGIN, low, high
        )

    def moved(self, low: float, high: float) -> "Line":
        return Line(self.plus, self.minus, self.low + low, self.high + high)

    @property
    def constant(self) -> float | None:
        """Its value, if that is known already."""
        fixed = self.plus == self.minus and self.low == self.high
        return self.low if fixed else None


def fixed(value: float) -> Line:
    return Line(ORIGIN, ORIGIN, value, value)


@dataclass(frozen=True)
class Said:
    """A string, a code or a truth that is known."""

    # which no row has to hold
    value: str | bool


@dataclass(frozen=True)
class Cell:
    """A string, a code or a truth that a row holds."""

    # its id
    row: RowId
    # its name
    column: str


Term = Line | Said | Cell
Operand = At | Line | Said | Cell
