"""What comments, docstrings and pages of a tree point to: pages, headings, links and
files.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

# `flows/README.md`, `README.md#an-analyst`; not a part of an address or of a longer
# path.
PAGE = re.compile(r"(?<![\w./{}<>:-])((?:\.{1,2}/|[\w-]+/)*[\w-]+\.md)\b(?:#([\w-]+))?")
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\s]+)`")
HEADING = re.compile(r"#{1,6} +(.+)")
FENCE = "```"
DOCUMENTED = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Said:
    """One line of text that is meant for people."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


def said(tree: Path, name: str) -> tuple[Said, ...]:
    """The comments and docstrings of a Python file; every line of another one."""
    return _said(name, (tree / name).read_text(encoding="utf-8", errors="replace"))


@cache
def _said(name: str, text: str) -> tuple[Said, ...]:
    return tuple(_each(name, text))


def _each(name: str, text: str) -> Iterator[Said]:
    if not name.endswith(".py"):
        for number, line in enumerate(text.splitlines(), start=1):
            yield Said(name, number, line)
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield Said(name, token.start[0], token.string)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, DOCUMENTED) and (
            words := ast.get_docstring(node, clean=False)
        ):
            first = node.body[0].lineno
            for number, line in enumerate(words.splitlines(), start=first):
                yield Said(name, number, line)


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as they stand behind `#` in a link."""
    found, fenced = set(), False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith(FENCE):
            fenced = not fenced
        heading = HEADING.fullmatch(line)
        if heading and not fenced:
            found.add(anchor(heading[1]))
    return found


def anchor(heading: str) -> str:
    """As `On a server` -> `on-a-server`."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
