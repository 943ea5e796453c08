"""What the attacker knows of some counts, as integers between bounds and linear rows
between them.

A reader sees North 16, South redacted and all 16, and knows base and threshold, 8 and 7:

    9 <= North <= 23              a multiple of 8 that is less than 8 away is 16
    0 <= South <= 7               else it were shown
    9 <= all   <= 23
    North + South - all = 0       groups add up to their total

South can be 0 and can be 7, so nothing is learnt of it.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from math import inf
from typing import Any

import numpy as np

# what a row rests on: the rules, nested intervals, what changed between releases
RULE, WINDOW, CHANGE = 0, 1, 2


@dataclass(frozen=True)
class Guess:
    """What the attacker believes beyond the rules; refuted when nothing fits, then the
    next is tried.

    `change`: 1 if the later release has more, -1 if it has less, 0 if nothing is known.
    """

    # that counts of nested intervals are tied
    windows: bool
    # 1 if the later release has more, -1 if it has less, 0 if nothing is known
    change: int


@dataclass(frozen=True, eq=False, kw_only=True)
class System:
    """lows <= x <= highs, least <= A x <= most, x whole."""

    # (columns,) the least that each count can be
    lows: np.ndarray
    # (columns,) the most that each count can be; infinity: no end is known
    highs: np.ndarray
    # of A: rows, columns, weights
    entries: tuple[np.ndarray, np.ndarray, np.ndarray]
    # (rows,) the least that each sum can be
    least: np.ndarray
    # (rows,) the most that each sum can be
    most: np.ndarray
    # what each row rests on: RULE, WINDOW or CHANGE
    tags: np.ndarray
    # (m, 2) columns, the second subtracted unless -1
    targets: np.ndarray
    # a number per target; those of one bundle hardly hinder each other
    bundles: np.ndarray
    # what the attacker may believe, strongest first
    guesses: tuple[Guess, ...] = (Guess(True, 0),)

    def bounds(self, guess: Guess) -> tuple[np.ndarray, np.ndarray]:
        """least and most under a guess."""
        least, most = self.least.copy(), self.most.copy()
        changed = self.tags == CHANGE
        if guess.change < 0:
            least[changed], most[changed] = -self.most[changed], -self.least[changed]
        loose = (changed & (guess.change == 0)) | (
            (self.tags == WINDOW) & (not guess.windows)
        )
        least[loose], most[loose] = -inf, inf
        return least, most

    def values(self, x: np.ndarray) -> np.ndarray:
        """The targets at a point, or at each of several."""
        first, second = self.targets.T
        return x[..., first] - np.where(second < 0, 0, x[..., second])


@dataclass
class Sketch:
    """A system while it is being put together; counts go by any hashable name."""

    # by the name of a count, its column
    columns: dict[Hashable, int] = field(default_factory=dict)
    # of each column
    lows: list[float] = field(default_factory=list)
    # of each column
    highs: list[float] = field(default_factory=list)
    # what each rests on, and the ends of its sum
    rows: list[tuple[int, float, float]] = field(default_factory=list)
    # row, column and weight
    entries: list[tuple[int, int, float]] = field(default_factory=list)
    # two columns, the second subtracted unless it is -1
    targets: list[tuple[int, int]] = field(default_factory=list)
    # a number for each target
    bundles: list[int] = field(default_factory=list)

    def add(self, name: Hashable, low: float, high: float) -> None:
        """A count, or what is known besides of one that is there."""
        if name not in self.columns:
            self.columns[name] = len(self.columns)
            self.lows.append(low)
            self.highs.append(high)
            return
        column = self.columns[name]
        self.lows[column] = max(self.lows[column], low)
        self.highs[column] = min(self.highs[column], high)

    def range(self, name: Hashable) -> tuple[float, float]:
        column = self.columns[name]
        return self.lows[column], self.highs[column]

    def tie(
        self, terms: Mapping[Any, float], least: float, most: float, tag: int = RULE
    ) -> None:
        """least <= sum of weight * count <= most."""
        number = len(self.rows)
        self.rows.append((tag, least, most))
        self.entries += [
            (number, self.columns[name], weight) for name, weight in terms.items()
        ]

    def aim(self, first: Hashable, second: Hashable | None, bundle: int) -> None:
        """Ask for the range of a count, or of one minus another."""
        self.targets.append(
            (self.columns[first], -1 if second is None else self.columns[second])
        )
        self.bundles.append(bundle)

    def system(self) -> System:
        return System(
            lows=np.array(self.lows, float),
            highs=np.array(self.highs, float),
            entries=(
                np.array([row for row, _, _ in self.entries], np.int64),
                np.array([column for _, column, _ in self.entries], np.int64),
                np.array([weight for _, _, weight in self.entries], float),
            ),
            least=np.array([least for _, least, _ in self.rows], float),
            most=np.array([most for _, _, most in self.rows], float),
            tags=np.array([tag for tag, _, _ in self.rows], np.int64),
            targets=np.array(self.targets, np.int64).reshape(-1, 2),
            bundles=np.array(self.bundles, np.int64),
        )
