"""What is known of a cell that holds a string, a code or a truth."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from extractors.model.schema import Column
from extractors.model.types import Code, ConceptId, MultiCode
from extractors.trial.patterns import codes_of, concepts_of, pool_of

EXAMPLES = 40
NAMES = [f"made up {number}" for number in range(1, 11)]


@dataclass(frozen=True)
class Words:
    """The values that a cell may have."""

    # Only these; None for any.
    only: frozenset | None = None
    # values that it must not have
    never: frozenset = frozenset()
    # What the value holds, and what it must not hold.
    parts: tuple[str, ...] = ()
    # texts that must not be in it
    lacks: tuple[str, ...] = ()

    def among(self, values: frozenset) -> "Words | None":
        """None where nothing is left."""
        only = values - self.never if self.only is None else self.only & values
        return self._kept(replace(self, only=only))

    def without(self, values: frozenset) -> "Words | None":
        only = None if self.only is None else self.only - values
        return self._kept(replace(self, only=only, never=self.never | values))

    def holding(self, part: str) -> "Words | None":
        parts = self.parts if part in self.parts else (*self.parts, part)
        return self._kept(replace(self, parts=parts))

    def lacking(self, part: str) -> "Words | None":
        return self._kept(replace(self, lacks=(*self.lacks, part)))

    def _kept(self, narrowed: "Words") -> "Words | None":
        for part in narrowed.parts:
            if any(lack in part for lack in narrowed.lacks):
                return None
        if narrowed.only is None:
            return narrowed
        if narrowed.parts or narrowed.lacks:
            fitting = frozenset(v for v in narrowed.only if narrowed.fits(v))
            narrowed = replace(narrowed, only=fitting)
        return narrowed if narrowed.only else None

    def fits(self, value: str | bool | int) -> bool:
        """Whether a cell may hold this value."""
        if value in self.never or (self.only is not None and value not in self.only):
            return False
        text = str(value)
        held = all(part in text for part in self.parts)
        return held and not any(lack in text for lack in self.lacks)


def words_of(column: Column) -> Words:
    """What a column promises of its values."""
    if column.type is bool:
        return Words(frozenset((True, False)))
    if column.categories:
        return Words(frozenset(column.categories))
    return Words()


def examples(column: Column) -> Sequence[str | int]:
    """Some values that a column of strings or ids may hold, always the same."""
    rng = np.random.default_rng(0)
    if issubclass(column.type, MultiCode):
        return [
            f"||{code}" for code in pool_of(rng, _pattern(column.type.code), EXAMPLES)
        ]
    if column.pattern:
        return pool_of(rng, column.pattern, EXAMPLES)
    if column.type is ConceptId:
        return concepts_of(rng, EXAMPLES)
    return (
        codes_of(rng, column.type, EXAMPLES) if issubclass(column.type, Code) else NAMES
    )


def _pattern(code: type[Code]) -> str:
    return code.pattern.pattern


def texts_of(column: Column, words: Words) -> list[str | bool | int]:
    """The values from which one is drawn for a cell; none where none is known."""
    if words.only is not None:
        return sorted(words.only, key=str)[:EXAMPLES]
    if issubclass(column.type, MultiCode) and words.parts:
        code = column.type.code
        texts: Sequence[str | int] = [
            "||" + " ,".join(_completed(code, part) for part in words.parts)
        ]
    elif words.parts and not column.pattern:
        texts = [" ".join(words.parts)]
    else:
        texts = examples(column)
    return [text for text in texts if words.fits(text)]


def _completed(code: type[Code], prefix: str) -> str:
    """The beginning of a code as a code."""
    while len(prefix) < 4 and not code.pattern.fullmatch(prefix):
        prefix += "0"
    return prefix
