"""Where SQL names a file: the words with which DuckDB opens one."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.lib.imports import parse

OPENING = re.compile(
    r"\b(read_parquet|parquet_scan|parquet_metadata|read_csv(?:_auto)?|read_json(?:_auto)?"
    r"|read_text|read_blob|glob|sniff_csv)\s*\("
    r"|\b(COPY)\s*\(|\b(ATTACH|EXPORT DATABASE|IMPORT DATABASE|LOAD|(?<!pip )INSTALL)\s",
    re.IGNORECASE,
)


def file_statements(path: Path) -> Iterator[tuple[int, str]]:
    """Line and word of every such statement; comments and docstrings of Python
    aside.
    """
    if path.suffix == ".sql":
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            yield from ((number, word) for word in _words(line.partition("--")[0]))
    if path.suffix == ".py":
        tree = parse(path)
        told = set(_docstrings(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = [] if node in told else _words(node.value)
                yield from ((node.lineno, word) for word in words)


def _words(text: str) -> Iterator[str]:
    for found in OPENING.finditer(text):
        yield next(word for word in found.groups() if word).upper()


def _docstrings(tree: ast.Module) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
