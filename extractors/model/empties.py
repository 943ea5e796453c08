"""What a series is worth for a patient of whom nothing is recorded.

A population that is True for such a patient would count everybody there is, so it is
refused (extractors/language/SEMANTICS.md#datasets). Every column is NULL, every frame
is empty; what depends on INTERVAL is unknown, and so is what could only be known from
computing with it.
"""

from collections.abc import Callable, Sequence
from typing import Any

from extractors.model import nodes
from extractors.model.aggregates import AGGREGATES
from extractors.model.operations import OPERATIONS
from extractors.model.worth import UNKNOWN, Worth


def value_without_rows(series: nodes.Series) -> Any:
    """A Python value, None for NULL, or UNKNOWN."""
    return value_of_absent(series, lambda frame: True)


def value_of_absent(series: nodes.Series, absent: Callable[[nodes.Frame], bool]) -> Any:
    """The value for a patient without a row in those frames that are `absent`, whatever
    the others hold.
    """
    known: dict[nodes.Node, Any] = {}
    for node in nodes.walk([series]):
        if isinstance(node, nodes.Series):
            known[node] = _value(node, known, absent)
    return known[series]


def _value(
    node: nodes.Series,
    known: dict[nodes.Node, Any],
    absent: Callable[[nodes.Frame], bool],
) -> Any:
    match node:
        case nodes.Literal():
            return node.value
        case nodes.Column(source=frame):
            return None if absent(frame) else UNKNOWN
        case nodes.Aggregate(operation=operation, rows=frame):
            return AGGREGATES[operation].of_nothing if absent(frame) else UNKNOWN
        case nodes.Values():
            return frozenset(node.values)
        case nodes.Concepts():  # nothing that is written down is looked for in one
            return frozenset(each.id for each in node.asked)
        case nodes.Call():
            return _call(
                node.operation, [known[argument] for argument in node.arguments]
            )
    return UNKNOWN


def _call(operation: str, values: Sequence[Any]) -> Any:
    facts = OPERATIONS[operation]
    if facts.strict and None in values:  # whatever the others are
        return None
    if facts.worth is None or (facts.strict and UNKNOWN in values):
        return UNKNOWN
    return _computed(facts.worth, values)


def _computed(worth: Worth, values: Sequence[Any]) -> Any:
    """UNKNOWN also where 64 bits do not hold a whole number.

    It could have any number of digits: 28 times squared, 200 million.
    """
    try:
        value = worth(*values)
    except (OverflowError, ValueError):  # a whole number of an infinite one, or of none
        return UNKNOWN
    too_large = isinstance(value, int) and not -(2**63) <= value < 2**63
    return UNKNOWN if too_large else value
