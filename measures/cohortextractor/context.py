"""What the translation of a column may ask of the study around it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from measures.cohortextractor import dates
from measures.cohortextractor.asked import Asked, Wrong
from measures.cohortextractor.columns import Column
from measures.cohortextractor.conditions import condition
from measures.cohortextractor.dates import Calendar, Period
from measures.cohortextractor.expressions import parse
from measures.cohortextractor.making import Series


@dataclass(frozen=True)
class Context:
    """An earlier part of the study, and its dates."""

    # its dates
    calendar: Calendar
    # an earlier column by its name; Wrong for a name that there is not
    find: Callable[[str], Column]
    # what an earlier column was asked as
    asked: Callable[[str], Asked]

    def day(self, text: Any) -> Series:
        """The date that an expression means."""
        return dates.moment(text, self.calendar, self.find)

    def period(self, asked: Asked) -> Period:
        """The bounds among the arguments of a function."""
        return dates.period(asked.arguments, self.day)

    def condition(self, expression: object) -> Series:
        """What an expression means."""
        return condition(parse(expression), self.find)

    def column(self, name: Any) -> Column:
        if not isinstance(name, str):
            raise Wrong(f"another column is named by a text, not by {name!r}")
        return self.find(name)
