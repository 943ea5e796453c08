"""What a definition may say and hardly means: comparisons that are never true, codelists without a code."""

from collections.abc import Iterable, Iterator

from extractors.language.reading import CodelistFile
from extractors.model import nodes


def doubts(roots: Iterable[nodes.Node], codelists: Iterable[CodelistFile]) -> list[str]:
    """One line each, to be shown as warnings."""
    return [*_empty(codelists), *dict.fromkeys(_outside(roots))]


def _empty(codelists: Iterable[CodelistFile]) -> Iterator[str]:
    for each in codelists:
        if not each.codes:
            yield f"{each.name} holds no code in its column {each.columns[0]}, so nothing is found by it"


def _outside(roots: Iterable[nodes.Node]) -> Iterator[str]:
    """Values with which a column is compared although it never holds them."""
    for node in nodes.walk(roots):
        match node:
            case nodes.Call(operation="in", arguments=(nodes.Column() as column, nodes.Values(values=values))):
                yield from _none_of(column, values)
            case nodes.Call(operation="eq" | "ne", arguments=(nodes.Column() as column, nodes.Literal(value=value))):
                yield from _none_of(column, (value,))
            case nodes.Call(operation="eq" | "ne", arguments=(nodes.Literal(value=value), nodes.Column() as column)):
                yield from _none_of(column, (value,))


def _none_of(column: nodes.Column, values: Iterable[object]) -> Iterator[str]:
    schema = column.source.table.schema
    categories = schema.column(column.name).categories or ()
    strange = [repr(value) for value in values if value is not None and value not in categories]
    if categories and strange:
        yield (
            f"{schema.name}.{column.name} is compared with {', '.join(strange)}, which it never is; "
            f"its categories are {', '.join(map(str, categories))}"
        )
