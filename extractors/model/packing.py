"""Graphs of nodes as flat lists, so that however deep they are, pickle does not go
deep.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True)
class At:
    """A node by its place in a list."""

    # from 0; what a node uses comes before it in the list
    place: int


def packed(order: Sequence[Any]) -> list[tuple[type, list]]:
    """Nodes, children before parents, as their classes and the values that they are
    made of.
    """
    at = {node: At(place) for place, node in enumerate(order)}
    return [
        (
            type(node),
            [_pointed(getattr(node, f.name), at) for f in fields(node) if f.init],
        )
        for node in order
    ]


def _pointed(value: Any, at: Mapping[Any, At]) -> Any:
    if isinstance(value, tuple):
        return tuple(at.get(each, each) for each in value)
    return at.get(value, value)


def unpacked(parts: Sequence[tuple[type, list]]) -> Any:
    """The last of the nodes, made anew and so checked anew."""
    made: list[Any] = []
    for kind, values in parts:
        made.append(kind(*(_resolved(value, made) for value in values)))
    return made[-1]


def _resolved(value: Any, made: Sequence[Any]) -> Any:
    if isinstance(value, tuple):
        return tuple(
            made[each.place] if isinstance(each, At) else each for each in value
        )
    return made[value.place] if isinstance(value, At) else value
