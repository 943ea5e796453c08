"""A rule of the planner asked by itself, about one node."""

from typing import Any

from extractors import INTERVAL
from extractors.model import nodes
from extractors.planner.motion import Motion
from extractors.planner.rules import Rule, find_motions

START: Any = INTERVAL.start_date
END: Any = INTERVAL.end_date


def asked(rule: Rule, node: nodes.Node) -> Motion | None:
    """What a rule says of a node, given what all rules say of what the node is made
    of.
    """
    return rule(node, find_motions(node.children))


def call(operation: str, *arguments: nodes.Series | int) -> nodes.Call:
    """An operation; whole numbers may be written as they are."""
    written = (
        nodes.Literal(each, int) if isinstance(each, int) else each
        for each in arguments
    )
    return nodes.Call(operation, tuple(written))
