"""Where a function changes a list, dict or set of its module: a letter box for other
functions.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.lib.imports import parse

OURS = ("extractors", "measures", "flows")
CHANGING = frozenset(
    "append extend insert add update setdefault pop popitem remove discard clear".split()
)


def letter_boxes(path: Path) -> Iterator[tuple[int, str]]:
    """Line and name of every such change."""
    tree = parse(path)
    ours = {*_assigned(tree), *_imported(tree)}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for line, name in _changes(function):
                if name.partition(".")[0] in ours - _local(function):
                    yield line, name


def _changes(function: ast.AST) -> Iterator[tuple[int, str]]:
    """What a function changes, whoever owns it."""
    for node in ast.walk(function):
        match node:
            case ast.Call(func=ast.Attribute(value=box, attr=method)) if (
                method in CHANGING
            ):
                yield node.lineno, ast.unparse(box)
            case ast.Subscript(value=box, ctx=ast.Store() | ast.Del()):
                yield node.lineno, ast.unparse(box)
            case ast.Global(names=names):
                yield from ((node.lineno, name) for name in names)


def _assigned(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)])
                | ast.AnnAssign(target=ast.Name(id=name))
            ):
                yield name


def _imported(tree: ast.Module) -> Iterator[str]:
    """What comes from our own rooms, but for modules of others (`pc.add` is no
    change).
    """
    for node in tree.body:
        module = getattr(node, "module", None) or ""
        ours = module.startswith(OURS) and module != "extractors.late"
        if isinstance(node, ast.ImportFrom) and ours:
            yield from (alias.asname or alias.name for alias in node.names)


def _local(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Names that mean something else within a function."""
    local: set[str] = set()
    shared: set[str] = set()
    for node in ast.walk(function):
        match node:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                local.add(name)
            case ast.Global(names=names):
                shared.update(names)
    return local - shared
