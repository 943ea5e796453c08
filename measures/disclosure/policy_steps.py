"""What policies do to counts, one step at a time.

A step knows three things: how to protect a whole draft (all measures, groupings and
periods at once, because steps that tie tables together need to see them together),
which true counts a reader who knows the rule can still believe in, and its own rule in
plain words.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np

from measures.counts.columns import Part
from measures.counts.types import RawCounts
from measures.disclosure.memory.recall import Recalled
from measures.disclosure.memory.setting import Setting
from measures.disclosure.programmes import Rounded


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Counts:
    """One column of counts on its way out; arrays with a value for each row."""

    # int64, as far as the steps have come
    values: np.ndarray
    # the true number of distinct patients behind each count
    people: np.ndarray
    # the most that one of them adds
    largest: np.ndarray
    # why a count is redacted; "" where it is shown
    reasons: np.ndarray
    # how far, at most, the true count is from the value; for steps that know it count
    # by count
    reach: np.ndarray
    # of sums of amounts, a base that hides what anybody adds; 0 for all else
    own_base: np.ndarray | int = 0

    @property
    def redacted(self) -> np.ndarray:
        return self.reasons != ""

    def redact(self, where: np.ndarray, reason: str) -> Self:
        """The first reason stays; a later step adds none to it."""
        return replace(
            self, reasons=np.where(where & ~self.redacted, reason, self.reasons)
        )


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Draft:
    """Both counts of every row on their way out."""

    # the rows, and the true counts
    raw: RawCounts
    # the numerators and the denominators
    parts: Mapping[Part, Counts]
    # what the run hands over beside its counts, such as the key and the ledgers
    setting: Setting
    # the tables of the counts, and what the ledger says of them; None: no structure is
    # known
    recalled: Recalled | None = None
    # what the tables became, once they are rounded together
    rounded: Rounded | None = None
    # rows that are not released at all; None: all are
    left_out: np.ndarray | None = None
    # rows of groups that have no name, all of them left out; None: there are none
    unnamed: np.ndarray | None = None

    @property
    def numerator(self) -> Counts:
        return self.parts[Part.NUMERATOR]

    @property
    def denominator(self) -> Counts:
        return self.parts[Part.DENOMINATOR]

    @property
    def released(self) -> np.ndarray:
        """Which rows are released, redacted ones among them."""
        if self.left_out is None:
            return np.ones(len(self.raw.table), bool)
        return ~self.left_out

    def anywhere(self, where: np.ndarray) -> np.ndarray:
        """All rows of every group that is there in any row, of whatever measure and
        interval.
        """
        assert self.recalled is not None
        groupings = self.raw.table["group_by"].combine_chunks().dictionary_encode()
        cells = np.unique(self.recalled.old_at, return_inverse=True)[1]
        joint = groupings.indices.to_numpy() * (cells.max(initial=0) + 1) + cells
        group = np.unique(joint, return_inverse=True)[1]
        return np.bincount(group, weights=where)[group] > 0

    def each(self, change: Callable[[Counts], Counts]) -> Self:
        """The same draft with both counts changed in one way."""
        return replace(
            self, parts={part: change(counts) for part, counts in self.parts.items()}
        )


AMOUNTS_NEAREST = (
    "A sum of amounts is rounded to the nearest multiple of the least of 1, 2, 5, "
    "10, 20 … that is more than any one person may add by the definition."
)


def few_or_less(threshold: int) -> str:
    """Why a small count is redacted."""
    return f"{threshold} or less"


WITHHELD = "withheld: cannot be rounded consistently"
NOT_THEN = "withheld: the released numbers stay, and they were of other groups"


class Step(Protocol):
    """One step of a policy; plain, frozen data."""

    def protect(self, draft: Draft) -> Draft:
        """The draft after this step."""

    def possible(
        self, counts: Counts, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Smallest and largest counts that this step may have turned into something in
        [low, high].
        """

    def rule(self) -> str:
        """What it does, in a sentence for an output checker."""


@dataclass(frozen=True)
class RedactSmall:
    """Redact a count of few people; no people at all are not few, and 0 stays 0."""

    # 1 to so many people are few
    threshold: int

    def protect(self, draft: Draft) -> Draft:
        return draft.each(self._redact)

    def _redact(self, counts: Counts) -> Counts:
        few = (counts.people >= 1) & (counts.people <= self.threshold)
        small = (
            (counts.values <= self.threshold)
            & (counts.values != 0)
            & (counts.own_base == 0)
        )
        return counts.redact(few | small, few_or_less(self.threshold))

    def possible(
        self, counts: Counts, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """What is shown was 0 or above the threshold."""
        above = high > self.threshold
        lowest = np.where(low <= 0, 0, np.maximum(low, self.threshold + 1))
        return np.where(above, lowest, 0), np.where(above, high, 0)

    def rule(self) -> str:
        return (
            f"A count with 1 to {self.threshold} people behind it is redacted, and "
            f"so is a sum that is {self.threshold} or less without being 0. A true 0 "
            "is shown as 0, never as redacted."
        )


@dataclass(frozen=True)
class RoundNearest:
    """Round to the nearest multiple of an odd base: no whole number lies halfway, so
    nothing ties.
    """

    # odd and at least 1; for sums of amounts their `own_base` is used
    base: int

    def __post_init__(self) -> None:
        if self.base < 1 or self.base % 2 == 0:
            raise ValueError(
                f"The base {self.base} is not odd; halves would need a rule of their "
                "own."
            )

    def protect(self, draft: Draft) -> Draft:
        return draft.each(self._round)

    def _round(self, counts: Counts) -> Counts:
        base = np.where(counts.own_base, counts.own_base, self.base)
        return replace(counts, values=(counts.values + base // 2) // base * base)

    def possible(
        self, counts: Counts, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        half = np.where(counts.own_base, counts.own_base, self.base) // 2
        return low - half, high + half

    def rule(self) -> str:
        return (
            f"Every other count is rounded to the nearest multiple of {self.base}, "
            f"each by itself. {AMOUNTS_NEAREST}"
        )


@dataclass(frozen=True)
class RedactFew:
    """Redact a sum of the events of few people; counts of people are left to
    the rounding.
    """

    # 1 to so many people are few
    threshold: int

    def protect(self, draft: Draft) -> Draft:
        return draft.each(self._redact)

    def _redact(self, counts: Counts) -> Counts:
        few = (
            (counts.people >= 1)
            & (counts.people <= self.threshold)
            & (counts.people != counts.values)
        )
        return counts.redact(few, f"{self.threshold} people or fewer")

    def possible(
        self, counts: Counts, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        return low, high

    def rule(self) -> str:
        return (
            f"A sum of events with 1 to {self.threshold} people behind it is redacted."
        )


@dataclass(frozen=True)
class RedactDominated:
    """Redact a sum of which one person gives more than half: who knows the others' part
    knows that one's nearly.
    """

    def protect(self, draft: Draft) -> Draft:
        return draft.each(self._redact)

    def _redact(self, counts: Counts) -> Counts:
        most = (2 * counts.largest > np.abs(counts.values)) & (counts.largest > 1)
        return counts.redact(most, "one person gives most of it")

    def possible(
        self, counts: Counts, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        return low, high

    def rule(self) -> str:
        return "A sum of events to which one person adds more than half is redacted."


@dataclass(frozen=True)
class RoundMidpoint:
    """1 to `base` become the middle of that range, and so on; 0 stays 0."""

    # how many counts share one midpoint; sums of amounts have their `own_base`
    base: int

    def protect(self, draft: Draft) -> Draft:
        return draft.each(self._round)

    def _round(self, counts: Counts) -> Counts:
        blocks = -(-np.abs(counts.values) // self.base)
        middle = np.sign(counts.values) * (blocks * self.base - self.base // 2)
        own = np.maximum(counts.own_base, 1)
        nearest = (counts.values + own // 2) // own * own
        return replace(counts, values=np.where(counts.own_base, nearest, middle))

    def possible(
        self, counts: Counts, low: np.ndarray, high: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        half = self.base // 2
        below, above = self.base - half - 1, half
        lowest = np.where(low > 0, low - below, np.where(low < 0, low - above, 0))
        highest = np.where(high > 0, high + above, np.where(high < 0, high + below, 0))
        own = counts.own_base // 2
        return np.where(own, low - own, lowest), np.where(own, high + own, highest)

    def rule(self) -> str:
        return (
            f"Every count but 0 is shown as the middle of its {self.base}: 1 to "
            f"{self.base} as {self.base - self.base // 2}, and so on; 0 is a true 0. "
            f"{AMOUNTS_NEAREST}"
        )
