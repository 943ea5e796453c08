"""What makes a line of code be read twice, found and counted."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
# Words without an actor. "Stand for" and "stand-in" are usual English; `_` ends a word,
# so that names count as comments and messages do.
UNCLEAR = re.compile(
    r"(?<![A-Za-z])"
    r"(?i:told|somebody|whoever|owed|stands?(?![-_ ]ins?\b|\s+for\b))"
    r"(?![A-Za-z])"
)

TWO_FORS, NESTED, WORDS = "two fors", "nested", "words"


def unclear(name: str, text: str) -> dict[str, int]:
    """How often each of the three habits occurs in a file; none is left out.

    >>> unclear("a.py", "x = [b for a in c for b in a]")
    {'two fors': 1}
    """
    found = [kind for kind, _, _ in places(name, text)]
    return {kind: found.count(kind) for kind in dict.fromkeys(found)}


def places(name: str, text: str) -> Iterator[tuple[str, int, str]]:
    """The habit, its line and what is there; line 0 is the name of the file."""
    tree = list(ast.walk(ast.parse(text)))
    for node in tree:
        if isinstance(node, COMPREHENSIONS) and len(node.generators) > 1:
            yield TWO_FORS, node.lineno, "a comprehension with two `for`"
    for node in tree:
        if isinstance(node, ast.IfExp) and _has_another(node):
            yield NESTED, node.lineno, "a conditional expression in another"
    for number, line in enumerate([Path(name).name, *text.splitlines()]):
        for word in UNCLEAR.finditer(line):
            yield WORDS, number, word.group()


def _has_another(expression: ast.IfExp) -> bool:
    """Whether one is inside it, in brackets or in a call too."""
    below = (node for node in ast.walk(expression) if node is not expression)
    return any(isinstance(node, ast.IfExp) for node in below)


def unexplained(text: str) -> list[tuple[int, str]]:
    """The fields of dataclasses without a comment above or beside, and their lines."""
    lines, found = ["", *text.splitlines()], []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ClassDef) and _is_dataclass(node):
            for field in node.body:
                if isinstance(field, ast.AnnAssign):
                    above = lines[field.lineno - 1].strip().startswith("#")
                    beside = "#" in lines[field.end_lineno or field.lineno]
                    if not above and not beside:
                        name = f"{node.name}.{ast.unparse(field.target)}"
                        found.append((field.lineno, name))
    return found


def _is_dataclass(node: ast.ClassDef) -> bool:
    return any("dataclass" in ast.unparse(each) for each in node.decorator_list)
