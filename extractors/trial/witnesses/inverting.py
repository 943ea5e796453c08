"""How what was computed from a value is brought to a constant: by computing
backwards.
"""

import datetime
from collections.abc import Callable, Iterator
from contextlib import suppress
from math import ceil, floor

from extractors.model import nodes
from extractors.trial.days import number
from extractors.trial.witnesses.goals import Compare, Goals
from extractors.trial.witnesses.resolving import months_later
from extractors.trial.witnesses.terms import At, Scope, fixed

Ways = Iterator[Goals]
MOST_OFF = 4  # days by which months forward and back may miss the day where they began
YEARS = range(2035, 1899, -1)
MIRRORED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}


def inverted(operation: str, left: At, constant: float) -> Ways | None:
    """Ways to reach `f(x) operation constant` by what x must be; None where unknown."""
    series, scope = left.series, left.scope
    if not isinstance(series, nodes.Call) or series.operation not in INVERSES:
        return None
    if operation == "ne":  # one way or the other
        return _either(series, scope, constant)
    return INVERSES[series.operation](operation, series, scope, constant)


def _either(call: nodes.Call, scope: Scope, constant: float) -> Ways:
    for operation in ("gt", "lt"):
        yield (Compare(operation, At(call, scope), fixed(constant)),)


def _stepped(
    operation: str, first: Callable[[int], float], count: int
) -> list[tuple[str, float]]:
    """What x must be, where f(x) is n from `first(n)` until before `first(n + 1)`."""
    here, after = first(count), first(count + 1)
    return {
        "ge": [("ge", here)],
        "gt": [("ge", after)],
        "lt": [("lt", here)],
        "le": [("lt", after)],
        "eq": [("ge", here), ("lt", after)],
    }[operation]


def _floor_divide(
    operation: str, call: nodes.Call, scope: Scope, constant: float
) -> Ways:
    value, divisor = call.arguments
    by = _number(divisor)
    if by is None or by <= 0:
        return
    count = floor(constant)
    steps = _stepped(operation, lambda n: n * by, count)
    yield tuple(Compare(op, At(value, scope), fixed(n)) for op, n in steps)


def _months_between(
    operation: str, call: nodes.Call, scope: Scope, constant: float
) -> Ways:
    """There are n months from x to y as soon as y is x + n months or later."""
    first, last = call.arguments

    def goal(compared: str, months: int) -> Compare:
        moved = nodes.Call("add_months", (first, nodes.Literal(months, int)))
        return Compare(compared, At(last, scope), At(moved, scope))

    count = floor(constant)
    steps = _stepped(operation, lambda n: n, count)
    yield tuple(goal(compared, int(months)) for compared, months in steps)


def _add_months(
    operation: str, call: nodes.Call, scope: Scope, constant: float
) -> Ways:
    """By the first day that is moved to a given one, or further."""
    date, months = call.arguments
    by = _number(months)
    if by is None:
        return

    def first(day: int) -> float:
        return _first_moved(day, int(by))

    with suppress(OverflowError):  # outside the calendar
        steps = _stepped(operation, first, int(constant))
        yield tuple(Compare(op, At(date, scope), fixed(day)) for op, day in steps)


def _first_moved(day: int, months: int) -> int:
    """The first day that is on or after a given one once it is moved by some months."""
    back = months_later(day, -months)
    if back is None:
        raise OverflowError
    for found in range(back - MOST_OFF, back + MOST_OFF):
        moved = months_later(found, months)
        if moved is not None and moved >= day:
            return found
    return back + MOST_OFF


def _multiply(operation: str, call: nodes.Call, scope: Scope, constant: float) -> Ways:
    for value, factor in (call.arguments, call.arguments[::-1]):
        by = _number(factor)
        if by:
            yield _scaled(operation, At(value, scope), constant / by, by > 0)
            return


def _divide(operation: str, call: nodes.Call, scope: Scope, constant: float) -> Ways:
    value, divisor = call.arguments
    by = _number(divisor)
    if by:
        yield _scaled(operation, At(value, scope), constant * by, by > 0)


def _scaled(operation: str, value: At, constant: float, rising: bool) -> Goals:
    compared = operation if rising else MIRRORED[operation]
    if value.series.type is int and constant != floor(constant):
        whole = {"ge": ceil, "lt": ceil, "le": floor, "gt": floor}.get(compared, floor)
        constant = whole(constant)
    return (Compare(compared, value, fixed(constant)),)


def _absolute(operation: str, call: nodes.Call, scope: Scope, constant: float) -> Ways:
    value = At(call.arguments[0], scope)
    mirrored = MIRRORED[operation]
    if operation in ("lt", "le"):
        ends = ((operation, constant), (mirrored, -constant))
        yield tuple(Compare(op, value, fixed(n)) for op, n in ends)
        return
    yield (Compare(operation, value, fixed(constant)),)
    yield (Compare(mirrored, value, fixed(-constant)),)


def _year(operation: str, call: nodes.Call, scope: Scope, constant: float) -> Ways:
    year = floor(constant)
    if not 1 <= year < datetime.MAXYEAR:
        return
    steps = _stepped(operation, lambda n: number(datetime.date(n, 1, 1)), year)
    date = At(call.arguments[0], scope)
    yield tuple(Compare(op, date, fixed(day)) for op, day in steps)


FITTING: dict[str, Callable[[int, float], bool]] = {
    "ge": lambda month, n: month >= n,
    "gt": lambda month, n: month > n,
    "lt": lambda month, n: month < n,
    "le": lambda month, n: month <= n,
    "eq": lambda month, n: month == n,
}


def _month(operation: str, call: nodes.Call, scope: Scope, constant: float) -> Ways:
    """In some year; the latest first, as earlier ones are less likely to fit."""
    months = [m for m in range(1, 13) if FITTING[operation](m, constant)]
    date = At(call.arguments[0], scope)
    if not months:
        return
    for year in YEARS:
        first = number(datetime.date(year, months[0], 1))
        last = (
            number(datetime.date(year + months[-1] // 12, months[-1] % 12 + 1, 1)) - 1
        )
        yield Compare("ge", date, fixed(first)), Compare("le", date, fixed(last))


def _number(series: nodes.Series) -> float | None:
    value = series.value if isinstance(series, nodes.Literal) else None
    return value if isinstance(value, int | float) else None


INVERSES: dict[str, Callable[[str, nodes.Call, Scope, float], Ways]] = {
    "floor_divide": _floor_divide,
    "months_between": _months_between,
    "add_months": _add_months,
    "multiply": _multiply,
    "divide": _divide,
    "absolute": _absolute,
    "year": _year,
    "month": _month,
}
