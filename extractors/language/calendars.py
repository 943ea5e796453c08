"""Intervals that calendars know: quarters and the weeks of ISO 8601."""

import datetime
import re
from typing import Any

from extractors.language.base import called
from extractors.language.durations import months, shift, weeks
from extractors.language.literals import parse_date

Interval = tuple[datetime.date, datetime.date]
WEEK = re.compile(r"(\d{4})-?W(\d{2})")
MONTHS = 3


class Quarters:
    """So many quarters; `starting_on` or `ending_on` says which."""

    _called = "quarters without their .starting_on(…)"

    def __init__(self, count: int):
        self.count = _number(count, "quarters")

    def starting_on(self, date: datetime.date | str) -> list[Interval]:
        """Consecutive quarters, both ends inclusive, the first starting on `date`,
        which any day may be.

            quarters(8).starting_on("2019-01-01")

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        return _joined(months(MONTHS * self.count).starting_on(date))

    def ending_on(self, date: datetime.date | str) -> list[Interval]:
        """Consecutive quarters, both ends inclusive, the last ending on `date`.

            quarters(8).ending_on("2020-12-31")

        Raises TypeError for what is no date, ValueError for a text that is none.
        """
        after = as_date(date) + datetime.timedelta(days=1)
        return self.starting_on(shift(after, -MONTHS * self.count, "months"))


def quarters(count: int) -> Quarters:
    """So many intervals of three months each. Beyond ehrQL.

        quarters(8).starting_on("2019-01-01")

    Raises TypeError for what is no whole number, ValueError for one below 1.
    """
    return Quarters(count)


def as_date(date: Any) -> datetime.date:
    """A plain date, or a text that is one; TypeError or ValueError for what is none."""
    if isinstance(date, str):
        return parse_date(date)
    if type(date) is not datetime.date:
        raise TypeError(f"expected a date, got {called(date)}")
    return date


class IsoWeeks:
    """So many weeks from Monday to Sunday; `starting_on` says which."""

    _called = "iso_weeks without their .starting_on(…)"

    def __init__(self, count: int):
        self.count = _number(count, "iso_weeks")

    def starting_on(self, week: str) -> list[Interval]:
        """Consecutive weeks, the first being `week`, written as 2019-W14.

            iso_weeks(52).starting_on("2019-W14")

        Raises ValueError for what is no week, TypeError for what is no text.
        """
        if not isinstance(week, str):
            raise TypeError(f"a week is written as 2019-W14, got {called(week)}")
        found = WEEK.fullmatch(week)
        if not found:
            raise ValueError(f"a week is written as 2019-W14, got {week!r}")
        try:
            monday = datetime.date.fromisocalendar(int(found[1]), int(found[2]), 1)
        except ValueError:
            raise ValueError(
                f"there is no week {week!r}; a year has 52 of them or 53"
            ) from None
        return list(weeks(self.count).starting_on(monday))


def iso_weeks(count: int) -> IsoWeeks:
    """So many weeks from Monday to Sunday, as ISO 8601 counts them. Beyond ehrQL.

        iso_weeks(52).starting_on("2019-W14")

    Raises TypeError for what is no whole number, ValueError for one below 1.
    """
    return IsoWeeks(count)


def _joined(each_month: list[Interval]) -> list[Interval]:
    firsts, lasts = each_month[::MONTHS], each_month[MONTHS - 1 :: MONTHS]
    return [(first[0], last[1]) for first, last in zip(firsts, lasts, strict=True)]


def _number(count: Any, name: str) -> int:
    if type(count) is not int:
        raise TypeError(f"{name} needs a whole number, got {called(count)}")
    if count < 1:
        raise ValueError(f"{name} needs a number of at least 1, got {count}")
    return count
