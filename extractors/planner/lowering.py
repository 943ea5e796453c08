"""Conditions and orders of rows, read from the table itself.

`f = events.where(in the period)`, then `f.where(f.code == …)`: the second condition mentions INTERVAL only
because of where its rows come from. Read from the table it says what it depends on, and nothing else.
"""

from collections.abc import Mapping

from extractors.model import nodes
from extractors.model.rewriting import renewed, rewrite
from extractors.planner.motion import at_table


def lower(series: Mapping[str, nodes.Series]) -> dict[str, nodes.Series]:
    """The same series with every condition and sort key read from its table."""
    made = rewrite(series.values(), _lowered)
    return renewed(series, made)


def _lowered(node: nodes.Node) -> nodes.Node:
    match node:
        case nodes.Where(source=source, condition=condition):
            return nodes.Where(source, at_table(condition))
        case nodes.Sort(source=source, key=key):
            return nodes.Sort(source, at_table(key))
    return node
