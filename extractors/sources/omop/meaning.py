"""A definition as OMOP records are asked: concept sets as lists of ids, codes of either
concept of an event.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from extractors.model import nodes
from extractors.model.rewriting import rewrite
from extractors.model.schema import Column, TableSchema
from extractors.model.types import ConceptId
from extractors.sources.omop.coded import CODES, TWIN
from extractors.sources.omop.vocabulary import Asked


def with_members(
    roots: Iterable[nodes.Node], members: Mapping[Asked, tuple[int, ...]]
) -> dict[nodes.Node, nodes.Node]:
    """Every node below the roots -> the same without concept sets."""

    def listed(node: nodes.Node) -> nodes.Node:
        if not isinstance(node, nodes.Concepts):
            return node
        return nodes.Values(tuple(map(ConceptId, members[node.asked])), ConceptId)

    return rewrite(roots, listed)


def found_by_either(roots: Iterable[nodes.Node]) -> dict[nodes.Node, nodes.Node]:
    """Every node below the roots -> the same, in which a code finds the events whose
    source concept has it, too.
    """
    return rewrite(roots, _either)


def _either(node: nodes.Node) -> nodes.Node:
    match node:
        case nodes.Table(schema=schema) if _is_coded(schema):
            return nodes.Table(_with_twins(schema))
        case nodes.Call(
            operation="in" | "eq", arguments=(nodes.Column() as column, other)
        ):
            return _also("or", node, column, other)
        case nodes.Call(operation="eq", arguments=(other, nodes.Column() as column)):
            return _also("or", node, column, other)
        case nodes.Call(operation="ne", arguments=(nodes.Column() as column, other)):
            return _also("and", node, column, other)
        case nodes.Call(operation="ne", arguments=(other, nodes.Column() as column)):
            return _also("and", node, column, other)
    return node


def _is_coded(schema: TableSchema) -> bool:
    return schema.name in CODES and not schema.file


def _with_twins(schema: TableSchema) -> TableSchema:
    coded = [column for column in schema.columns if column.name in CODES[schema.name]]
    twins = tuple(Column(f"{column.name}{TWIN}", column.type) for column in coded)
    return replace(schema, columns=(*schema.columns, *twins))


def _twin(column: nodes.Column, other: nodes.Series) -> nodes.Column | None:
    """The twin of a column that is compared with what is written in the definition."""
    schema = column.source.table.schema
    if not _is_coded(schema) or column.name not in CODES[schema.name]:
        return None
    if not isinstance(other, nodes.Literal | nodes.Values):
        return None
    return nodes.Column(column.source, f"{column.name}{TWIN}")


def _also(
    operation: str, node: nodes.Call, column: nodes.Column, other: nodes.Series
) -> nodes.Call:
    """The comparison together with that of the twin."""
    twin = _twin(column, other)
    return (
        node
        if twin is None
        else nodes.Call(operation, (node, nodes.Call(node.operation, (twin, other))))
    )
