"""The time between two dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NoReturn

from extractors.language.base import wrap
from extractors.language.levels import Whole
from extractors.model import nodes


@dataclass(frozen=True, eq=False)
class DateDifference(Generic[Whole]):
    """The time between two dates, as whole days, weeks, months or years.

    It has no value of its own: comparing it raises TypeError.

        (INTERVAL.start_date - patients.date_of_birth).years
    """

    # the earlier date
    start: nodes.Series
    # the later date
    end: nodes.Series
    # what a refusal calls it
    _called: ClassVar[str] = (
        "a difference of dates; take its .days, .weeks, .months or .years"
    )

    @property
    def days(self) -> Whole:
        """The difference in days; below 0 where the second date is later.

        NULL where either date is NULL.

            (date_of_discharge - date_of_admission).days
        """
        number: Whole = wrap(nodes.Call("days_between", (self.start, self.end)))
        return number

    @property
    def weeks(self) -> Whole:
        """Whole weeks, rounded towards minus infinity.

        NULL where either date is NULL.

            (second_dose.date - first_dose.date).weeks
        """
        number: Whole = self.days // 7  # type: ignore[operator, assignment]
        return number

    @property
    def months(self) -> Whole:
        """Whole months: one less if the day of the month has not been reached.

        NULL where either date is NULL.

            (INTERVAL.start_date - diagnosis.date).months
        """
        number: Whole = wrap(nodes.Call("months_between", (self.start, self.end)))
        return number

    @property
    def years(self) -> Whole:
        """Whole years: one less if the month and day have not been reached.

        NULL where either date is NULL.

            (INTERVAL.start_date - patients.date_of_birth).years
        """
        number: Whole = self.months // 12  # type: ignore[operator, assignment]
        return number

    def _refuse(self, *_: Any) -> NoReturn:
        raise TypeError(
            "a difference of dates has no value of its own; take its .days, .weeks, "
            ".months or .years"
        )

    __hash__ = None  # type: ignore[assignment]
    # A type checker knows by their absence that there are none.
    if not TYPE_CHECKING:
        __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = _refuse
