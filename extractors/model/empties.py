"""What a series is worth for a patient of whom nothing is recorded.

A population that is True for such a patient would count everybody there is, so it is refused
(extractors/language/SEMANTICS.md#datasets). Every column is NULL, every frame is empty; what depends on INTERVAL is
unknown, and so is whatever could only be told by computing with it.
"""

import datetime
from collections.abc import Callable, Sequence
from typing import Any

from extractors.model import nodes

UNKNOWN = object()
# all other aggregates are NULL
EMPTY = {"exists": False, "count": 0, "count_distinct": 0, "count_episodes": 0, "days_covered": 0}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": lambda a, b: a == b,
    "ne": lambda a, b: a != b,
    "lt": lambda a, b: a < b,
    "le": lambda a, b: a <= b,
    "gt": lambda a, b: a > b,
    "ge": lambda a, b: a >= b,
    "contains": lambda a, b: b in a,
}


def value_without_rows(series: nodes.Series) -> Any:
    """A Python value, None for NULL, or UNKNOWN."""
    return value_of_absent(series, lambda frame: True)


def value_of_absent(series: nodes.Series, absent: Callable[[nodes.Frame], bool]) -> Any:
    """The value for a patient without a row in those frames that are `absent`, whatever the others hold."""
    known: dict[nodes.Node, Any] = {}
    for node in nodes.walk([series]):
        if isinstance(node, nodes.Series):
            known[node] = _value(node, known, absent)
    return known[series]


def _value(node: nodes.Series, known: dict[nodes.Node, Any], absent: Callable[[nodes.Frame], bool]) -> Any:
    match node:
        case nodes.Literal():
            return node.value
        case nodes.Column(source=frame):
            return None if absent(frame) else UNKNOWN
        case nodes.Aggregate(operation=operation, rows=frame):
            empty: Any = frozenset() if operation == "set" else EMPTY.get(operation)
            return empty if absent(frame) else UNKNOWN
        case nodes.Values():
            return frozenset(node.values)
        case nodes.Call():
            return _call(node.operation, [known[argument] for argument in node.arguments])
    return UNKNOWN


def _call(operation: str, values: Sequence[Any]) -> Any:
    if operation in SPECIAL:
        return SPECIAL[operation](*values)
    if None in values:  # whatever the others are
        return None
    if UNKNOWN in values:
        return UNKNOWN
    return COMPARE[operation](*values) if operation in COMPARE else _arithmetic(operation, values)


def _arithmetic(operation: str, values: Sequence[Any]) -> Any:
    """Numbers that stand in a definition, or counts of nothing, put together; dates are left unknown."""
    if any(isinstance(value, datetime.date | str) for value in values):
        return UNKNOWN
    simple: dict[str, Callable[..., Any]] = {
        "add": lambda a, b: a + b,
        "subtract": lambda a, b: a - b,
        "multiply": lambda a, b: a * b,
        "divide": lambda a, b: a / b if b else None,
        "floor_divide": lambda a, b: a // b if b else None,
        "negate": lambda a: -a,
        "absolute": abs,
        "to_int": int,
        "to_float": float,
        "bool_to_int": int,
    }
    try:
        return _within_64_bits(simple[operation](*values)) if operation in simple else UNKNOWN
    except (OverflowError, ValueError):  # a whole number out of an infinite one, or out of none
        return UNKNOWN


def _within_64_bits(value: Any) -> Any:
    """A larger one could have any number of digits: 28 times squared, 200 million."""
    return UNKNOWN if isinstance(value, int) and not -(2**63) <= value < 2**63 else value


def _and(a: Any, b: Any) -> Any:
    return False if a is False or b is False else UNKNOWN if UNKNOWN in (a, b) else None if None in (a, b) else True


def _or(a: Any, b: Any) -> Any:
    return True if a is True or b is True else UNKNOWN if UNKNOWN in (a, b) else None if None in (a, b) else False


def _not(a: Any) -> Any:
    return a if a is UNKNOWN or a is None else not a


def _is_null(a: Any) -> Any:
    return UNKNOWN if a is UNKNOWN else a is None


def _coalesce(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _in(a: Any, members: Any) -> Any:
    return UNKNOWN if members is UNKNOWN else False if not members else a if a is UNKNOWN or a is None else a in members


def _case(*values: Any) -> Any:
    for condition, value in zip(values[0:-1:2], values[1:-1:2], strict=True):
        if condition is UNKNOWN:
            return UNKNOWN
        if condition is True:
            return value
    return values[-1]


def _extreme(best: Callable[[Any], Any]) -> Callable[..., Any]:
    def choose(*values: Any) -> Any:
        there = [value for value in values if value is not None]
        return UNKNOWN if UNKNOWN in there else best(there) if there else None

    return choose


SPECIAL: dict[str, Callable[..., Any]] = {
    "and": _and,
    "or": _or,
    "not": _not,
    "is_null": _is_null,
    "coalesce": _coalesce,
    "in": _in,
    "case": _case,
    "maximum_of": _extreme(max),
    "minimum_of": _extreme(min),
}
