"""What policies do to counts, one step at a time.

A step knows three things: how to protect a whole draft (all measures, groupings and periods at once,
because steps that tie tables together need to see them together), which true counts a reader who
knows the rule can still believe in, and its own rule in plain words.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np

from measures.disclosure.types import RawCounts


@dataclass(frozen=True, eq=False, repr=False)
class Counts:
    """One column of counts on its way out; three arrays of one length.

    `values`: int64, as far as the steps have come. `people`: the true number of distinct patients
    behind each. `reasons`: why a count is redacted, "" where it is shown.
    """

    values: np.ndarray
    people: np.ndarray
    reasons: np.ndarray

    @property
    def redacted(self) -> np.ndarray:
        return self.reasons != ""

    def redact(self, where: np.ndarray, reason: str) -> Self:
        """The first reason stays; a later step adds none to it."""
        return replace(self, reasons=np.where(where & ~self.redacted, reason, self.reasons))


@dataclass(frozen=True, eq=False, repr=False)
class Draft:
    """Both counts of every row, and the raw table whose rows they are."""

    raw: RawCounts
    numerator: Counts
    denominator: Counts

    def each(self, change: Callable[[Counts], Counts]) -> Self:
        return replace(self, numerator=change(self.numerator), denominator=change(self.denominator))


class Step(Protocol):
    """One step of a policy; plain, frozen data."""

    def protect(self, draft: Draft) -> Draft:
        """The draft after this step."""

    def possible(self, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Smallest and largest counts that this step may have turned into something in [low, high]."""

    def rule(self) -> str:
        """What it does, in a sentence for an output checker."""


@dataclass(frozen=True)
class RedactSmall:
    """Redact what few people stand behind; nobody at all is not few, and 0 stays 0."""

    threshold: int

    def protect(self, draft: Draft) -> Draft:
        return draft.each(self._redact)

    def _redact(self, counts: Counts) -> Counts:
        few = (counts.people >= 1) & (counts.people <= self.threshold)
        small = (counts.values <= self.threshold) & (counts.values != 0)
        return counts.redact(few | small, f"{self.threshold} or less")

    def possible(self, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What is shown was 0 or above the threshold."""
        above = high > self.threshold
        lowest = np.where(low <= 0, 0, np.maximum(low, self.threshold + 1))
        return np.where(above, lowest, 0), np.where(above, high, 0)

    def rule(self) -> str:
        return (
            f"A count with 1 to {self.threshold} people behind it is redacted, and so is a sum that is "
            f"{self.threshold} or less without being 0. A true 0 is shown as 0, never as redacted."
        )


@dataclass(frozen=True)
class RoundNearest:
    """Round to the nearest multiple of an odd base: no whole number lies halfway, so nothing ties."""

    base: int

    def __post_init__(self) -> None:
        if self.base < 1 or self.base % 2 == 0:
            raise ValueError(f"The base {self.base} is not odd; halves would need a rule of their own.")

    def protect(self, draft: Draft) -> Draft:
        return draft.each(self._round)

    def _round(self, counts: Counts) -> Counts:
        nearest = (counts.values + self.base // 2) // self.base * self.base
        return replace(counts, values=nearest)

    def possible(self, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return low - self.base // 2, high + self.base // 2

    def rule(self) -> str:
        return f"Every other count is rounded to the nearest multiple of {self.base}, each by itself."
