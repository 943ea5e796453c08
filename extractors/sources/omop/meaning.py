"""A definition with its concept sets as lists of ids, so that it can be planned."""

from collections.abc import Iterable, Mapping

from extractors.model import nodes
from extractors.model.rewriting import rewrite
from extractors.model.types import ConceptId
from extractors.sources.omop.vocabulary import Asked


def with_members(roots: Iterable[nodes.Node], members: Mapping[Asked, tuple[int, ...]]) -> dict[nodes.Node, nodes.Node]:
    """Every node below the roots -> the same without concept sets."""

    def listed(node: nodes.Node) -> nodes.Node:
        if not isinstance(node, nodes.Concepts):
            return node
        return nodes.Values(tuple(map(ConceptId, members[node.asked])), ConceptId)

    return rewrite(roots, listed)
