"""What a table's author can promise about a column
(extractors/language/SEMANTICS.md#table-constraints).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class Constraint:
    """A promise; the namespace offers them as Constraint.NotNull() and so on."""

    def promises(self) -> dict[str, Any]:
        """As fields of `model.schema.Column`; empty where nothing can be checked in one
        column.
        """
        return {}


@dataclass(frozen=True)
class NotNull(Constraint):
    def promises(self) -> dict[str, Any]:
        return {"required": True}


@dataclass(frozen=True)
class Unique(Constraint):
    pass


@dataclass(frozen=True)
class FirstOfMonth(Constraint):
    def promises(self) -> dict[str, Any]:
        return {"first_of_month": True}


@dataclass(frozen=True)
class Categorical(Constraint):
    values: Sequence[Any]

    def promises(self) -> dict[str, Any]:
        return {"categories": tuple(self.values)}


@dataclass(frozen=True)
class Regex(Constraint):
    regex: str

    def promises(self) -> dict[str, Any]:
        return {"pattern": self.regex}


@dataclass(frozen=True)
class ClosedRange(Constraint):
    minimum: int
    maximum: int
    step: int = 1

    def promises(self) -> dict[str, Any]:
        return {"minimum": self.minimum, "maximum": self.maximum, "step": self.step}


@dataclass(frozen=True)
class GeneralRange(Constraint):
    minimum: Any = None
    maximum: Any = None
    includes_minimum: bool = True
    includes_maximum: bool = True


@dataclass(frozen=True)
class DateAfter(Constraint):
    column_names: Sequence[str]


for _kind in (
    NotNull,
    Unique,
    FirstOfMonth,
    Categorical,
    Regex,
    ClosedRange,
    GeneralRange,
    DateAfter,
):
    setattr(Constraint, _kind.__name__, _kind)
