"""Dates, durations, differences, and INTERVAL.

Months and years keep the day of the month; a day that does not exist rolls forward to
the first of the next month, so `x + months(n)` is the least y with `(y - x).months ==
n`.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from extractors.language.base import (
    BaseSeries,
    EventSeries,
    PatientSeries,
    build_case,
    called,
    operand,
    parse_date,
    register,
    wrap,
)
from extractors.language.series import ComparableAggregates, ComparableMethods
from extractors.model import nodes
from extractors.model.moments import shifted
from extractors.model.types import name_of

# The unit of each duration: the operation that adds it, and how many of that
# operation's units it is.
UNITS = {
    "days": ("add_days", 1),
    "weeks": ("add_days", 7),
    "months": ("add_months", 1),
    "years": ("add_months", 12),
}


@dataclass(frozen=True, eq=False)
class Duration:
    """A number of days, weeks, months or years; `value` is an int or an int series."""

    value: Any
    unit: str
    _called: ClassVar[str] = "a duration"

    def __post_init__(self) -> None:
        series = isinstance(self.value, BaseSeries)
        got = self.value.node.type if series else type(self.value)
        if got is not int:
            raise TypeError(f"{self.unit}() needs a whole number, got {name_of(got)}")

    def __eq__(self, other: object) -> Any:
        if not isinstance(other, Duration):
            return NotImplemented
        return self.value == other.value if self.unit == other.unit else False

    def __ne__(self, other: object) -> Any:
        if not isinstance(other, Duration):
            return NotImplemented
        return self.value != other.value if self.unit == other.unit else True

    __hash__ = None  # type: ignore[assignment]

    def __neg__(self) -> "Duration":
        return Duration(-self.value, self.unit)

    def __add__(self, other: Any) -> Any:
        if isinstance(other, Duration):
            return Duration(self.value + self._same_unit(other), self.unit)
        return _shift(other, self, "add")

    def __radd__(self, other: Any) -> Any:
        return self + other

    def __sub__(self, other: Any) -> Any:
        if not isinstance(other, Duration):
            return NotImplemented
        return Duration(self.value - self._same_unit(other), self.unit)

    def __rsub__(self, other: Any) -> Any:
        return _shift(other, -self, "subtract")

    def _same_unit(self, other: "Duration") -> Any:
        if other.unit != self.unit:
            raise TypeError(
                f"{self.unit} and {other.unit} cannot be added; use one unit"
            )
        return other.value

    def starting_on(self, date: Any) -> Any:
        """Consecutive intervals of one unit each, both ends inclusive, the first
        starting on `date`.

        Beyond ehrQL: of a date series, such as INTERVAL.start_date, one pair of date
        series for `is_during`, the first and the last day of the whole time.
        """
        if isinstance(date, BaseSeries):
            self._check_window(date)
            return date, date + self - days(1)
        base, one = self._base(date), datetime.timedelta(days=1)
        edges = [shift(base, k, self.unit) for k in range(self.value + 1)]
        return [
            (start, after - one) for start, after in zip(edges, edges[1:], strict=False)
        ]

    def ending_on(self, date: Any) -> Any:
        """Consecutive intervals of one unit each, both ends inclusive, the last ending
        on `date`.

        Beyond ehrQL: of a date series, such as INTERVAL.end_date, one pair of date
        series for `is_during`, the first and the last day of the whole time.
        """
        if isinstance(date, BaseSeries):
            self._check_window(date)
            return date - self + days(1), date
        base, one = self._base(date), datetime.timedelta(days=1)
        edges = [shift(base, -k, self.unit) for k in range(self.value, -1, -1)]
        return [
            (before + one, end) for before, end in zip(edges, edges[1:], strict=False)
        ]

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
        if isinstance(self.value, BaseSeries):
            raise TypeError("intervals need a plain number, not a series")
        if self.value < 0:
            raise ValueError(
                f"the number of {self.unit} must not be negative, got {self.value}"
            )
        if isinstance(date, str):
            return parse_date(date)
        if type(date) is not datetime.date:
            raise TypeError(f"expected a date, got {name_of(type(date))}")
        return date


def days(value: Any) -> Duration:
    return Duration(value, "days")


def weeks(value: Any) -> Duration:
    return Duration(value, "weeks")


def months(value: Any) -> Duration:
    return Duration(value, "months")


def years(value: Any) -> Duration:
    return Duration(value, "years")


def shift(date: datetime.date, count: int, unit: str) -> datetime.date:
    """A plain date moved by a number of units, with the roll-forward rule."""
    operation, factor = UNITS[unit]
    return shifted(date, count * factor, operation)


def _shift(date: Any, by: Duration, verb: str) -> Any:
    if isinstance(date, str):
        date = parse_date(date)
    if type(date) is datetime.date:
        if not isinstance(by.value, BaseSeries):
            return shift(date, by.value, by.unit)
        date = wrap(nodes.Literal(date, datetime.date))
    if not isinstance(date, DateMethods):
        got = name_of(date.node.type) if isinstance(date, BaseSeries) else called(date)
        raise TypeError(
            f"a duration can only be used to {verb} to or from a date, got {got}"
        )
    operation, factor = UNITS[by.unit]
    count = by.value if factor == 1 else by.value * factor
    return wrap(nodes.Call(operation, (date.node, operand(count, int))))


@dataclass(frozen=True, eq=False)
class DateDifference:
    """The time between two dates; take `.days`, `.weeks`, `.months` or `.years` of it
    (ints).
    """

    start: nodes.Series
    end: nodes.Series
    _called: ClassVar[str] = (
        "a difference of dates; take its .days, .weeks, .months or .years"
    )

    @property
    def days(self) -> Any:
        return wrap(nodes.Call("days_between", (self.start, self.end)))

    @property
    def weeks(self) -> Any:
        """Whole weeks, rounded towards minus infinity."""
        return self.days // 7

    @property
    def months(self) -> Any:
        """Whole months: one less if the day of the month has not been reached."""
        return wrap(nodes.Call("months_between", (self.start, self.end)))

    @property
    def years(self) -> Any:
        """Whole years: one less if the month and day have not been reached."""
        return self.months // 12

    def _refuse(self, *_: Any) -> Any:
        raise TypeError(
            "a difference of dates has no value of its own; take its .days, .weeks, "
            ".months or .years"
        )

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = _refuse
    __hash__ = None  # type: ignore[assignment]


class DateMethods(ComparableMethods):
    """Comparisons are inclusive where the name says `on`; NULL follows Kleene logic."""

    __slots__ = ()

    @property
    def year(self) -> Any:
        return self.call("year")

    @property
    def month(self) -> Any:
        return self.call("month")

    @property
    def day(self) -> Any:
        return self.call("day")

    def to_first_of_year(self) -> Any:
        return self.call("first_of_year")

    def to_first_of_month(self) -> Any:
        return self.call("first_of_month")

    def is_before(self, other: Any) -> Any:
        return self < other

    def is_on_or_before(self, other: Any) -> Any:
        return self <= other

    def is_after(self, other: Any) -> Any:
        return self > other

    def is_on_or_after(self, other: Any) -> Any:
        return self >= other

    def is_between_but_not_on(self, start: Any, end: Any) -> Any:
        return (self > start) & (self < end)

    def is_on_or_between(self, start: Any, end: Any) -> Any:
        return (self >= start) & (self <= end)

    def is_during(self, interval: Any) -> Any:
        """Within an interval, both ends included; INTERVAL is one."""
        start, end = _pair(interval, "is_during")
        return self.is_on_or_between(start, end)

    def __add__(self, other: Any) -> Any:
        return _shift(self, self._duration(other), "add")

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        if isinstance(other, Duration) or type(other) is int:
            return _shift(self, -self._duration(other), "subtract")
        return DateDifference(operand(other, datetime.date), self.node)

    def __rsub__(self, other: Any) -> Any:
        return DateDifference(self.node, operand(other, datetime.date))

    @staticmethod
    def _duration(other: Any) -> Duration:
        if isinstance(other, Duration):
            return other
        got = (
            f"a series of {name_of(other.node.type)}"
            if isinstance(other, BaseSeries)
            else called(other)
        )
        raise TypeError(f"only a duration moves a date, such as days(5); got {got}")


@register(datetime.date)
class DatePatientSeries(DateMethods, PatientSeries):
    __slots__ = ()


@register(datetime.date)
class DateEventSeries(DateMethods, ComparableAggregates, EventSeries):
    __slots__ = ()

    def count_episodes_for_patient(self, maximum_gap: Any) -> Any:
        """How many episodes the dates form; a gap of more than `maximum_gap` days
        begins another.
        """
        if not isinstance(maximum_gap, Duration) or maximum_gap.unit not in (
            "days",
            "weeks",
        ):
            raise TypeError("count_episodes_for_patient needs days(n) or weeks(n)")
        if isinstance(maximum_gap.value, BaseSeries):
            raise TypeError(
                "count_episodes_for_patient needs a plain number of days or weeks, "
                "not a series"
            )
        if maximum_gap.value < 0:
            raise ValueError(
                f"a gap must not be negative, got {maximum_gap.value} "
                f"{maximum_gap.unit}"
            )
        return self.aggregate(
            "count_episodes", maximum_gap.value * UNITS[maximum_gap.unit][1]
        )

    def days_covered_for_patient(self, end: Any, interval: Any) -> Any:
        """How many days of an interval lie in any of the spells that go from these
        dates to the dates `end`.

        First and last days count, and days in several spells count once. A spell
        without an end is open; one without a start, or that ends before it starts,
        covers nothing. An int, never NULL. Beyond ehrQL.
        """
        first, last = (
            wrap(operand(date, datetime.date))
            for date in _pair(interval, "days_covered_for_patient")
        )
        end = wrap(operand(end, datetime.date))
        clipped_start = build_case([(self <= first, first), (self > first, self)], None)
        clipped_end = build_case([(end < last, end)], last)
        return wrap(
            nodes.Aggregate(
                "days_covered",
                nodes.Call("spell", (clipped_start.node, clipped_end.node)),
            )
        )

    def nights_by_start_for_patient(self, end: Any) -> Any:
        """Of each of these dates the longest spell to one of the dates `end`, in
        nights; their sum.

        A spell without an end, or a start, is left out. An int, never NULL. Beyond
        ehrQL.
        """
        end = operand(end, datetime.date)
        return wrap(
            nodes.Aggregate("nights_by_start", nodes.Call("spell", (self.node, end)))
        )


def _pair(interval: Any, where: str) -> tuple[Any, Any]:
    """The start and end of an interval; TypeError for anything but one pair."""
    pair = tuple(interval) if isinstance(interval, list | tuple | Interval) else ()
    if len(pair) != 2 or any(isinstance(each, tuple) for each in pair):
        got = (
            f"a list of {len(interval)}"
            if isinstance(interval, list)
            else called(interval)
        )
        raise TypeError(
            f"{where} needs one pair of dates (start, end), such as INTERVAL; got {got}"
        )
    return pair


class Interval:
    """Stands for the period a measure is computed for; its dates are filled in by each
    period.
    """

    _called = "INTERVAL, which is two dates; take its .start_date or .end_date"

    @property
    def start_date(self) -> Any:
        return wrap(nodes.Parameter("interval_start"))

    @property
    def end_date(self) -> Any:
        return wrap(nodes.Parameter("interval_end"))

    def __iter__(self) -> Iterator[Any]:
        return iter((self.start_date, self.end_date))


INTERVAL = Interval()
