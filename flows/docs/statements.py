"""What a line of a test says: names that it uses, values that it gives, errors that it
expects.
"""

import ast
import datetime
from collections.abc import Iterator, Mapping
from typing import Any

# all that expected values name
VALUES = {"__builtins__": {}, "date": datetime.date, "range": range, "float": float}


def assigned(statement: ast.stmt) -> dict[str, ast.expr]:
    """Name -> value of a plain assignment, also of several names at once."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            return {name: value}
        case ast.Assign(
            targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)
        ):
            return {
                name.id: value
                for name, value in zip(targets, values, strict=True)
                if isinstance(name, ast.Name)
            }
    return {}


def parameters(node: ast.FunctionDef) -> Iterator[tuple[str, list[ast.expr]]]:
    """What pytest gives a test: the parameter and its values."""
    for decorator in node.decorator_list:
        match decorator:
            case ast.Call(args=[ast.Constant(value=str(name)), ast.List(elts=values)]):
                yield name, values


def names_in(
    node: ast.AST, use: type[ast.expr_context] = ast.expr_context
) -> list[str]:
    found: list[str] = []
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, use):
            found.append(each.id)
    return found


def evaluated(node: ast.expr, names: Mapping[str, Any] | None = None) -> Any:
    """An expected value; only numbers, strings, dates and what holds them can be
    written.
    """
    try:
        return eval(
            compile(ast.Expression(node), "<specification>", "eval"),
            {**VALUES, **(names or {})},
        )
    except NameError:
        return ast.unparse(node)


def refusal(raises: ast.Call) -> str:
    kind = ast.unparse(raises.args[0])
    words = []
    for keyword in raises.keywords:
        if keyword.arg == "match":
            words.append(ast.literal_eval(keyword.value).replace("\\", ""))
    return (
        f"This is refused with {'an' if kind[0] in 'AEIOU' else 'a'} {kind}"
        + "".join(f": “…{word}…”" for word in words)
    )


def result(node: ast.expr) -> str:
    """What a comparison expects; the strings alone of a call that only reads them."""
    if (
        isinstance(node, ast.Call)
        and node.args
        and all(isinstance(each, ast.Constant) for each in node.args)
    ):
        return "This gives " + ", ".join(
            str(ast.literal_eval(each)) for each in node.args
        )
    return f"This gives {ast.unparse(node)}"
