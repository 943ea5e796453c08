"""Finds `series is None`, which asks Python and not the records: it is False for every
series, and nothing says so.
"""

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from measures.closed.wording import is_ours

INSTEAD = {ast.Is: "is_null()", ast.IsNot: "is_not_null()"}
# A condition of Python's own may well ask whether there is a series at all.
ASKING = ast.If | ast.IfExp | ast.While | ast.Assert
OTHERS_NAMES = (
    ast.FunctionDef
    | ast.AsyncFunctionDef
    | ast.ClassDef
    | ast.Lambda
    | ast.comprehension
)


class AsksPython(SyntaxError):
    """A comparison by which Python and not the records are asked."""


def refuse_identity(statement: ast.stmt, file: str, names: Mapping[str, Any]) -> None:
    """Raises AsksPython, with its place, where a statement asks whether a series or a
    table is None.
    """
    for compared in _comparisons(statement):
        if is_ours(_value(compared.left, names)):
            word = "is" if isinstance(compared.ops[0], ast.Is) else "is not"
            message = (
                f"`{word} None` asks Python, not the records: a series never is None; "
                f"write .{INSTEAD[type(compared.ops[0])]}"
            )
            place = (
                file,
                compared.lineno,
                compared.col_offset + 1,
                None,
                compared.end_lineno,
                compared.end_col_offset,
            )
            raise AsksPython(message, place)


def _comparisons(statement: ast.stmt) -> Iterator[ast.Compare]:
    """Those with `is None` whose names are those of the file."""
    waiting: list[ast.AST] = [statement]
    while waiting:
        node = waiting.pop()
        if isinstance(node, OTHERS_NAMES):
            continue
        if (
            isinstance(node, ast.Compare)
            and len(node.ops) == 1
            and type(node.ops[0]) in INSTEAD
        ):
            (right,) = node.comparators
            if isinstance(right, ast.Constant) and right.value is None:
                yield node
        asked = node.test if isinstance(node, ASKING) else None
        waiting += (child for child in ast.iter_child_nodes(node) if child is not asked)


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """What a name or a column of it is; None for all that would have to be computed."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        source = _value(node.value, names)
        if is_ours(source):
            try:
                return getattr(source, node.attr, None)
            except Exception:  # the line itself says what is wrong when it runs
                return None
    return None
