"""What each operation and aggregate means, as plain Python on plain values; NULL is
None.

Facts: extractors/language/SEMANTICS.md#operations-by-type, quoted where they surprise.
"""

import calendar
import math
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import wraps
from typing import Any


def strict(function: Callable) -> Callable:
    """NULL in, NULL out."""

    @wraps(function)
    def wrapped(*arguments: Any) -> Any:
        return (
            None
            if any(argument is None for argument in arguments)
            else function(*arguments)
        )

    return wrapped


def within_64_bits(function: Callable) -> Callable:
    """NULL instead of a whole number that 64 bits do not hold."""

    @wraps(function)
    def wrapped(*arguments: Any) -> Any:
        try:
            result = function(*arguments)
        except (
            OverflowError,
            ValueError,
        ):  # a whole number out of an infinite one, or out of none
            return None
        return (
            None
            if isinstance(result, int) and not -(2**63) <= result < 2**63
            else result
        )

    return wrapped


def placed(value: Any) -> tuple:
    """Sorts as values do: NaN is equal to itself and above all other numbers."""
    return (True, 0.0) if value != value else (False, value)


# bool ---------------------------------------------------------------------------------


def kleene_and(a: bool | None, b: bool | None) -> bool | None:
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def kleene_or(a: bool | None, b: bool | None) -> bool | None:
    if a is True or b is True:
        return True
    return None if a is None or b is None else False


# any type -----------------------------------------------------------------------------


def present(values: Sequence[Any]) -> list[Any]:
    return [value for value in values if value is not None]


def coalesce(*values: Any) -> Any:
    return next(iter(present(values)), None)


def is_in(value: Any, members: frozenset) -> bool | None:
    """An empty container answers False even for NULL."""
    if not members:
        return False
    return None if value is None else placed(value) in map(placed, members)


def case(*arguments: Any) -> Any:
    """Condition, value, condition, value, …, default: the first True wins, NULL falls
    through.
    """
    *pairs, default = arguments
    for condition, value in zip(pairs[0::2], pairs[1::2], strict=True):
        if condition is True:
            return value
    return default


def maximum_of(*values: Any) -> Any:
    return max(present(values), default=None, key=placed)


def minimum_of(*values: Any) -> Any:
    return min(present(values), default=None, key=placed)


# numbers ------------------------------------------------------------------------------


@strict
def divide(a: float, b: float) -> float | None:
    return None if b == 0 else float(a) / float(b)


@within_64_bits
@strict
def floor_divide(a: float, b: float) -> int | None:
    """Always an int, towards minus infinity."""
    if b == 0:
        return None
    return a // b if isinstance(a, int) and isinstance(b, int) else math.floor(a / b)


@strict
def power(base: float, exponent: float) -> float | None:
    """Always a float; NULL where complex or 0 to a negative power."""
    if base == 0 and exponent < 0:
        return None
    base, exponent = float(base), float(exponent)
    if base < 0 and math.isfinite(exponent) and not exponent.is_integer():
        return None
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return -math.inf if base < 0 and exponent % 2 == 1 else math.inf


# strings ------------------------------------------------------------------------------


@strict
def word_begins(text: str, words: str) -> bool:
    """Letter by letter: a word begins behind each character that is neither letter nor
    digit.
    """
    wanted = "".join(each if is_plain(each) else " " for each in words).split()
    places = [place + 1 for place, each in enumerate(text) if not is_plain(each)]
    return any(text.startswith(word, place) for place in places for word in wanted)


def is_plain(character: str) -> bool:
    return character.isascii() and character.isalnum()


# dates --------------------------------------------------------------------------------


@strict
def add_days(day: date, count: int) -> date | None:
    """NULL outside the years 1 to 9999."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return None


@strict
def add_months(day: date, count: int) -> date | None:
    """A day that does not exist rolls forward to the 1st of the next month; NULL
    outside 1..9999.
    """
    year, month = divmod(day.year * 12 + (day.month - 1) + count, 12)
    month += 1
    if not 1 <= year <= 9999:
        return None
    if day.day <= calendar.monthrange(year, month)[1]:
        return date(year, month, day.day)
    # December has all 31 days, so there is a next month
    return date(year, month + 1, 1)


@strict
def months_between(start: date, end: date) -> int:
    """One less if the day of the month has not been reached."""
    months = (end.year - start.year) * 12 + (end.month - start.month)
    return months - 1 if end.day < start.day else months


OPERATIONS: dict[str, Callable] = {
    "and": kleene_and,
    "or": kleene_or,
    "not": strict(lambda a: not a),
    "bool_to_int": strict(int),
    "eq": strict(lambda a, b: placed(a) == placed(b)),
    "ne": strict(lambda a, b: placed(a) != placed(b)),
    "is_null": lambda a: a is None,
    "coalesce": coalesce,
    "in": is_in,
    "case": case,
    "lt": strict(lambda a, b: placed(a) < placed(b)),
    "le": strict(lambda a, b: placed(a) <= placed(b)),
    "gt": strict(lambda a, b: placed(a) > placed(b)),
    "ge": strict(lambda a, b: placed(a) >= placed(b)),
    "maximum_of": maximum_of,
    "minimum_of": minimum_of,
    "add": within_64_bits(strict(lambda *values: sum(values[1:], start=values[0]))),
    "subtract": within_64_bits(strict(lambda a, b: a - b)),
    "multiply": within_64_bits(
        strict(lambda *values: math.prod(values[1:], start=values[0]))
    ),
    "divide": divide,
    "floor_divide": floor_divide,
    "power": power,
    "negate": within_64_bits(strict(lambda a: -a)),
    "absolute": within_64_bits(strict(abs)),
    "to_int": within_64_bits(strict(int)),  # cuts off towards zero: -6.7 -> -6
    "to_float": strict(float),
    "contains": strict(lambda text, part: part in text),
    "word_begins": word_begins,
    "first_characters": strict(lambda text, count: text[: max(count, 0)]),
    "to_text": strict(str),
    "year": strict(lambda day: day.year),
    "month": strict(lambda day: day.month),
    "day": strict(lambda day: day.day),
    "first_of_year": strict(lambda day: day.replace(month=1, day=1)),
    "first_of_month": strict(lambda day: day.replace(day=1)),
    "add_days": add_days,
    "add_months": add_months,
    "days_between": strict(lambda start, end: (end - start).days),
    "months_between": months_between,
    "spell": lambda first, last: (first, last),
}


# aggregates: of a frame they get its rows, of a series its values that are not NULL ----------------


def count_episodes(days: Sequence[date], longest_gap: int) -> int:
    """A gap of exactly the longest continues the episode."""
    ordered = sorted(days)
    gaps = [
        (after - before).days
        for before, after in zip(ordered, ordered[1:], strict=False)
    ]
    return 1 + sum(gap > longest_gap for gap in gaps) if ordered else 0


def quantile(values: Sequence[float], q: float) -> float | None:
    """Between the two values around the place (n - 1) * q, in proportion."""
    if not values:
        return None
    ordered, place = sorted(map(float, values), key=placed), (len(values) - 1) * q
    below, above, share = (
        ordered[math.floor(place)],
        ordered[math.ceil(place)],
        place % 1,
    )
    return below * (1 - share) + above * share if share else below


def days_covered(spells: Sequence[tuple[date | None, date | None]]) -> int:
    """Every day by itself."""
    known = [
        (first, last)
        for first, last in spells
        if first is not None and last is not None
    ]
    return len(
        {
            day
            for first, last in known
            for day in range(first.toordinal(), last.toordinal() + 1)
        }
    )


def nights_by_start(spells: Sequence[tuple[date | None, date | None]]) -> int:
    """Of each first day the longest spell, summed; a spell without an end, or a start,
    is left out.
    """
    longest: dict[date, int] = {}
    for first, last in spells:
        if first is not None and last is not None:
            nights = (last - first).days
            longest[first] = max(longest.get(first, nights), nights)
    return sum(longest.values())


AGGREGATES: dict[str, Callable] = {
    "exists": lambda rows: len(rows) > 0,
    "count": len,
    "minimum": lambda values: min(values, default=None, key=placed),
    "maximum": lambda values: max(values, default=None, key=placed),
    # NULL, not 0, of nothing
    "sum": within_64_bits(lambda values: sum(values) if values else None),
    "mean": lambda values: float(sum(values)) / len(values) if values else None,
    "count_distinct": lambda values: len(set(map(placed, values))),
    "quantile": quantile,
    "count_episodes": count_episodes,
    "days_covered": days_covered,
    "nights_by_start": nights_by_start,
    "set": frozenset,
}
