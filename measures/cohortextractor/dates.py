"""Dates as the old language writes them: a day, a name, or a name that is moved.

    index_date    first_day_of_month(index_date) - 3 months    first_event + 30 days

What hangs on the index date is computed in advance, and a day that does not exist is a
mistake; what hangs on a column is computed for each patient, and such a day becomes the
last one of its month.
"""

import datetime
import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from extractors.model import nodes
from measures.cohortextractor import making
from measures.cohortextractor.asked import Wrong
from measures.cohortextractor.columns import YEAR, Column
from measures.cohortextractor.making import Series, call

Day = datetime.date
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
WRITTEN = re.compile(
    r"\s*(?:(?P<function>\w+)\s*\(\s*(?P<of>[A-Za-z_]\w*)\s*\)|(?P<name>[A-Za-z_]\w*))"
    r"\s*(?:(?P<sign>[+-])\s*(?P<count>\d+)\s*(?P<unit>[A-Za-z]+)\s*)?"
)
UNITS = {"day": 0, "days": 0, "month": 1, "months": 1, "year": 12, "years": 12}
# A year of its own -> the month in which it begins.
YEARS = {"year": 1, "nhs_financial_year": 4, "school_year": 9}
SPANS = ("month", "year", "nhs_financial_year", "school_year")
FUNCTIONS = [f"{end}_day_of_{what}" for end, what in product(("first", "last"), SPANS)]
FORM = (
    "YYYY-MM-DD, index_date, today, an earlier date column, or one of these as in "
    "'index_date - 3 months'"
)


@dataclass(frozen=True)
class Calendar:
    """The dates that a study's expressions start from."""

    # the index dates of all periods; none: the study has no index date
    index: tuple[Day, ...] = ()
    # whether the index date is that of the period, rather than one day
    moves: bool = False
    # what "today" means: the day of the run
    today: Day = field(default_factory=datetime.date.today)


@dataclass(frozen=True)
class Written:
    """A date expression taken apart: `index_date - 3 months`."""

    # `index_date`
    name: str
    # of the name; empty for none
    function: str = ""
    # how far it is moved, in days or months
    count: int = 0
    # `months`
    unit: str = ""

    @property
    def months(self) -> int:
        return self.count * UNITS[self.unit] if self.unit else 0


def day_of(text: Any) -> Day:
    """A plain day, YYYY-MM-DD."""
    if isinstance(text, str) and ISO.fullmatch(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            raise Wrong(f"there is no day {text}") from None
    raise Wrong(f"a date is {FORM}; got {text!r}")


def taken_apart(text: Any) -> Written | Day:
    """An expression in its parts; Wrong where it is none."""
    if not isinstance(text, str) or re.match(r"\s*\d", text):
        return day_of(text.strip() if isinstance(text, str) else text)
    found = WRITTEN.fullmatch(text)
    if not found:
        raise Wrong(f"a date is {FORM}, with one operator; got {text!r}")
    function, unit = found["function"] or "", found["unit"] or ""
    if function and function not in FUNCTIONS:
        raise Wrong(
            f"there is no function {function!r} of dates; there are "
            f"{', '.join(FUNCTIONS)}"
        )
    if unit and unit not in UNITS:
        raise Wrong(f"dates are moved by days, months or years, not by {unit!r}")
    count = int(found["count"] or 0) * (-1 if found["sign"] == "-" else 1)
    return Written(found["of"] or found["name"], function, count, unit)


def moment(text: Any, calendar: Calendar, columns: Callable[[str], Column]) -> Series:
    """The date that an expression means, for each patient; NULL where its column has no
    value.

    `columns` gives an earlier column by its name. Raises Wrong for what is no date.
    """
    written = taken_apart(text)
    if isinstance(written, datetime.date):
        return making.literal(written)
    if written.name == "today":
        return making.literal(_reckoned(written, calendar.today))
    if written.name == "index_date":
        return _of_index(written, calendar)
    return _of_column(written, columns(written.name))


def plain_day(text: Any, calendar: Calendar) -> Day:
    """A date that hangs on no column; Wrong otherwise."""
    found = moment(text, calendar, _no_column)
    if not isinstance(found, nodes.Literal):
        raise Wrong(f"{text!r} must be one day for everybody")
    assert isinstance(found.value, datetime.date)
    return found.value


def _no_column(name: str) -> Column:
    raise Wrong(f"{name!r} is no date that is known in advance")


# of the index date ------------------------------------------------------------------


def _of_index(written: Written, calendar: Calendar) -> Series:
    if not calendar.index:
        raise Wrong(
            "index_date is used, and the study has none; add index_date=… to "
            "StudyDefinition"
        )
    days = [_reckoned(written, day) for day in calendar.index]
    if not calendar.moves:
        return making.literal(days[0])
    start: Series = nodes.Parameter("interval_start")
    if written.function:
        start = _start_or_end(start, written.function)
    return _moved(start, written)


def _reckoned(written: Written, day: Day) -> Day:
    """In Python, for a day that is known."""
    if written.function:
        day = _first_or_last(day, written.function)
    try:
        if not written.months:
            return day + datetime.timedelta(days=written.count)
        year, month = divmod(day.year * 12 + day.month - 1 + written.months, 12)
        return day.replace(year=year, month=month + 1)
    except (ValueError, OverflowError):
        moved = f"{day} {written.count:+d} {written.unit}"
        raise Wrong(f"there is no day {moved}; choose another index date") from None


def _first_or_last(day: Day, function: str) -> Day:
    end, _, what = function.partition("_day_of_")
    if what == "month":
        first = day.replace(day=1)
        return (
            first
            if end == "first"
            else day.replace(day=monthrange(day.year, day.month)[1])
        )
    begins = YEARS[what]
    year = day.year - (day.month < begins)
    if end == "first":
        return datetime.date(year, begins, 1)
    return datetime.date(year + 1, begins, 1) - datetime.timedelta(days=1)


# of each patient's own date -----------------------------------------------------------


def _of_column(written: Written, found: Column) -> Series:
    if found.kind != "date":
        raise Wrong(f"{written.name!r} is no date; it is of the type {found.kind}")
    if found.precision == YEAR:
        raise Wrong(
            f"{written.name!r} has only a year; give it date_format='YYYY-MM-DD'"
        )
    if written.function.endswith("school_year"):
        raise Wrong(f"{written.function} takes index_date or today, no column")
    day = found.node
    if written.function:
        day = _start_or_end(day, written.function)
    if not written.months:
        return _moved(day, written)
    return _within_month(day, written.months)


def _start_or_end(day: Series, function: str) -> Series:
    end, _, what = function.partition("_day_of_")
    first, length = call("first_of_month", day), 1
    if what != "month":
        first, length = _first_of_year(day, YEARS[what]), 12
    return first if end == "first" else _days_later(_months_later(first, length), -1)


def _first_of_year(day: Series, begins: int) -> Series:
    if begins == 1:
        return call("first_of_year", day)
    earlier = _months_later(call("first_of_month", day), 1 - begins)
    return _months_later(call("first_of_year", earlier), begins - 1)


def _moved(day: Series, written: Written) -> Series:
    if written.months:
        return _months_later(day, written.months)
    return _days_later(day, written.count) if written.count else day


def _within_month(day: Series, months: int) -> Series:
    """The model goes on to the first of the next month where the old language takes the
    last of this one.
    """
    month = call("first_of_month", day)
    last = _days_later(_months_later(month, months + 1), -1)
    return call("minimum_of", _months_later(day, months), last)


def _days_later(day: Series, count: int) -> Series:
    return call("add_days", day, making.literal(count))


def _months_later(day: Series, count: int) -> Series:
    return call("add_months", day, making.literal(count))


# periods ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Period:
    """The days of a match, both ends included; no end is no bound."""

    # None: from the beginning
    first: Series | None = None
    # None: to the end
    last: Series | None = None

    def holds(self, day: Series) -> tuple[Series, ...]:
        """Conditions on a day; NULL is an undated row, which is after all other
        days.
        """
        if self.first is not None and self.last is None:
            return (call("ge", call("coalesce", day, making.FAR), self.first),)
        conditions = []
        if self.first is not None:
            conditions.append(call("ge", day, self.first))
        if self.last is not None:
            conditions.append(call("le", day, self.last))
        return tuple(conditions)


def period(arguments: Mapping[str, Any], read: Callable[[Any], Series]) -> Period:
    """The bounds among the arguments of a function. `read` makes a date of an
    expression.
    """
    before, after = arguments.get("on_or_before"), arguments.get("on_or_after")
    between = arguments.get("between")
    if between is None:
        return Period(
            first=None if after is None else read(after),
            last=None if before is None else read(before),
        )
    if before is not None or after is not None:
        raise Wrong("between goes with neither on_or_before nor on_or_after")
    if not isinstance(between, list | tuple) or len(between) != 2:
        raise Wrong(f"between is a pair of dates [first, last], not {between!r}")
    return Period(first=read(between[0]), last=read(between[1]))
