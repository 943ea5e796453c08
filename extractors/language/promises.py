"""Each kind of promise that a table's author can make about a column.

What they mean: extractors/language/SEMANTICS.md#table-constraints. Authors write them
as `Constraint.NotNull()` and so on.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Value = str | int | float | datetime.date


class Promise:
    """What a table's author says of the values of a column."""

    def promises(self) -> dict[str, Any]:
        """As fields of `model.schema.Column`; empty where nothing can be checked in one
        column.
        """
        return {}


@dataclass(frozen=True)
class NotNull(Promise):
    """Every row has a value."""

    def promises(self) -> dict[str, Any]:
        return {"required": True}


@dataclass(frozen=True)
class Unique(Promise):
    """No value is in two rows."""


@dataclass(frozen=True)
class FirstOfMonth(Promise):
    """Every date is the first of a month."""

    def promises(self) -> dict[str, Any]:
        return {"first_of_month": True}


@dataclass(frozen=True)
class Categorical(Promise):
    """Every value is one of a few."""

    # these values
    values: Sequence[Value]

    def promises(self) -> dict[str, Any]:
        return {"categories": tuple(self.values)}


@dataclass(frozen=True)
class Regex(Promise):
    """Every text has a form."""

    # the form, as a regular expression for the whole text
    regex: str

    def promises(self) -> dict[str, Any]:
        return {"pattern": self.regex}


@dataclass(frozen=True)
class ClosedRange(Promise):
    """Every whole number lies between two ends, both included."""

    # the least value
    minimum: int
    # the greatest value
    maximum: int
    # how far two neighbouring values are from each other
    step: int = 1

    def promises(self) -> dict[str, Any]:
        return {"minimum": self.minimum, "maximum": self.maximum, "step": self.step}


@dataclass(frozen=True)
class GeneralRange(Promise):
    """Every value lies between two ends; accepted, and not checked."""

    # the least value; None: there is none
    minimum: Value | None = None
    # the greatest value; None: there is none
    maximum: Value | None = None
    # whether the least value itself may be
    includes_minimum: bool = True
    # whether the greatest value itself may be
    includes_maximum: bool = True


@dataclass(frozen=True)
class DateAfter(Promise):
    """Every date comes after those of other columns; accepted, and not checked."""

    # the other columns
    column_names: Sequence[str]
