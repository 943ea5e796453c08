"""Released numbers and dates as people read them: three digits, ends outward, days in
words.
"""

import datetime
import functools
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal

DIGITS = 3
WITHHELD = "[c]"
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August",
    "September", "October", "November", "December",
)  # fmt: skip


def middle(value: float, times: int = 1) -> float:
    """`value` times `times`, with three digits."""
    return float(_rounded(value, times, ROUND_HALF_EVEN))


def lower(value: float, times: int = 1) -> float:
    """The same, rounded down: the lower end of a range stays a lower end."""
    return float(_rounded(value, times, ROUND_FLOOR))


def upper(value: float, times: int = 1) -> float:
    """The same, rounded up."""
    return float(_rounded(value, times, ROUND_CEILING))


# A page rounds the same rates again for chart, table and sentence: five times as many
# calls as values.
@functools.lru_cache(maxsize=65_536)
def _rounded(value: float, times: int, how: str) -> Decimal:
    # by way of its shortest text, for 0.0079 is no binary fraction and would round past
    # itself
    exact = Decimal(repr(float(value))) * times
    if not exact:
        return exact
    return exact.quantize(Decimal(1).scaleb(exact.adjusted() - DIGITS + 1), how)


def number(value: float | None) -> str:
    """A number with at most three digits, as `8.13` or `1,230`; the mark of what is
    withheld for None.
    """
    if value is None:
        return WITHHELD
    if value == int(value):
        return f"{int(value):,}"
    text = format(Decimal(repr(value)), "f")
    return f"{float(text):,}" if abs(value) >= 1000 else text


def count(value: int | None) -> str:
    """A released count, as `18,770`."""
    return WITHHELD if value is None else f"{value:,}"


def day(date: datetime.date) -> str:
    """As `1 April 2019`."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def plural(number: int, one: str, many: str = "") -> str:
    """As `1 period`, `166 periods`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def period(start: datetime.date, end: datetime.date) -> str:
    """A period in words: a month by its name, a week by its first day, else from and
    to.
    """
    after = end + datetime.timedelta(1)
    if start.day == after.day == 1:
        months = 12 * (after.year - start.year) + after.month - start.month
        if months == 1:
            return f"{MONTHS[start.month - 1]} {start.year}"
        if months == 12 and start.month == 1:
            return str(start.year)
    if (after - start).days == 7:
        return f"the week from {day(start)}"
    if start == end:
        return day(start)
    return f"{day(start)} to {day(end)}"


def rhythm(intervals: list[tuple[datetime.date, datetime.date]]) -> str:
    """How long the periods are, in one word: week, month, year, day; else period."""
    for word, fits in RHYTHMS.items():
        if all(fits(start, end + datetime.timedelta(1)) for start, end in intervals):
            return word
    return "period"


RHYTHMS = {
    "day": lambda start, after: (after - start).days == 1,
    "week": lambda start, after: (after - start).days == 7,
    "month": lambda start, after: start.day == after.day and _months(start, after) == 1,
    "quarter": lambda start, after: (
        start.day == after.day and _months(start, after) == 3
    ),
    "year": lambda start, after: start.day == after.day and _months(start, after) == 12,
}


def _months(start: datetime.date, after: datetime.date) -> int:
    return 12 * (after.year - start.year) + after.month - start.month
