"""Building a graph anew with some of its nodes replaced."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields

from extractors.model.nodes import Node, Series, walk

Replace = Callable[[Node], Node]


def rewrite(roots: Iterable[Node], replace: Replace) -> dict[Node, Node]:
    """Every node below the roots -> its new form, children first.

    `replace` sees each node after its children have been replaced, and gives it back or
    another.
    """
    made: dict[Node, Node] = {}
    for node in walk(roots):
        made[node] = replace(with_children(node, made))
    return made


def renewed(
    series: Mapping[str, Series],
    made: Mapping[Node, Node],
) -> dict[str, Series]:
    """Named series in their new form."""
    new: dict[str, Series] = {}
    for name, node in series.items():
        form = made[node]
        assert isinstance(form, Series)  # a rule replaces a series by a series
        new[name] = form
    return new


def with_children(node: Node, made: Mapping[Node, Node]) -> Node:
    """The same node over other children; itself if none of them changed."""
    if all(made[child] is child for child in node.children):
        return node
    values = {f.name: getattr(node, f.name) for f in fields(node) if f.init}
    return type(node)(
        **{name: _replaced(value, made) for name, value in values.items()}
    )


def _replaced(value: object, made: Mapping[Node, Node]) -> object:
    if isinstance(value, Node):
        return made[value]
    if isinstance(value, tuple):
        return tuple(_replaced(each, made) for each in value)
    return value
