"""What a definition may say and hardly means: comparisons that are never true,
codelists without a code.
"""

from collections.abc import Iterable, Iterator

from extractors.language.doubts import strange_values, without_codes
from extractors.language.reading import CodelistFile
from extractors.model import nodes


def doubts(roots: Iterable[nodes.Node], codelists: Iterable[CodelistFile]) -> list[str]:
    """One line each, to be shown as warnings."""
    found = [*map(without_codes, codelists), *_outside(roots)]
    return list(dict.fromkeys(filter(None, found)))


def _outside(roots: Iterable[nodes.Node]) -> Iterator[str]:
    """Values with which a column is compared although it never holds them."""
    for node in nodes.walk(roots):
        match node:
            case nodes.Call(
                operation="in",
                arguments=(nodes.Column() as column, nodes.Values(values=values)),
            ):
                yield strange_values(column, values)
            case nodes.Call(
                operation="eq" | "ne",
                arguments=(nodes.Column() as column, nodes.Literal(value=value)),
            ):
                yield strange_values(column, [value])
            case nodes.Call(
                operation="eq" | "ne",
                arguments=(nodes.Literal(value=value), nodes.Column() as column),
            ):
                yield strange_values(column, [value])
