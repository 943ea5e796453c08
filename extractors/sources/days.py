"""Dates and moments, whatever they are stored as: the years 1 to 9999, and no time of
day.
"""

import datetime
from collections.abc import Callable

from extractors.sources.reader import (
    Fault,
    Reading,
    Rule,
    cast,
    faulty,
    safe,
    unless_empty,
)

DATES = Rule(
    "not dates (YYYY-MM-DD)", "write dates as YYYY-MM-DD and missing ones as NULL"
)
MIDNIGHT = Rule(
    "dates with a time of day",
    "store dates, or timestamps at midnight (UTC, if they have a time zone)",
)
MOMENTS = Rule("not dates and times (ISO)", "write them as YYYY-MM-DDTHH:MM:SS")
CALENDAR = Rule(
    "dates outside the years 1 to 9999", "write NULL where there is no date"
)
# DuckDB's calendar reaches further than anybody's, and has an infinity; Python's ends
# at 9999.
FIRST, LAST = "DATE '0001-01-01'", "DATE '9999-12-31'"
NANOSECONDS = 86_400_000_000_000  # of a day


def _date(x: str) -> Reading:
    quick = f"min({x}) < {FIRST} OR max({x}) > {LAST}"
    return faulty(x, safe(x), f"{x} NOT BETWEEN {FIRST} AND {LAST}", DATES, quick)


def _date_from_text(x: str) -> Reading:
    # A cast alone would take 2020-1-1, 2020/01/01 and 2020-01-01 10:00, and the year
    # 0000 for 1 BC.
    # Of the calendar's dates, all that is right is what the date gives as text again.
    reading = cast(unless_empty(x), datetime.date)
    inside = f"{reading.lenient} BETWEEN {FIRST} AND {LAST}"
    wrong = f"NOT ({inside} AND CAST({reading.lenient} AS VARCHAR) = {x})"
    return faulty(unless_empty(x), reading, wrong, DATES)


def _date_from_timestamp(x: str) -> Reading:
    moment = _moment_of(x)
    return _date_from_moment(
        x, moment, f"{moment} <> CAST(CAST({moment} AS DATE) AS TIMESTAMP)"
    )


def _date_from_instant(x: str) -> Reading:
    # Read at UTC whatever the session's zone. A midnight of another zone is not one of
    # UTC, so dates that such a zone has shifted are faults and never a day off.
    moment = _moment_of_instant(x)
    return _date_from_moment(
        x, moment, f"{moment} <> CAST(CAST({moment} AS DATE) AS TIMESTAMP)"
    )


def _date_from_nanoseconds(x: str) -> Reading:
    return _date_from_moment(x, _moment_of(x), f"epoch_ns({x}) % {NANOSECONDS} <> 0")


def _date_from_instant_of_nanoseconds(x: str) -> Reading:
    return _date_from_moment(
        x, _moment_of_nanoseconds(x), f"epoch_ns({x}) % {NANOSECONDS} <> 0"
    )


def _date_from_moment(x: str, moment: str, late: str) -> Reading:
    """The day of a moment, which has to be its first."""
    day = f"CAST({moment} AS DATE)"
    outside = f"coalesce({day} NOT BETWEEN {FIRST} AND {LAST}, TRUE)"
    faults = (
        Fault(f"({x} IS NOT NULL AND {outside})", CALENDAR),
        Fault(f"({x} IS NOT NULL AND coalesce({late}, FALSE))", MIDNIGHT),
    )
    return Reading(day, day, faults)


def _moment_of(x: str) -> str:
    """A timestamp of any unit in DuckDB's own; seconds reach further, so these may
    become NULL.
    """
    return f"TRY_CAST({x} AS TIMESTAMP)"


def _moment_of_instant(x: str) -> str:
    return f"make_timestamp(epoch_us({x}))"


def _moment_of_nanoseconds(x: str) -> str:
    return f"make_timestamp(epoch_us(CAST({x} AS TIMESTAMPTZ)))"


def _moment(x: str) -> Reading:
    return safe(_moment_of(x))


def _moment_from_text(x: str) -> Reading:
    reading = cast(unless_empty(x), datetime.datetime)
    return faulty(unless_empty(x), reading, f"{reading.lenient} IS NULL", MOMENTS)


# The type that a column should have, and the family of the one that it has -> how it is
# read.
DAYS: dict[tuple[type, str], Callable[[str], Reading]] = {
    (datetime.date, "date"): _date,
    (datetime.date, "timestamp"): _date_from_timestamp,
    (datetime.date, "nanoseconds"): _date_from_nanoseconds,
    (datetime.date, "instant"): _date_from_instant,
    (datetime.date, "instant of nanoseconds"): _date_from_instant_of_nanoseconds,
    (datetime.date, "text"): _date_from_text,
    (datetime.datetime, "date"): _moment,
    (datetime.datetime, "timestamp"): _moment,
    (datetime.datetime, "nanoseconds"): _moment,
    (datetime.datetime, "instant"): lambda x: safe(_moment_of_instant(x)),
    (datetime.datetime, "instant of nanoseconds"): lambda x: safe(
        _moment_of_nanoseconds(x)
    ),
    (datetime.datetime, "text"): _moment_from_text,
}
