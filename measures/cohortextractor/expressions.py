"""The grammar of `satisfying` and `categorised_as`: an expression becomes a tree.

or := and {OR and};  and := not {AND not};  not := [NOT] atom
atom := ( or ) | sum [= | != | < | <= | > | >= sum];  sum := with + - * /
leaf := name | number | 'text' | "text";  comments: -- … or # … to the line's end
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from measures.cohortextractor.asked import Wrong

COMMENT = re.compile(r"(?:--|#)[^\n]*")
TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'[^'\n]*'|"[^"\n]*")
    | (?P<number>\d+\.\d*|\.\d+|\d+)
    | (?P<name>[A-Za-z_]\w*)
    | (?P<sign><=|>=|!=|[-+*/()=<>])
    )""",
    re.VERBOSE,
)
TEXT = re.compile(r"[A-Za-z0-9_ <>=~]{0,64}")
COMPARISONS = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
# Words of SQL that the old program refuses as names.
KEYWORDS = {
    "date",
    "first",
    "last",
    "type",
    "year",
    "in",
    "between",
    "like",
    "is",
    "case",
    "null",
    "and",
    "or",
    "not",
}


@dataclass(frozen=True)
class Name:
    """A column of the study."""

    # as the study calls it
    name: str


@dataclass(frozen=True)
class Number:
    """A number in an expression."""

    # as Python reads it
    value: int | float


@dataclass(frozen=True)
class Text:
    """A text between quotes."""

    # without the quotes
    value: str


@dataclass(frozen=True)
class Operation:
    """Two parts and what joins them."""

    # `and`, `or`, a comparison or an arithmetic sign
    operation: str
    # before the sign
    left: "Tree"
    # behind it
    right: "Tree"


@dataclass(frozen=True)
class Negation:
    """`NOT` and what follows it."""

    # that is turned around
    part: "Tree"


Tree = Name | Number | Text | Operation | Negation


@dataclass(frozen=True)
class Token:
    """A word of an expression: what kind it is, and how it is written."""

    # word, number, text or sign
    kind: str
    # as it is written
    text: str


END = Token("end", "the end")


def parse(expression: object) -> Tree:
    """The tree of an expression; Wrong for what is none."""
    if not isinstance(expression, str):
        raise Wrong(f"an expression is a text, not {expression!r}")
    parser = Parser(_tokens(expression))
    tree = parser.alternatives()
    if parser.next is not END:
        raise Wrong(_unexpected(parser.next))
    return tree


def _tokens(expression: str) -> list[Token]:
    rest = _without_comments(expression).rstrip()
    tokens: list[Token] = []
    place = 0
    while place < len(rest):
        found = TOKEN.match(rest, place)
        if not found:
            raise Wrong(
                f"{rest[place:].strip()[:10]!r} does not belong in an expression"
            )
        tokens.append(Token(str(found.lastgroup), found[str(found.lastgroup)]))
        place = found.end()
    return tokens


def _without_comments(expression: str) -> str:
    """A text between quotes holds neither of the signs that begin a comment."""
    return COMMENT.sub(" ", expression)


def _unexpected(token: Token) -> str:
    return (
        f"{token.text!r} cannot be there in an expression; AND, OR and NOT are "
        "written in capitals"
    )


class Parser:
    """Goes through the words once, from left to right."""

    def __init__(self, tokens: Sequence[Token]):
        self._tokens = list(tokens)
        self._place = 0

    @property
    def next(self) -> Token:
        return self._tokens[self._place] if self._place < len(self._tokens) else END

    def alternatives(self) -> Tree:
        return self._chain(("OR",), self._conjunction, "name")

    def _conjunction(self) -> Tree:
        return self._chain(("AND",), self._negation, "name")

    def _chain(self, words: Sequence[str], part: Callable[[], Tree], kind: str) -> Tree:
        tree = part()
        while self.next.kind == kind and self.next.text in words:
            operation = self._take().text
            tree = Operation(operation.lower(), tree, part())
        return tree

    def _negation(self) -> Tree:
        if self._is("name", "NOT"):
            self._take()
            return Negation(self._negation())
        return self._comparison()

    def _comparison(self) -> Tree:
        left = self._sum()
        if self.next.kind != "sign" or self.next.text not in COMPARISONS:
            return left
        operation = COMPARISONS[self._take().text]
        tree = Operation(operation, left, self._sum())
        if self.next.kind == "sign" and self.next.text in COMPARISONS:
            raise Wrong("two comparisons in a row mean nothing; write a <= x AND x < b")
        return tree

    def _sum(self) -> Tree:
        return self._chain(("+", "-"), self._product, "sign")

    def _product(self) -> Tree:
        return self._chain(("*", "/"), self._leaf, "sign")

    def _leaf(self) -> Tree:
        token = self._take()
        if token == Token("sign", "("):
            tree = self.alternatives()
            if self._take() != Token("sign", ")"):
                raise Wrong("a bracket is not closed in an expression")
            return tree
        if token == Token("sign", "-") and self.next.kind == "number":
            number = _number(self._take().text)
            return Number(-number.value)
        if token.kind == "number":
            return _number(token.text)
        if token.kind == "text":
            return _text(token.text[1:-1])
        if token.kind == "name" and token.text.lower() not in KEYWORDS:
            return Name(token.text)
        if token.kind == "name" and token.text not in ("AND", "OR", "NOT"):
            raise Wrong(
                f"{token.text!r} is a word of SQL and cannot be in an expression; "
                "rename the column"
            )
        raise Wrong(_unexpected(token))

    def _take(self) -> Token:
        token = self.next
        self._place += 1
        return token

    def _is(self, kind: str, text: str) -> bool:
        return self.next == Token(kind, text)


def _number(text: str) -> Number:
    return Number(float(text) if "." in text else int(text))


def _text(text: str) -> Text:
    if not TEXT.fullmatch(text):
        raise Wrong(
            f"the text {text!r} has characters that an expression does not take; "
            "letters, digits, _, blanks and < > = ~ are fine"
        )
    return Text(text)
