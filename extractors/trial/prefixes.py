"""Codes of which a definition knows the beginning, or a part, alone: as hospitals'
diagnoses and procedures.
"""

from extractors.model import nodes
from extractors.model.types import Code, MultiCode

Found = tuple[nodes.Column, tuple[str, ...]]
PADDING = "0"
LONGEST = 8  # characters of any code that is made of its beginning


def beginning_in(node: nodes.Node) -> Found | None:
    """A column, and values that a condition on beginnings or parts of its codes finds;
    None for other nodes.

    Understood are `first_characters(column) in …` or `== …`, `word_begins(column, …)`,
    and a part of a code's text.
    """
    match node:
        case nodes.Call(
            operation="in" | "eq",
            arguments=(
                nodes.Call(operation="first_characters", arguments=(of, _)),
                wanted,
            ),
        ):
            return _found(of, _texts(wanted))
        case nodes.Call(
            operation="word_begins", arguments=(of, nodes.Literal(value=str(words)))
        ):
            return _found(of, tuple(words.split()))
        case nodes.Call(
            operation="contains",
            arguments=(
                nodes.Call(operation="to_text", arguments=(of,)),
                nodes.Literal(value=str(part)),
            ),
        ):
            return _found(of, (part,))
    return None


def _texts(wanted: nodes.Node) -> tuple[str, ...]:
    match wanted:
        case nodes.Values(values=values):
            return tuple(map(str, values))
        case nodes.Literal(value=str(text)):
            return (text,)
    return ()


def _found(of: nodes.Node, beginnings: tuple[str, ...]) -> Found | None:
    """Whole codes for a column of codes; a text of many codes is made of beginnings
    where it is drawn.
    """
    column = (
        of.arguments[0]
        if isinstance(of, nodes.Call) and of.operation == "to_text"
        else of
    )
    if not isinstance(column, nodes.Column) or not issubclass(column.type, str):
        return None
    if column.source.table.schema.column(column.name).categories:
        return None  # they are drawn from these, however they begin
    if issubclass(column.type, Code) and not issubclass(column.type, MultiCode):
        whole = [completed(column.type, beginning) for beginning in beginnings]
        return column, tuple(code for code in whole if code)
    return column, tuple(filter(None, beginnings))


def completed(system: type[Code], beginning: str) -> str:
    """The shortest code of a system that begins so and goes on with zeros; empty where
    there is none.
    """
    code = beginning
    while len(code) <= LONGEST:
        if system.pattern.fullmatch(code):
            return code
        code += PADDING
    return ""
