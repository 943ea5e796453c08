# mypy: ignore-errors
"""Values of the old language in plain Python: how they are true, divided, ordered and
moved.
"""

import calendar
from datetime import date, timedelta


class Imd(int):
    """A rank, of which -1 is none and 0 is one."""

    def __bool__(self):
        return self != -1


class Whole(int):
    """A whole number as the old database divides it."""

    def __truediv__(self, other):
        if isinstance(other, float):
            return float(self) / other
        return Whole(
            abs(int(self)) // abs(int(other)) * (1 if (self < 0) == (other < 0) else -1)
        )

    def __add__(self, other):
        return (
            other + float(self)
            if isinstance(other, float)
            else Whole(int(self) + int(other))
        )

    def __sub__(self, other):
        return (
            float(self) - other
            if isinstance(other, float)
            else Whole(int(self) - int(other))
        )

    def __mul__(self, other):
        return (
            float(self) * other
            if isinstance(other, float)
            else Whole(int(self) * int(other))
        )


def truth(value):
    return bool(value)


class Category(str):
    """Of several rows on a day the one with the greatest code counts for the last, with
    the least for the first.
    """

    def __new__(cls, category, code):
        made = super().__new__(cls, category)
        made.code = code
        return made


class Ident(str):
    """Of several stays from a day the one with the smaller number counts."""

    def __new__(cls, value, rank):
        made = super().__new__(cls, value or "")
        made.code = rank
        return made


def order(value):
    """What decides between rows of a day; nothing is least."""
    return (
        value is not None,
        getattr(value, "code", value) if value is not None else 0,
    )


def entry_begins(text, codes):
    places = [place for place in range(1, len(text)) if not text[place - 1].isalnum()]
    return any(text.startswith(code, place) for place in places for code in codes)


def whole_time(day, function):
    end, _, what = function.partition("_day_of_")
    first = {
        "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
        "nhs_financial_year": date(day.year if day.month >= 4 else day.year - 1, 4, 1),
    }[what]
    if end == "first":
        return first
    return moved(first, 1 if what == "month" else 12, "months") - timedelta(days=1)


def moved(day, count, unit):
    if unit.startswith("day"):
        return day + timedelta(days=count)
    months = (
        day.year * 12 + day.month - 1 + count * (12 if unit.startswith("year") else 1)
    )
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
