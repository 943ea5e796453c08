"""Durations: days, weeks, months and years, which move dates and make intervals.

Months and years keep the day of the month; a day that does not exist rolls forward to
the first of the next month, so `x + months(n)` is the least y with `(y - x).months ==
n`.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from extractors.language.base import BaseSeries, called, wrap
from extractors.language.literals import parse_date
from extractors.language.numbers import IntEventSeries, IntPatientSeries
from extractors.language.operands import operand
from extractors.language.series import BoolEventSeries, BoolPatientSeries
from extractors.model import nodes
from extractors.model.moments import shifted
from extractors.model.types import name_of

if TYPE_CHECKING:
    from extractors.language.dates import DateEventSeries, DatePatientSeries

Count = TypeVar("Count", bound=int | IntPatientSeries | IntEventSeries)
Days = tuple[datetime.date, datetime.date]
ONE_DAY = datetime.timedelta(days=1)

# The unit of each duration: the operation that adds it, and how many of that
# operation's units it is.
UNITS = {
    "days": ("add_days", 1),
    "weeks": ("add_days", 7),
    "months": ("add_months", 1),
    "years": ("add_months", 12),
}


@dataclass(frozen=True, eq=False)
class Duration(Generic[Count]):
    """A number of days, weeks, months or years.

    It is added to a date or taken from one, and makes intervals.

        clinical_events.date + months(6)
        weeks(52).starting_on("2019-04-01")
    """

    # how many: a whole number, or a series of them
    value: Count
    # days, weeks, months or years
    unit: str
    # what a refusal calls it
    _called: ClassVar[str] = "a duration"

    def __post_init__(self) -> None:
        got = type(self.value)
        if isinstance(self.value, BaseSeries):
            got = self.value.node.type
        if got is not int:
            raise TypeError(f"{self.unit}() needs a whole number, got {name_of(got)}")

    # of durations with a series for their number, the answer is a series as well
    def __eq__(self, other: object) -> bool | BoolPatientSeries | BoolEventSeries:  # type: ignore[override]
        if not isinstance(other, Duration):
            return NotImplemented
        same: bool = self.value == other.value if self.unit == other.unit else False
        return same

    def __ne__(self, other: object) -> bool | BoolPatientSeries | BoolEventSeries:  # type: ignore[override]
        if not isinstance(other, Duration):
            return NotImplemented
        differ: bool = self.value != other.value if self.unit == other.unit else True
        return differ

    __hash__ = None  # type: ignore[assignment]

    def __neg__(self) -> Duration[Count]:
        """The same time backwards.

        A NULL in the number stays NULL.

            patients.date_of_birth + -days(1)
        """
        return Duration(-self.value, self.unit)  # type: ignore[arg-type]

    @overload
    def __add__(self, other: Duration[int]) -> Duration[Count]: ...
    @overload
    def __add__(self, other: Duration[Any]) -> Duration[Any]: ...
    @overload
    def __add__(self: Duration[int], other: datetime.date | str) -> datetime.date: ...
    @overload
    def __add__(
        self: Duration[IntPatientSeries],
        other: datetime.date | str | DatePatientSeries,
    ) -> DatePatientSeries: ...
    @overload
    def __add__(self: Duration[int], other: DatePatientSeries) -> DatePatientSeries: ...
    @overload
    def __add__(
        self: Duration[IntEventSeries],
        other: datetime.date | str | DatePatientSeries,
    ) -> DateEventSeries: ...
    @overload
    def __add__(self, other: DateEventSeries) -> DateEventSeries: ...
    def __add__(self, other: Any) -> Any:
        """A later date, or a longer duration; NULL where the date or the number is.

            days(7) + patients.date_of_birth

        Raises TypeError for what is no date, and for a duration of another unit.
        """
        if isinstance(other, Duration):
            return Duration(self.value + self._same_unit(other), self.unit)
        return move(other, self, "add")

    @overload
    def __radd__(self: Duration[int], other: datetime.date | str) -> datetime.date: ...
    @overload
    def __radd__(
        self: Duration[IntPatientSeries], other: datetime.date | str
    ) -> DatePatientSeries: ...
    @overload
    def __radd__(
        self: Duration[IntEventSeries], other: datetime.date | str
    ) -> DateEventSeries: ...
    def __radd__(self, other: Any) -> Any:
        return self + other

    @overload
    def __sub__(self, other: Duration[int]) -> Duration[Count]: ...
    @overload
    def __sub__(self, other: Duration[Any]) -> Duration[Any]: ...
    def __sub__(self, other: Any) -> Any:
        """A shorter duration.

            months(12) - months(3)

        Raises TypeError for a duration of another unit.
        """
        if not isinstance(other, Duration):
            return NotImplemented
        return Duration(self.value - self._same_unit(other), self.unit)

    @overload
    def __rsub__(self: Duration[int], other: datetime.date | str) -> datetime.date: ...
    @overload
    def __rsub__(
        self: Duration[IntPatientSeries], other: datetime.date | str
    ) -> DatePatientSeries: ...
    @overload
    def __rsub__(
        self: Duration[IntEventSeries], other: datetime.date | str
    ) -> DateEventSeries: ...
    def __rsub__(self, other: Any) -> Any:
        return move(other, -self, "subtract")

    def _same_unit(self, other: Duration[Any]) -> Any:
        if other.unit != self.unit:
            raise TypeError(
                f"{self.unit} and {other.unit} cannot be added; use one unit"
            )
        return other.value

    @overload
    def starting_on(self: Duration[int], date: datetime.date | str) -> list[Days]: ...
    @overload
    def starting_on(
        self: Duration[int], date: DatePatientSeries
    ) -> tuple[DatePatientSeries, DatePatientSeries]: ...
    @overload
    def starting_on(
        self: Duration[int], date: DateEventSeries
    ) -> tuple[DateEventSeries, DateEventSeries]: ...
    def starting_on(self, date: Any) -> Any:
        """Consecutive intervals of one unit each, both ends inclusive, the first
        starting on `date`.

        Beyond ehrQL: of a date series, such as INTERVAL.start_date, one pair of date
        series for `is_during`, the first and the last day of the whole time. NULL in
        the series makes both NULL.

            weeks(52).starting_on("2019-04-01")

        Raises TypeError for what is no date and for a number that is a series,
        ValueError for a number below 0 (of a date series: below 1).
        """
        if isinstance(date, BaseSeries):
            self._check_window(date)
            return date, date + self - days(1)  # type: ignore[operator]
        base = self._base(date)
        edges = [shift(base, k, self.unit) for k in range(self._number() + 1)]
        return [(start, after - ONE_DAY) for start, after in pairwise(edges)]

    @overload
    def ending_on(self: Duration[int], date: datetime.date | str) -> list[Days]: ...
    @overload
    def ending_on(
        self: Duration[int], date: DatePatientSeries
    ) -> tuple[DatePatientSeries, DatePatientSeries]: ...
    @overload
    def ending_on(
        self: Duration[int], date: DateEventSeries
    ) -> tuple[DateEventSeries, DateEventSeries]: ...
    def ending_on(self, date: Any) -> Any:
        """Consecutive intervals of one unit each, both ends inclusive, the last ending
        on `date`.

        Beyond ehrQL: of a date series, such as INTERVAL.end_date, one pair of date
        series for `is_during`, the first and the last day of the whole time. NULL in
        the series makes both NULL.

            months(12).ending_on("2020-03-31")

        Raises TypeError for what is no date and for a number that is a series,
        ValueError for a number below 0 (of a date series: below 1).
        """
        if isinstance(date, BaseSeries):
            self._check_window(date)
            return date - self + days(1), date  # type: ignore[operator]
        base = self._base(date)
        edges = [shift(base, -k, self.unit) for k in range(self._number(), -1, -1)]
        return [(before + ONE_DAY, end) for before, end in pairwise(edges)]

    def _check_window(self, date: BaseSeries) -> None:
        if date.node.type is not datetime.date:
            raise TypeError(
                f"expected a date, got a series of {name_of(date.node.type)}"
            )
        if isinstance(self.value, BaseSeries):
            raise TypeError(
                f"a rolling window needs a plain number of {self.unit}, not a series"
            )
        if self.value < 1:
            raise ValueError(
                f"a rolling window must be at least 1 of its {self.unit} long, got "
                f"{self.value}; use starting_on() for the time after a date and "
                "ending_on() for the time before it"
            )

    def _base(self, date: Any) -> datetime.date:
        if self._number() < 0:
            raise ValueError(
                f"the number of {self.unit} must not be negative, got {self.value}"
            )
        if isinstance(date, str):
            return parse_date(date)
        if type(date) is not datetime.date:
            raise TypeError(f"expected a date, got {name_of(type(date))}")
        return date

    def _number(self) -> int:
        if isinstance(self.value, BaseSeries):
            raise TypeError("intervals need a plain number, not a series")
        return self.value


def days(value: Count) -> Duration[Count]:
    """A number of days, to move a date or to make intervals.

    `value` is a whole number or an int series; NULL in it moves a date to NULL.

        clinical_events.date + days(28)

    Raises TypeError for what is no whole number.
    """
    return Duration(value, "days")


def weeks(value: Count) -> Duration[Count]:
    """A number of weeks, to move a date or to make intervals.

    `value` is a whole number or an int series; NULL in it moves a date to NULL.

        weeks(52).starting_on("2019-04-01")

    Raises TypeError for what is no whole number.
    """
    return Duration(value, "weeks")


def months(value: Count) -> Duration[Count]:
    """A number of months, to move a date or to make intervals.

    `value` is a whole number or an int series; NULL in it moves a date to NULL. The
    day of the month stays; one that does not exist becomes the first of the next month.

        INTERVAL.start_date - months(6)

    Raises TypeError for what is no whole number.
    """
    return Duration(value, "months")


def years(value: Count) -> Duration[Count]:
    """A number of years, to move a date or to make intervals.

    `value` is a whole number or an int series; NULL in it moves a date to NULL. 29
    February becomes 1 March in a year that has none.

        patients.date_of_birth + years(18)

    Raises TypeError for what is no whole number.
    """
    return Duration(value, "years")


def shift(date: datetime.date, count: int, unit: str) -> datetime.date:
    """A plain date moved by a number of units, with the roll-forward rule."""
    operation, factor = UNITS[unit]
    return shifted(date, count * factor, operation)


def move(date: Any, by: Duration[Any], verb: str) -> Any:
    """A date or date series moved by a duration; `verb` is for what is no date."""
    if isinstance(date, str):
        date = parse_date(date)
    if type(date) is datetime.date:
        if not isinstance(by.value, BaseSeries):
            return shift(date, by.value, by.unit)
        date = wrap(nodes.Literal(date, datetime.date))
    if not isinstance(date, BaseSeries) or date.node.type is not datetime.date:
        raise TypeError(
            f"a duration can only be used to {verb} to or from a date, got "
            f"{_in_words(date)}"
        )
    operation, factor = UNITS[by.unit]
    count = by.value if factor == 1 else by.value * factor
    return wrap(nodes.Call(operation, (date.node, operand(count, int))))


def _in_words(value: Any) -> str:
    if isinstance(value, BaseSeries):
        return name_of(value.node.type)
    return called(value)
