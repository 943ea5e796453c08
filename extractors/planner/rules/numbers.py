"""Whole numbers that grow or fall with time (an age, days since …) compared with
numbers of the definition.

`age >= 40` is true from one day on: date of birth + 40 years, by the language's rule
that `x + months(n)` is the least y with `(y - x).months == n`. So a comparison of a
number becomes one of dates.
"""

from collections.abc import Iterable

from extractors.model import nodes
from extractors.model.operations import MIRRORED
from extractors.planner.motion import Known, Motion, Tip, dates_of

BETWEEN = {"months_between": "add_months", "days_between": "add_days"}
LARGEST = 10_000_000  # days or months; beyond, a date would leave the calendar by far


def numbers(node: nodes.Node, known: Known) -> Motion | None:
    match node:
        case nodes.Call(
            operation="in", arguments=(number, nodes.Values(of=of, values=values))
        ) if of is int:
            whole = [value for value in values if isinstance(value, int)]
            ends = {value + 1 for value in whole}
            return _tipping(number, ends.union(whole), known)
        case nodes.Call(
            operation=operation,
            arguments=(number, nodes.Literal(of=of, value=int() as value)),
        ) if of is int:
            return _tipping(number, _thresholds(operation, value), known)
        case nodes.Call(
            operation=operation,
            arguments=(nodes.Literal(of=of, value=int() as value), number),
        ) if of is int:
            return _tipping(
                number, _thresholds(MIRRORED.get(operation, ""), value), known
            )
    return None


def _thresholds(operation: str, value: int) -> set[int]:
    """The numbers t for which the comparison changes where `number >= t` does."""
    return {"lt": {value}, "ge": {value}, "le": {value + 1}, "gt": {value + 1}}.get(
        operation, {value, value + 1} if operation in ("eq", "ne") else set()
    )


def _tipping(
    number: nodes.Series, thresholds: Iterable[int], known: Known
) -> Motion | None:
    found = [_reaching(number, threshold, known) for threshold in thresholds]
    if not found or any(motion is None for motion in found):
        return None
    return Motion(
        frozenset().union(*(motion.tips for motion in found if motion)),
        "number compared with another",
    )


def _reaching(number: nodes.Series, t: int, known: Known) -> Motion | None:
    """Where `number >= t` changes. Every step goes from the number to one of those that
    it is made of.
    """
    while isinstance(number, nodes.Call) and abs(t) <= LARGEST:
        match number:
            case nodes.Call(
                operation="floor_divide", arguments=(y, nodes.Literal(value=int() as n))
            ) if n > 0:
                number, t = y, t * n
            case nodes.Call(
                operation="add", arguments=(y, nodes.Literal(value=int() as n))
            ):
                number, t = y, t - n
            case nodes.Call(
                operation="add", arguments=(nodes.Literal(value=int() as n), y)
            ):
                number, t = y, t - n
            case nodes.Call(
                operation="subtract", arguments=(y, nodes.Literal(value=int() as n))
            ):
                number, t = y, t + n
            case nodes.Call(
                operation="subtract", arguments=(nodes.Literal(value=int() as n), y)
            ):
                number, t = y, n - t + 1
            case nodes.Call(operation="negate", arguments=(y,)):
                number, t = y, 1 - t
            case nodes.Call(operation=operation, arguments=(start, end)) if (
                operation in BETWEEN
            ):
                return _between(BETWEEN[operation], start, end, t, known)
            case _:
                return None
    return None


def _between(
    shift: str, start: nodes.Series, end: nodes.Series, t: int, known: Known
) -> Motion | None:
    """`end - start >= t` changes where `end` reaches `start + t`."""
    count = nodes.Literal(t, int)
    if known[end].moment and known[start].steps:
        found = dates_of(start, known) or []
        tips = {
            Tip(end, date=nodes.Call(shift, (each, count)), rows=rows)
            for rows, each in found
        }
        return Motion(known[start].tips | tips) if found else None
    if known[start].moment and known[end].steps:
        found = dates_of(end, known) or []
        moment = nodes.Call(shift, (start, count))
        tips = {Tip(moment, date=each, rows=rows, passed=True) for rows, each in found}
        return Motion(known[end].tips | tips) if found else None
    return None
