r"""Strings that fit a regular expression, for columns that promise one.

Understood are literals, escapes (\d \w \.), classes, groups, alternatives and the
quantifiers ? * + {n} {n,m}; that covers every coding system and every pattern of the
tables. All else is refused.
"""

import re
import string
from collections.abc import Callable

from extractors.errors import ArgumentsError
from extractors.model.types import WITH_CHECK_DIGIT, Code
from extractors.model.verhoeff import with_check_digit
from extractors.trial.dice import Rng

Writer = Callable[[Rng], str]
ESCAPES = {
    "d": string.digits,
    "w": string.ascii_letters + string.digits + "_",
    "s": " ",
}
ANYTHING = string.ascii_letters + string.digits
OPEN_END = 4  # what * and + and {n,} add to the least
QUANTIFIERS = {"?": (0, 1), "*": (0, OPEN_END), "+": (1, 1 + OPEN_END)}
ATTEMPTS = 20
LEAST_CONCEPT, MOST_CONCEPT = 100_000, 46_000_000


def pool_of(
    rng: Rng, pattern: str, count: int, without: frozenset[str] = frozenset()
) -> list[str]:
    """Up to `count` different strings that match the whole pattern and are not among
    `without`.

    Fewer where there hardly are more. Raises ArgumentsError for a pattern that goes
    beyond what is understood here, or that nothing fits.
    """
    write = _Parser(pattern).parse()
    found: dict[str, None] = {}
    for _ in range(ATTEMPTS * count):
        text = write(rng)
        if not re.fullmatch(pattern, text):
            raise _refusal(pattern)
        if text not in without:
            found[text] = None
        if len(found) == count:
            break
    return list(found)


def codes_of(
    rng: Rng, system: type[Code], count: int, without: frozenset[str] = frozenset()
) -> list[str]:
    """Up to `count` different codes of a coding system, with its check digit."""
    codes = pool_of(rng, system.pattern.pattern, count, without)
    if system not in WITH_CHECK_DIGIT:
        return codes
    found: list[str] = []
    for code in dict.fromkeys(map(with_check_digit, codes)):
        if code not in without:
            found.append(code)
    return found


def concepts_of(rng: Rng, count: int) -> list[int]:
    """Up to `count` different ids, as OMOP's vocabularies number their concepts."""
    found: list[int] = []
    for each in dict.fromkeys(rng.integers(LEAST_CONCEPT, MOST_CONCEPT, count)):
        found.append(int(each))
    return found


def _refusal(pattern: str) -> ArgumentsError:
    return ArgumentsError(
        f"No records can be made up for the pattern {pattern!r}: it uses more than "
        "literals, classes, groups, alternatives and quantifiers; give the column "
        "categories, or a simpler pattern."
    )


def _one_of(characters: str) -> Writer:
    return lambda rng: characters[rng.integers(len(characters))]


def _repeated(write: Writer, least: int, most: int) -> Writer:
    return lambda rng: "".join(write(rng) for _ in range(rng.integers(least, most + 1)))


def _in_turn(writers: list[Writer]) -> Writer:
    return lambda rng: "".join(write(rng) for write in writers)


def _any_of(writers: list[Writer]) -> Writer:
    return lambda rng: writers[rng.integers(len(writers))](rng)


class _Parser:
    """Reads a pattern once, by recursive descent, into a function that writes
    strings.
    """

    def __init__(self, pattern: str):
        self._pattern, self._at = pattern, 0

    def parse(self) -> Writer:
        write = self._alternatives()
        if self._peek():
            raise _refusal(self._pattern)
        return write

    def _peek(self) -> str:
        return self._pattern[self._at : self._at + 1]

    def _next(self) -> str:
        if not (character := self._peek()):
            raise _refusal(self._pattern)
        self._at += 1
        return character

    def _alternatives(self) -> Writer:
        choices = [self._sequence()]
        while self._peek() == "|":
            self._next()
            choices.append(self._sequence())
        return _any_of(choices)

    def _sequence(self) -> Writer:
        parts = []
        while self._peek() not in ("", "|", ")"):
            parts.append(_repeated(self._atom(), *self._quantifier()))
        return _in_turn(parts)

    def _atom(self) -> Writer:
        character = self._next()
        if character == "(":
            return self._group()
        if character == "[":
            return _one_of(self._members())
        if character == "\\":
            return _one_of(self._escaped())
        if character in "^$":
            return _in_turn([])
        return _one_of(ANYTHING if character == "." else character)

    def _escaped(self) -> str:
        character = self._next()
        return ESCAPES.get(character, character)

    def _group(self) -> Writer:
        if self._pattern.startswith("?:", self._at):
            self._at += 2
        write = self._alternatives()
        if self._next() != ")":
            raise _refusal(self._pattern)
        return write

    def _members(self) -> str:
        members = ""
        while (character := self._next()) != "]":
            if character == "\\":
                members += self._escaped()
            elif (
                self._peek() == "-"
                and self._pattern[self._at + 1 : self._at + 2] != "]"
            ):
                self._next()
                members += "".join(
                    map(chr, range(ord(character), ord(self._next()) + 1))
                )
            else:
                members += character
        if not members or members[0] == "^":
            raise _refusal(self._pattern)
        return members

    def _quantifier(self) -> tuple[int, int]:
        if self._peek() in QUANTIFIERS:
            return QUANTIFIERS[self._next()]
        counts = re.match(r"\{(\d+)(,?)(\d*)\}", self._pattern[self._at :])
        if not counts:
            return 1, 1
        self._at += counts.end()
        least = int(counts[1])
        # {2} is two of them, {2,5} two to five, {2,} two and some more
        if counts[3]:
            return least, int(counts[3])
        return least, least + (OPEN_END if counts[2] else 0)
