"""How crowded the code is: tokens a line, comments, comprehensions, conditional
expressions, long lines and functions.

    .venv/bin/python -m tests.benchmarks.prose [ROOM …] [--worst N]

Of `extractors`, `measures` and `flows`, or of the rooms that are named. A check of a
habit, not its aim: what matters is that a reader sees at once what a line does.
`--worst` lists the most crowded files.
"""

import argparse
import ast
import tokenize
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path

from tests.lib.places import CHECKOUT

ROOMS = ("extractors", "measures", "flows")
WORDS = (tokenize.NAME, tokenize.OP, tokenize.NUMBER, tokenize.STRING)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
COLUMNS = 88
LONG = 50  # lines of a function


@dataclass(frozen=True)
class Prose:
    """What was counted in some files."""

    # lines that have a token, and their tokens
    lines: int = 0
    tokens: int = 0
    comments: int = 0
    comprehensions: int = 0
    # of these, those with two `for`
    double: int = 0
    conditionals: int = 0
    # lines of more columns than the formatter's default
    wide: int = 0
    # functions of more than fifty lines
    long: int = 0

    def __add__(self, other: "Prose") -> "Prose":
        return Prose(*map(sum, zip(astuple(self), astuple(other), strict=True)))

    @property
    def tokens_a_line(self) -> float:
        return self.tokens / max(1, self.lines)

    def in_a_thousand(self, count: int) -> float:
        """Of lines."""
        return 1000 * count / max(1, self.lines)

    def row(self, name: str) -> str:
        """As Markdown."""
        numbers = (
            f"{self.lines:,}",
            f"{self.tokens_a_line:.2f}",
            f"{self.in_a_thousand(self.comments):.0f}",
            f"{self.in_a_thousand(self.comprehensions):.0f}",
            str(self.double),
            f"{self.in_a_thousand(self.conditionals):.0f}",
            str(self.wide),
            str(self.long),
        )
        return f"| {name} | {' | '.join(numbers)} |"


HEADINGS = (
    "room",
    "lines",
    "tokens a line",
    "comments",
    "comprehensions",
    "with two `for`",
    "conditionals",
    "wide lines",
    "long functions",
)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("rooms", nargs="*", default=ROOMS)
    asked.add_argument("--worst", type=int, default=0)
    parsed = asked.parse_args()
    print("Comments, comprehensions and conditionals: in 1,000 lines.\n")
    print(f"| {' | '.join(HEADINGS)} |")
    print(f"|---|{'---:|' * (len(HEADINGS) - 1)}")
    every = {
        path: counted(path) for room in parsed.rooms for path in files(CHECKOUT / room)
    }
    for room in parsed.rooms:
        inside = [
            found
            for path, found in every.items()
            if path.is_relative_to(CHECKOUT / room)
        ]
        print(total(inside).row(room))
    print(total(every.values()).row("all"))
    crowded = sorted(every, key=lambda path: -every[path].tokens_a_line)
    for path in crowded[: parsed.worst]:
        print(every[path].row(str(path.relative_to(CHECKOUT))))


def files(room: Path) -> list[Path]:
    """The modules of a room, but for the definitions of studies, which authors
    write.
    """
    return [path for path in sorted(room.rglob("*.py")) if "studies" not in path.parts]


def total(counts: Iterable[Prose]) -> Prose:
    """Of all together."""
    found = Prose()
    for each in counts:
        found += each
    return found


def counted(path: Path) -> Prose:
    """What one file has."""
    text = path.read_text(encoding="utf-8")
    tree = list(ast.walk(ast.parse(text)))
    tokens, lines, comments = _tokens(path)
    comprehensions = [node for node in tree if isinstance(node, COMPREHENSIONS)]
    functions = [node for node in tree if isinstance(node, FUNCTIONS)]
    return Prose(
        lines=lines,
        tokens=tokens,
        comments=comments,
        comprehensions=len(comprehensions),
        double=sum(len(node.generators) > 1 for node in comprehensions),
        conditionals=sum(isinstance(node, ast.IfExp) for node in tree),
        wide=sum(len(line) > COLUMNS for line in text.splitlines()),
        long=sum(_length(node) > LONG for node in functions),
    )


def _tokens(path: Path) -> tuple[int, int, int]:
    """Tokens, lines that have one, and comments."""
    tokens, comments = 0, 0
    lines: set[int] = set()
    with tokenize.open(path) as file:
        for token in tokenize.generate_tokens(file.readline):
            comments += token.type == tokenize.COMMENT
            if token.type in WORDS:
                tokens += 1
                lines.add(token.start[0])
    return tokens, len(lines), comments


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


if __name__ == "__main__":
    main()
