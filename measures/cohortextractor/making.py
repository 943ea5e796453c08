"""Nodes of the model, made with few words.

The old language has no NULL: a column without a value is 0, "" or -1. The model has
NULL, so a translated value is NULL only inside; `filled` puts the old value there.
"""

import datetime
from collections.abc import Iterable, Sequence

from extractors.model import nodes
from extractors.model.types import Scalar

Series = nodes.Series
Frame = nodes.Frame
DATE = datetime.date
# What an undated row is stored as in the database of the old language.
FAR = nodes.Literal(datetime.date(9999, 12, 31), DATE)
TRUE = nodes.Literal(True, bool)
FALSE = nodes.Literal(False, bool)
NEVER_NULL = ("exists", "count", "count_distinct", "count_episodes", "nights_by_start")
# What is NULL only where an argument is.
STRICT = {
    "not",
    "bool_to_int",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "to_float",
    "to_text",
}


def literal(value: Scalar) -> nodes.Literal:
    return nodes.Literal(value, type(value))


def nothing(of: type) -> nodes.Literal:
    """NULL of a type."""
    return nodes.Literal(None, of)


def call(operation: str, *arguments: Series) -> Series:
    return nodes.Call(operation, arguments)


def column(frame: Frame, name: str) -> Series:
    return nodes.Column(frame, name)


def both(*conditions: Series) -> Series:
    """All of some conditions; True of none."""
    return _joined("and", conditions, TRUE)


def either(*conditions: Series) -> Series:
    """Any of some conditions; False of none."""
    return _joined("or", conditions, FALSE)


def _joined(operation: str, conditions: Sequence[Series], of_none: Series) -> Series:
    """In halves, so that hundreds of conditions are no deep nest."""
    if len(conditions) < 2:
        return conditions[0] if conditions else of_none
    middle = len(conditions) // 2
    left = _joined(operation, conditions[:middle], of_none)
    return call(operation, left, _joined(operation, conditions[middle:], of_none))


def negated(condition: Series) -> Series:
    return call("not", condition)


def is_null(series: Series) -> Series:
    return call("is_null", series)


def is_there(series: Series) -> Series:
    return negated(is_null(series))


def one_of(series: Series, values: Iterable[Scalar]) -> Series:
    of = series.type
    typed = tuple(value if type(value) is of else of(value) for value in values)
    return call("in", series, nodes.Values(typed, of))


def choice(pairs: Iterable[tuple[Series, Series]], default: Series) -> Series:
    """The value of the first true condition."""
    arguments: list[Series] = []
    for condition, value in pairs:
        arguments += [condition, value]
    return call("case", *arguments, default) if arguments else default


def filled(series: Series, value: Scalar) -> Series:
    """The series with a value in the place of NULL."""
    if is_never_null(series):
        return series
    return call("coalesce", series, nodes.Literal(value, series.type))


def is_never_null(series: Series) -> bool:
    match series:
        case nodes.Literal():
            return series.value is not None
        case nodes.Parameter():
            return True
        case nodes.Aggregate():
            return series.operation in NEVER_NULL
        case nodes.Call():
            return _is_never_null(series)
    return False


def _is_never_null(node: nodes.Call) -> bool:
    arguments = node.arguments
    if node.operation == "is_null":
        return True
    if node.operation == "coalesce":
        return any(map(is_never_null, arguments))
    if node.operation == "case":
        return all(map(is_never_null, (*arguments[1::2], arguments[-1])))
    if node.operation == "in":
        return is_never_null(arguments[0])
    if node.operation in STRICT or node.operation in ("and", "or"):
        return all(map(is_never_null, arguments))
    return False


# rows -------------------------------------------------------------------------------


def rows_where(frame: Frame, *conditions: Series) -> Frame:
    """The rows of a frame that fulfil all conditions."""
    for condition in conditions:
        frame = nodes.Where(frame, condition)
    return frame


def picked(frame: Frame, keys: Sequence[Series], *, last: bool) -> Frame:
    """The first or last row by some keys, the most important first."""
    for key in reversed(keys):
        frame = nodes.Sort(frame, key)
    return nodes.Pick(frame, last)


def exists(frame: Frame) -> Series:
    return nodes.Aggregate("exists", frame)


def count(frame: Frame) -> Series:
    return nodes.Aggregate("count", frame)


def extreme(series: Series, *, last: bool) -> Series:
    """The greatest or least value of each patient's rows."""
    return nodes.Aggregate("maximum" if last else "minimum", series)
