"""Ties between rows are broken by the columns that a definition selects from the pick.

They are added as the least important sort keys, in alphabetical order, so that a pick
says all by itself which row it takes, whatever becomes of the rest of the definition.
"""

from collections.abc import Mapping

from extractors.model import nodes
from extractors.model.rewriting import renewed, with_children


def settle_ties(series: Mapping[str, nodes.Series]) -> dict[str, nodes.Series]:
    """The same series, with every pick sorted down to the columns selected from it."""
    order = nodes.walk(series.values())
    selected = _selected_columns(order)
    made: dict[nodes.Node, nodes.Node] = {}
    for node in order:
        new = with_children(node, made)
        made[node] = (
            _settled(new, selected.get(node, set()))
            if isinstance(new, nodes.Pick)
            else new
        )
    return renewed(series, made)


def _selected_columns(order: list[nodes.Node]) -> dict[nodes.Node, set[str]]:
    selected: dict[nodes.Node, set[str]] = {}
    for node in order:
        if isinstance(node, nodes.Column) and isinstance(node.source, nodes.Pick):
            selected.setdefault(node.source, set()).add(node.name)
    return selected


def _settled(pick: nodes.Pick, names: set[str]) -> nodes.Pick:
    frame = pick.source
    keys = {key.name for key in nodes.sort_keys(frame) if isinstance(key, nodes.Column)}
    return nodes.Pick(_sort_beneath(frame, sorted(names - keys)), pick.last)


def _sort_beneath(frame: nodes.Frame, names: list[str]) -> nodes.Frame:
    """Sort the table first, below every filter and sort, which keep that order among
    equals.
    """
    layers = []
    while isinstance(frame, nodes.Where | nodes.Sort):
        layers.append(frame)
        frame = frame.source
    for name in reversed(names):
        frame = nodes.Sort(frame, _sortable(nodes.Column(frame.table, name)))
    for layer in reversed(layers):
        frame = (
            nodes.Where(frame, layer.condition)
            if isinstance(layer, nodes.Where)
            else nodes.Sort(frame, layer.key)
        )
    return frame


def _sortable(column: nodes.Column) -> nodes.Series:
    return nodes.Call("bool_to_int", (column,)) if column.type is bool else column
