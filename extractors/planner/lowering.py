"""Conditions and orders of rows, read from the table itself.

`f = events.where(in the period)`, then `f.where(f.code == …)`: the second condition
mentions INTERVAL only because of where its rows come from. Read from the table it says
what it depends on, and nothing else.
"""

from collections.abc import Mapping

from extractors.model import nodes
from extractors.model.concepts import Concept
from extractors.model.rewriting import renewed, rewrite
from extractors.model.types import ConceptId
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
        case nodes.Concepts(asked=asked):
            return _by_name(asked)
    return node


def _by_name(asked: tuple[Concept, ...]) -> nodes.Values:
    """A concept set where there is no vocabulary, as among hand-written rows: the
    concepts that it names.
    """
    excluded = {concept.id for concept in asked if concept.excluded}
    named = {concept.id for concept in asked} - excluded
    return nodes.Values(tuple(map(ConceptId, named)), ConceptId)
