"""Hoisting: the largest parts that never mention INTERVAL become columns computed
once.
"""

from collections.abc import Mapping

from extractors.model import nodes
from extractors.model.rewriting import renewed, with_children
from extractors.model.schema import Column, TableSchema
from extractors.planner.kinds import PERSON, STATIC_TABLE
from extractors.planner.values import known_values


def hoist(
    series: Mapping[str, nodes.Series],
) -> tuple[dict[str, nodes.Series], dict[str, nodes.Series]]:
    """The series reading the static table, and that table: column -> series."""
    parts = _largest_parts(list(series.values()))
    names = _names(parts, series)
    static = {names[part]: part for part in parts}
    table = _table(static)
    made: dict[nodes.Node, nodes.Node] = {
        part: nodes.Column(table, names[part]) for part in parts
    }
    for node in nodes.walk(series.values()):
        if node not in made:
            made[node] = with_children(node, made)
    return renewed(series, made), static


def person_in(static: Mapping[str, nodes.Series]) -> nodes.Series:
    """The column of the static table that has everybody's hash, beside those of the
    series.
    """
    return nodes.Column(_table(static), PERSON)


def _table(static: Mapping[str, nodes.Series]) -> nodes.Table:
    columns = []
    for name, part in static.items():
        columns.append(Column(name, part.type, categories=known_values(part) or ()))
    return nodes.Table(
        TableSchema(STATIC_TABLE, (*columns, Column(PERSON, int)), one_row=True)
    )


def _largest_parts(roots: list[nodes.Series]) -> list[nodes.Series]:
    """In the order of the definition; nothing below a hoisted part is looked at."""
    parts: dict[nodes.Series, None] = {}
    seen: set[nodes.Node] = set()
    stack: list[nodes.Node] = list(reversed(roots))
    while stack:
        node = stack.pop()
        if node in seen:
            continue
        seen.add(node)
        if _hoistable(node):
            parts[node] = None  # type: ignore[index]
        else:
            stack.extend(reversed(node.children))
    return list(parts)


def _hoistable(node: nodes.Node) -> bool:
    """One stored value per patient that is not just written in the definition."""
    if not isinstance(node, nodes.Series) or node.interval or node.domain is not None:
        return False
    written = isinstance(node, nodes.Literal | nodes.Values)
    many = isinstance(node, nodes.Aggregate) and node.operation == "set"
    return not (written or many)


def _names(
    parts: list[nodes.Series], series: Mapping[str, nodes.Series]
) -> dict[nodes.Series, str]:
    """A part that is a named series keeps its name; the others are numbered."""
    named = {node: name for name, node in reversed(list(series.items())) if name}
    found: dict[nodes.Series, str] = {}
    for number, part in enumerate(parts, 1):
        found[part] = named.get(part, f"static {number}")
    return found
