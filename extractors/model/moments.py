"""Values that are the same for all people: literals, the ends of INTERVAL, and dates
made of them.
"""

import datetime
from typing import Any

from extractors.model import nodes

Interval = tuple[datetime.date, datetime.date]
MOVING = ("add_days", "add_months")
ROUNDING = ("first_of_month", "first_of_year")


def is_fixed(series: nodes.Series) -> bool:
    """Whether it is known without records, once the interval is."""
    match series:
        case nodes.Literal(value=value):
            return value is not None
        case nodes.Parameter():
            return True
        case nodes.Call(operation=operation) if operation in MOVING + ROUNDING:
            return all(map(is_fixed, series.arguments))
    return False


def value_in(series: nodes.Series, interval: Interval) -> Any:
    """The value that it has in an interval.

    None beyond the years 1 to 9999, where a date is moved by NULL, and for what only
    records tell.
    """
    try:
        return _value(series, interval)
    except (ValueError, OverflowError, TypeError):
        return None


def _value(series: nodes.Series, interval: Interval) -> Any:
    match series:
        case nodes.Literal(value=value) if value is not None:
            return value
        case nodes.Parameter(name=name):
            return interval[nodes.PARAMETERS.index(name)]
        case nodes.Call(operation="first_of_month", arguments=(date,)):
            return _value(date, interval).replace(day=1)
        case nodes.Call(operation="first_of_year", arguments=(date,)):
            return _value(date, interval).replace(month=1, day=1)
        case nodes.Call(operation=operation, arguments=(date, count)) if (
            operation in MOVING
        ):
            return shifted(_value(date, interval), _value(count, interval), operation)
    raise TypeError(f"{series!r} is not known without records")


def shifted(date: datetime.date, count: int, operation: str) -> datetime.date:
    """A date moved by days or months; where a month has no such day, the first of the
    next one comes.

    Raises OverflowError or ValueError beyond the years 1 to 9999.
    """
    if operation == "add_days":
        return date + datetime.timedelta(days=count)
    months_since_0, day = date.year * 12 + date.month - 1 + count, date.day
    year, month = divmod(months_since_0, 12)
    try:
        return datetime.date(year, month + 1, day)
    except ValueError:
        year, month = divmod(months_since_0 + 1, 12)
        return datetime.date(year, month + 1, 1)
