"""Dates, the time between two of them, and INTERVAL."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Generic, overload

from extractors.language.base import BaseSeries, called, register, wrap
from extractors.language.differences import DateDifference
from extractors.language.durations import (
    UNITS,
    Duration,
    days,
    months,
    move,
    shift,
    weeks,
    years,
)
from extractors.language.intervals import INTERVAL, Interval, pair_of_dates
from extractors.language.levels import (
    Own,
    PatientSeries,
    Truth,
    Whole,
)
from extractors.language.numbers import IntEventSeries, IntPatientSeries
from extractors.language.operands import build_case, operand
from extractors.language.series import (
    BoolEventSeries,
    BoolPatientSeries,
    ComparableAggregates,
    ComparableMethods,
)
from extractors.model import nodes
from extractors.model.types import name_of

__all__ = [
    "INTERVAL",
    "DateDifference",
    "DateEventSeries",
    "DateMethods",
    "DatePatientSeries",
    "Duration",
    "Interval",
    "days",
    "months",
    "shift",
    "weeks",
    "years",
]


class DateMethods(
    ComparableMethods[
        datetime.date | str, "DatePatientSeries", "DateEventSeries", Own, Truth
    ],
    Generic[Own, Truth, Whole],
):
    """Dates. A plain date is a `datetime.date` or a text such as "2019-04-01".

    Comparisons are inclusive where the name says `on`; NULL where either side is NULL.
    """

    __slots__ = ()

    @property
    def year(self) -> Whole:
        """The year of a date, an int.

        NULL stays NULL.

            patients.date_of_birth.year
        """
        number: Whole = self._call("year")
        return number

    @property
    def month(self) -> Whole:
        """The month of a date, 1 to 12.

        NULL stays NULL.

            clinical_events.date.month
        """
        number: Whole = self._call("month")
        return number

    @property
    def day(self) -> Whole:
        """The day of the month, 1 to 31.

        NULL stays NULL.

            clinical_events.date.day
        """
        number: Whole = self._call("day")
        return number

    def to_first_of_year(self) -> Own:
        """1 January of the date's year.

        NULL stays NULL.

            clinical_events.date.to_first_of_year()
        """
        first: Own = self._call("first_of_year")
        return first

    def to_first_of_month(self) -> Own:
        """The first day of the date's month.

        NULL stays NULL.

            patients.date_of_death.to_first_of_month()
        """
        first: Own = self._call("first_of_month")
        return first

    @overload
    def is_before(self, other: DateOfPatient) -> Truth: ...
    @overload
    def is_before(self, other: DateEventSeries) -> BoolEventSeries: ...
    def is_before(self, other: Any) -> Any:
        """Whether the date is earlier than another; NULL where either is NULL.

            patients.date_of_birth.is_before("1950-01-01")

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return self < other

    @overload
    def is_on_or_before(self, other: DateOfPatient) -> Truth: ...
    @overload
    def is_on_or_before(self, other: DateEventSeries) -> BoolEventSeries: ...
    def is_on_or_before(self, other: Any) -> Any:
        """Whether the date is not later than another; NULL where either is NULL.

            clinical_events.date.is_on_or_before(INTERVAL.end_date)

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return self <= other

    @overload
    def is_after(self, other: DateOfPatient) -> Truth: ...
    @overload
    def is_after(self, other: DateEventSeries) -> BoolEventSeries: ...
    def is_after(self, other: Any) -> Any:
        """Whether the date is later than another; NULL where either is NULL.

            patients.date_of_death.is_after(INTERVAL.start_date)

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return self > other

    @overload
    def is_on_or_after(self, other: DateOfPatient) -> Truth: ...
    @overload
    def is_on_or_after(self, other: DateEventSeries) -> BoolEventSeries: ...
    def is_on_or_after(self, other: Any) -> Any:
        """Whether the date is not earlier than another; NULL where either is NULL.

            clinical_events.date.is_on_or_after("2019-04-01")

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return self >= other

    @overload
    def is_between_but_not_on(  # type: ignore[overload-overlap]
        self,
        start: DateOfPatient,
        end: DateOfPatient,
    ) -> Truth: ...
    @overload
    def is_between_but_not_on(
        self,
        start: AnyDate,
        end: AnyDate,
    ) -> BoolEventSeries: ...
    def is_between_but_not_on(self, start: Any, end: Any) -> Any:
        """Whether the date lies between two others and is neither.

        False where one end says so, even if the other is NULL; else NULL where one of
        the three is.

            clinical_events.date.is_between_but_not_on("2019-04-01", "2020-04-01")

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return (self > start) & (self < end)

    @overload
    def is_on_or_between(  # type: ignore[overload-overlap]
        self,
        start: DateOfPatient,
        end: DateOfPatient,
    ) -> Truth: ...
    @overload
    def is_on_or_between(
        self,
        start: AnyDate,
        end: AnyDate,
    ) -> BoolEventSeries: ...
    def is_on_or_between(self, start: Any, end: Any) -> Any:
        """Whether the date lies between two others or is one of them.

        False where one end says so, even if the other is NULL; else NULL where one of
        the three is.

            clinical_events.date.is_on_or_between("2019-04-01", "2020-03-31")

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return (self >= start) & (self <= end)

    @overload
    def is_during(  # type: ignore[overload-overlap]
        self, interval: Span
    ) -> Truth: ...
    @overload
    def is_during(self, interval: tuple[AnyDate, AnyDate]) -> BoolEventSeries: ...
    def is_during(self, interval: Any) -> Any:
        """Whether the date lies in an interval, both ends included.

        The interval is INTERVAL or a pair of dates. False where one end says so, even
        if the other is NULL; else NULL where one of the three is.

            clinical_events.date.is_during(INTERVAL)

        Raises TypeError for what is no pair of dates.
        """
        start, end = pair_of_dates(interval, "is_during")
        return self.is_on_or_between(start, end)

    @overload
    def __add__(self, other: Duration[int] | Duration[IntPatientSeries]) -> Own: ...
    @overload
    def __add__(self, other: Duration[IntEventSeries]) -> DateEventSeries: ...
    def __add__(self, other: Any) -> Any:
        """A later date; NULL where the date or the number is NULL.

            clinical_events.date + months(6)

        Raises TypeError for what is no duration.
        """
        return move(self, self._duration(other), "add")

    if not TYPE_CHECKING:
        # Of a duration and a date Python asks the duration; this is for its message.
        __radd__ = __add__

    @overload
    def __sub__(self, other: Duration[int] | Duration[IntPatientSeries]) -> Own: ...
    @overload
    def __sub__(self, other: Duration[IntEventSeries]) -> DateEventSeries: ...
    @overload
    def __sub__(self, other: DateOfPatient) -> DateDifference[Whole]: ...
    @overload
    def __sub__(self, other: DateEventSeries) -> DateDifference[IntEventSeries]: ...
    def __sub__(self, other: Any) -> Any:
        """An earlier date, or the time between two dates; NULL where either is NULL.

            clinical_events.date - days(14)
            (clinical_events.date - patients.date_of_birth).years

        Raises TypeError for what is neither a duration nor a date.
        """
        if isinstance(other, Duration) or type(other) is int:
            return move(self, -self._duration(other), "subtract")
        return DateDifference(operand(other, datetime.date), self.node)

    def __rsub__(self, other: datetime.date | str) -> DateDifference[Whole]:
        return DateDifference(self.node, operand(other, datetime.date))

    @staticmethod
    def _duration(other: Any) -> Duration[Any]:
        if isinstance(other, Duration):
            return other
        got = called(other)
        if isinstance(other, BaseSeries):
            got = f"a series of {name_of(other.node.type)}"
        raise TypeError(f"only a duration moves a date, such as days(5); got {got}")


@register(datetime.date)
class DateEventSeries(
    DateMethods["DateEventSeries", BoolEventSeries, IntEventSeries],
    ComparableAggregates["DatePatientSeries"],
):
    """A date, or NULL, for each row."""

    __slots__ = ()

    def count_episodes_for_patient(
        self, maximum_gap: Duration[int]
    ) -> IntPatientSeries:
        """How many episodes the dates form; a gap of more than `maximum_gap` begins
        another.

        The gap is `days(n)` or `weeks(n)`. Never NULL: rows without a date are left
        out, and of nothing it is 0.

            clinical_events.date.count_episodes_for_patient(days(14))

        Raises TypeError for anything else than days or weeks, ValueError for a gap
        below 0.
        """
        longest = _days_of_gap(maximum_gap)
        number: IntPatientSeries = self._aggregate("count_episodes", longest)
        return number

    def days_covered_for_patient(
        self,
        end: AnyDate,
        interval: Span,
    ) -> IntPatientSeries:
        """How many days of an interval lie in any of the spells that go from these
        dates to the dates `end`.

        First and last days count, and days in several spells count once. A spell
        without an end is open; one without a start, or that ends before it starts,
        covers nothing. An int, never NULL. Beyond ehrQL.

            apcs.admission_date.days_covered_for_patient(apcs.discharge_date, INTERVAL)

        Raises TypeError for what is no date, or no pair of dates.
        """
        first, last = (
            wrap(operand(date, datetime.date))
            for date in pair_of_dates(interval, "days_covered_for_patient")
        )
        ends = wrap(operand(end, datetime.date))
        clipped_start = build_case([(self <= first, first), (self > first, self)], None)
        clipped_end = build_case([(ends < last, ends)], last)
        spell = nodes.Call("spell", (clipped_start.node, clipped_end.node))
        number: IntPatientSeries = wrap(nodes.Aggregate("days_covered", spell))
        return number

    def nights_by_start_for_patient(self, end: DateEventSeries) -> IntPatientSeries:
        """Of each of these dates the longest spell to one of the dates `end`, in
        nights; their sum.

        A spell without an end, or a start, is left out. An int, never NULL. Beyond
        ehrQL.

            apcs.admission_date.nights_by_start_for_patient(apcs.discharge_date)

        Raises TypeError for what is no date.
        """
        spell = nodes.Call("spell", (self.node, operand(end, datetime.date)))
        number: IntPatientSeries = wrap(nodes.Aggregate("nights_by_start", spell))
        return number


@register(datetime.date)
class DatePatientSeries(
    DateMethods["DatePatientSeries", BoolPatientSeries, IntPatientSeries],
    PatientSeries,
):
    """A date, or NULL, once per patient."""

    __slots__ = ()


# What a method takes for a date of which each patient has one, for any date, and for
# two dates of each patient.
DateOfPatient = datetime.date | str | DatePatientSeries
AnyDate = DateOfPatient | DateEventSeries
Span = Interval | tuple[DateOfPatient, DateOfPatient]


def _days_of_gap(gap: Any) -> int:
    """The days of a plain number of days or weeks; TypeError or ValueError otherwise."""
    if not isinstance(gap, Duration) or gap.unit not in ("days", "weeks"):
        raise TypeError("count_episodes_for_patient needs days(n) or weeks(n)")
    if isinstance(gap.value, BaseSeries):
        raise TypeError(
            "count_episodes_for_patient needs a plain number of days or weeks, not a "
            "series"
        )
    if gap.value < 0:
        raise ValueError(f"a gap must not be negative, got {gap.value} {gap.unit}")
    days_of_unit = UNITS[gap.unit][1]
    return gap.value * days_of_unit
