"""How what was computed from a value is brought to a constant: by computing backwards."""

import datetime
from collections.abc import Callable, Iterator
from math import ceil, floor

from extractors.model import nodes
from extractors.trial.days import number
from extractors.trial.witnesses.goals import Compare, Goals
from extractors.trial.witnesses.resolving import least_days, most_days
from extractors.trial.witnesses.terms import At, Scope, fixed

Ways = Iterator[Goals]
YEARS = range(2035, 1899, -1)
SPLIT = {"ne": ("lt", "gt")}
MIRRORED = {"lt": "gt", "le": "ge", "gt": "lt", "ge": "le", "eq": "eq", "ne": "ne"}


def inverted(operation: str, left: At, constant: float) -> Ways | None:
    """Ways to reach `f(x) operation constant` by what x must be; None where unknown."""
    series, scope = left.series, left.scope
    if not isinstance(series, nodes.Call) or series.operation not in INVERSES:
        return None
    if operation == "ne":
        return _either(series, scope, constant)
    return INVERSES[series.operation](operation, series, scope, constant)


def _either(call: nodes.Call, scope: Scope, constant: float) -> Ways:
    for operation in ("gt", "lt"):
        yield (Compare(operation, At(call, scope), fixed(constant)),)


def _stepped(operation: str, first: Callable[[int], float], count: int) -> list[tuple[str, float]]:
    """What x must be, where f(x) is n from `first(n)` until before `first(n + 1)`."""
    here, after = first(count), first(count + 1)
    return {
        "ge": [("ge", here)],
        "gt": [("ge", after)],
        "lt": [("lt", here)],
        "le": [("lt", after)],
        "eq": [("ge", here), ("lt", after)],
    }[operation]


def _floor_divide(operation: str, call: nodes.Call, scope: Scope, constant: float) -> Ways:
    value, divisor = call.arguments
    by = _number(divisor)
    if by is None or by <= 0:
        return
    count = floor(constant)
    steps = _stepped(operation, lambda n: n * by, count)
    yield tuple(Compare(op, At(value, scope), fixed(n)) for op, n in steps)


def _months_between(operation: str, call: nodes.Call, scope: Scope, constant: float) -> Ways:
    """In days; a few days are given away, so that it holds whatever the months."""
    count = floor(constant)
    days = At(nodes.Call("days_between", call.arguments), scope)
    bounds = {
        "ge": [("ge", most_days(count))],
        "gt": [("ge", most_days(count + 1))],
        "lt": [("lt", least_days(count))],
        "le": [("lt", least_days(count + 1))],
        "eq": [("ge", most_days(count)), ("lt", least_days(count + 1))],
    }[operation]
    yield tuple(Compare(op, days, fixed(n)) for op, n in bounds)


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
        last = number(datetime.date(year + months[-1] // 12, months[-1] % 12 + 1, 1)) - 1
        yield Compare("ge", date, fixed(first)), Compare("le", date, fixed(last))


def _number(series: nodes.Series) -> float | None:
    value = series.value if isinstance(series, nodes.Literal) else None
    return value if isinstance(value, int | float) else None


INVERSES: dict[str, Callable[[str, nodes.Call, Scope, float], Ways]] = {
    "floor_divide": _floor_divide,
    "months_between": _months_between,
    "multiply": _multiply,
    "divide": _divide,
    "absolute": _absolute,
    "year": _year,
    "month": _month,
}
