"""SQL as people read it: the same words, broken into lines.

A compiled statement is one line, however long it is. Here only the white space between
its words changes, so what is shown is what is run:

    SELECT patient_id, "sex" FROM "static values" WHERE "sex" = 'female'

becomes, where it is too wide,

    SELECT patient_id, "sex"
    FROM "static values"
    WHERE "sex" = 'female'
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

WIDTH = 88
STEP = 2  # columns that a line goes further in than the one that it belongs to
# a list of items no longer than this is filled in like text, as a list of codes
SHORT = 24
# A string, a name in quotes, a bracket, a comma, or a run of anything else.
TOKEN = re.compile(r"""\s*('(?:[^']|'')*'|"(?:[^"]|"")*"|[()\[\],]|[^\s()\[\],'"]+)""")
OPENING, CLOSING = ("(", "["), (")", "]")
# Words that begin a line of a query where it is too wide for one.
CLAUSES = {"SELECT", "FROM", "WHERE", "GROUP", "ORDER", "HAVING", "UNION", "WITH"}
JOINS = {"JOIN", "LEFT", "CROSS", "SEMI", "ANTI"}
# Words that begin a line of a condition or a choice that is too wide.
LINKS = {"ON", "AND", "OR", "WHEN", "ELSE", "END", "+"}
# words from BETWEEN to its AND, as in `BETWEEN DATE '2020-01-01' AND …`
BETWEEN = 4


@dataclass(frozen=True)
class Word:
    """One token, or a bracket with all that is in it."""

    # the text as one line
    flat: str
    # whether white space comes before it
    apart: bool
    # what is in the bracket; empty for a token and for `()`
    inside: "tuple[Word, ...]" = ()


Words = Sequence[Word]
Begins = Callable[[Words, int], bool]


def lay_out(sql: str, width: int = WIDTH) -> str:
    """The same SQL in lines, most of them within `width` columns.

    A string or a name is never broken, so a line may be wider.

    >>> print(lay_out("SELECT a, b FROM t WHERE a > 1", width=20))
    SELECT a, b
    FROM t
    WHERE a > 1
    """
    return "\n".join(_lines(words_of(sql), 0, width))


def words_of(sql: str) -> tuple[Word, ...]:
    """The words of some SQL, a bracket and what is in it as one of them."""
    levels: list[list[Word]] = [[]]
    brackets: list[tuple[str, bool]] = []
    for found in TOKEN.finditer(sql):
        token, apart = found[1], found.start(1) > found.start()
        if token in OPENING:
            brackets.append((token, apart))
            levels.append([])
        elif token in CLOSING:
            inside = tuple(levels.pop())
            opening, before = brackets.pop()
            flat = f"{opening}{_flat(inside)}{token}"
            levels[-1].append(Word(flat, before, inside))
        else:
            levels[-1].append(Word(token, apart))
    return tuple(levels[0])


def _flat(words: Iterable[Word]) -> str:
    """Words as one line."""
    parts: list[str] = []
    for word in words:
        if word.apart and parts:
            parts.append(" ")
        parts.append(word.flat)
    return "".join(parts)


def _lines(words: Words, indent: int, width: int) -> list[str]:
    """Words in one line where they fit; else cut where people would cut them.

    First at the clauses of a query, then behind commas, then before AND and WHEN, and
    at last in a bracket.
    """
    line = " " * indent + _flat(words)
    if len(line) <= width:
        return [line]
    clauses = _cut(words, _begins_clause)
    if len(clauses) > 1:
        return _each(clauses, indent, indent, width)
    later = indent + STEP if _begins_clause(words, 0) else indent
    items = _cut(words, _follows_comma)
    if len(items) > 1:
        short = all(len(_flat(item)) <= SHORT for item in items[1:])
        if short and indent + len(_flat(items[0])) <= width:
            return _filled(items, indent, later, width)
        return _each(items, indent, later, width)
    links = _cut(words, _begins_link)
    if len(links) > 1:
        return _linked(links, indent, width)
    return _in_brackets(words, indent, width)


def _each(pieces: Iterable[Words], first: int, later: int, width: int) -> list[str]:
    """The lines of some pieces, those behind the first one further in."""
    lines: list[str] = []
    for piece in pieces:
        lines += _lines(piece, later if lines else first, width)
    return lines


def _linked(pieces: Iterable[Words], indent: int, width: int) -> list[str]:
    """The lines of the parts of a condition or a choice; its END is below its CASE."""
    lines: list[str] = []
    for piece in pieces:
        level = indent + STEP if lines and piece[0].flat != "END" else indent
        lines += _lines(piece, level, width)
    return lines


def _filled(pieces: Iterable[Words], first: int, later: int, width: int) -> list[str]:
    """Short pieces, as many in a line as it takes."""
    lines: list[str] = []
    line = " " * first
    for piece in pieces:
        text = _flat(piece)
        if line.strip() and len(line) + 1 + len(text) > width:
            lines.append(line)
            line = " " * later
        line += f" {text}" if line.strip() else text
    return [*lines, line]


def _in_brackets(words: Words, indent: int, width: int) -> list[str]:
    """Words in which a bracket that is too wide has lines of its own."""
    lines: list[str] = []
    line = ""
    for word in words:
        gap = " " if word.apart and line else ""
        if word.inside and indent + len(line + gap + word.flat) > width:
            lines.append(" " * indent + line + gap + word.flat[0])
            lines += _lines(word.inside, indent + STEP, width)
            line = word.flat[-1]
        else:
            line += gap + word.flat
    return [*lines, " " * indent + line]


def _cut(words: Words, begins: Begins) -> list[Words]:
    """Words in pieces, each of which begins where `begins` says so."""
    edges = [place for place in range(1, len(words)) if begins(words, place)]
    starts, ends = [0, *edges], [*edges, len(words)]
    return [words[start:end] for start, end in zip(starts, ends, strict=True)]


def _begins_clause(words: Words, place: int) -> bool:
    before = words[place - 1].flat if place else ""
    if words[place].flat in JOINS:
        # LEFT JOIN begins with LEFT
        return before not in JOINS
    return words[place].flat in CLAUSES


def _follows_comma(words: Words, place: int) -> bool:
    return words[place - 1].flat == ","


def _begins_link(words: Words, place: int) -> bool:
    if words[place].flat not in LINKS:
        return False
    # the AND of `x BETWEEN a AND b` links nothing
    before = [word.flat for word in words[max(0, place - BETWEEN) : place]]
    return words[place].flat != "AND" or "BETWEEN" not in before
