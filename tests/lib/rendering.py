"""Nodes as short text, so that a failing example can be read."""

from collections import Counter
from collections.abc import Mapping

from extractors.model import nodes
from extractors.model.types import Scalar

Names = Mapping[nodes.Node, str]


def render(roots: Mapping[str, nodes.Node]) -> list[str]:
    """One line per named node, `v1 = add(x1.i1, 2)`, after those for what they share,
    `x1 = last(…)`.
    """
    order = nodes.walk(roots.values())
    uses = Counter(child for node in order for child in node.children)
    shared = [node for node in order if uses[node] > 1 and node.children]
    names = {node: f"x{number}" for number, node in enumerate(shared, start=1)}
    lines = [f"{name} = {_text(node, names)}" for node, name in names.items()]
    return lines + [f"{name} = {_name(root, names)}" for name, root in roots.items()]


def _name(node: nodes.Node, names: Names) -> str:
    return names[node] if node in names else _text(node, names)


def _text(node: nodes.Node, names: Names) -> str:
    parts = [_name(child, names) for child in node.children]
    match node:
        case nodes.Table():
            return node.schema.name
        case nodes.Column():
            return f"{parts[0]}.{node.name}"
        case nodes.Literal():
            return _plain(node.value)
        case nodes.Values():
            return "{" + ", ".join(map(_plain, node.values)) + "}"
        case nodes.Parameter():
            return node.name
        case nodes.Pick():
            return f"{'last' if node.last else 'first'}({parts[0]})"
        case nodes.Call():
            return f"{node.operation}({', '.join(parts)})"
        case nodes.Aggregate():
            gap = "" if node.argument is None else f", {node.argument}"
            return f"{node.operation}({parts[0]}{gap})"
    return f"{type(node).__name__.lower()}({', '.join(parts)})"


def _plain(value: Scalar) -> str:
    return repr(str(value)) if isinstance(value, str) else str(value)
