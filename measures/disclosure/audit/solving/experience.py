"""What was found in earlier systems of the same structure, which differ in their bounds
only.

All weeks of a study are one system with other numbers. What is possible in one of them
is mostly possible in the next, once counts are measured from their lowest possible
value: so every truth that a programme found is tried on each later system, all at once
and without a programme. A truth is believed only after a look at every bound and every
row of the system at hand, so nothing found here is less certain than what a programme
says.

Which counts have no end depends on the structure and on which bounds there are, not on
their numbers. That is found out once.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np

from measures.disclosure.audit.solving.propagation import SLACK
from measures.disclosure.audit.solving.system import System

# of one structure; more are rarely of use, and each is tried on every system
MOST_TRUTHS = 300
MOST_STRUCTURES = 64  # those used last; 300 truths of 1,000 counts are 7 MB


@dataclass(frozen=True, eq=False, kw_only=True)
class Box:
    """A system between the bounds that propagation found; `base`: what counts are
    measured from.
    """

    # the least that each count can be
    lows: np.ndarray
    # the most that each count can be
    highs: np.ndarray
    # the least that each row of sums can be
    least: np.ndarray
    # the most that it can be
    most: np.ndarray
    # what counts are measured from
    base: np.ndarray


@dataclass(eq=False)
class Known:
    """Of one structure: truths as counts above the base, with the sums of their
    rows.
    """

    # (truths, counts) the truths that were found; rows from `size` on are unused
    points: np.ndarray
    # (truths, rows) what each truth makes of the rows of the system
    sums: np.ndarray
    # how many truths are kept
    size: int = 0
    # which bounds are there -> the targets that have no end, as (target, sense)
    endless: dict[bytes, set[tuple[int, int]]] = field(default_factory=dict)

    def possible(self, system: System, box: Box) -> np.ndarray:
        """Those of the truths that are possible here, as whole truths."""
        points = self.points[: self.size]
        fits = (points >= box.lows - box.base).all(axis=1) & (
            points <= box.highs - box.base
        ).all(axis=1)
        chosen = np.flatnonzero(fits)
        sums = self.sums[chosen] + _sums(system, box.base)
        fits = (sums >= box.least - SLACK).all(axis=1) & (sums <= box.most + SLACK).all(
            axis=1
        )
        return points[chosen[fits]] + box.base

    def keep(self, system: System, box: Box, point: np.ndarray) -> None:
        """Keep a truth for later systems."""
        if self.size == MOST_TRUTHS:
            return
        if self.size == len(self.points):
            self.points, self.sums = _longer(self.points), _longer(self.sums)
        above = point - box.base
        self.points[self.size], self.sums[self.size] = above, _sums(system, above)
        self.size += 1

    def without_end(self, box: Box) -> set[tuple[int, int]]:
        """The targets of which it is known that they have no end, where these bounds
        are there.
        """
        there = [
            np.isfinite(bounds) for bounds in (box.lows, box.highs, box.least, box.most)
        ]
        return self.endless.setdefault(np.concatenate(there).tobytes(), set())


class Experience:
    """What is known of the structures that were used last."""

    def __init__(self) -> None:
        self._known: OrderedDict[tuple, Known] = OrderedDict()

    def of(self, system: System) -> Known:
        """What is known of systems like this one."""
        structure = (
            len(system.lows),
            len(system.least),
            *(part.tobytes() for part in system.entries),
            system.targets.tobytes(),
        )
        if structure not in self._known:
            self._known[structure] = _nothing(system)
            if len(self._known) > MOST_STRUCTURES:
                self._known.popitem(last=False)
        self._known.move_to_end(structure)
        return self._known[structure]


def _nothing(system: System) -> Known:
    return Known(np.zeros((4, len(system.lows))), np.zeros((4, len(system.least))))


def _longer(table: np.ndarray) -> np.ndarray:
    return np.concatenate([table, np.zeros_like(table)])


def _sums(system: System, point: np.ndarray) -> np.ndarray:
    """What each row adds up to at a point."""
    rows, columns, weights = system.entries
    return np.bincount(rows, weights * point[columns], len(system.least))
