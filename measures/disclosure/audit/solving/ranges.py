"""The exact range of every count that the attacker's knowledge leaves: linear and
integer programmes.

Every solution found is a possible truth and widens the ranges of all counts at once
from inside; propagation and the programmes' optima narrow them from outside. A count is
done when both meet, or when the inner range alone shows that nothing is wrong with it.
What was found in systems of the same structure comes first (`experience.py`): then few
programmes are left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import inf

import numpy as np

from measures.disclosure.audit.solving.experience import Experience, Known
from measures.disclosure.audit.solving.propagation import propagate
from measures.disclosure.audit.solving.solver import Solver
from measures.disclosure.audit.solving.system import Guess, System


@dataclass(frozen=True)
class Goal:
    """How far to look. `threshold`, `width` and `strict` as in a `Rule`; `exhaustive`:
    every range exactly.
    """

    # counts of 1 to this must not be learnt
    threshold: int
    # so many counts must stay possible
    width: int
    # whether larger counts matter, too
    strict: bool
    # whether every range is found exactly, however wide
    exhaustive: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Ranges:
    """What is possible of each target."""

    # (targets,) the smallest count shown to be possible
    lows: np.ndarray
    # (targets,) the largest count shown to be possible
    highs: np.ndarray
    # nothing outside is possible; where False the range is wide enough, and at least
    # this wide
    exact: np.ndarray
    # the beliefs that fit; None, and no ranges: the release contradicts the rules
    guess: Guess | None
    # how many programmes were solved
    programmes: int = 0


def ranges_of(
    system: System, goal: Goal, experience: Experience | None = None
) -> Ranges:
    """What is possible of each target, as far as it matters for the goal.

    `experience`: of systems before, to which this one is added. What is exact does not
    depend on it.
    """
    known = (experience or Experience()).of(system)
    for guess in system.guesses:
        least, most = system.bounds(guess)
        bounds = propagate(system, least, most)
        if bounds is None:
            continue
        lows, highs = bounds
        solver = Solver(system, lows=lows, highs=highs, least=least, most=most)
        search = _Search(system, goal, solver, known)
        if search.start():
            search.run()
            return Ranges(
                lows=search.lows,
                highs=search.highs,
                exact=search.done(),
                guess=guess,
                programmes=search.solver.runs,
            )
    nothing = np.zeros(0)
    return Ranges(lows=nothing, highs=nothing, exact=nothing.astype(bool), guess=None)


class _Search:
    """Inner ranges `lows..highs` and outer ranges `least..most` of all targets, growing
    towards each other.
    """

    def __init__(self, system: System, goal: Goal, solver: Solver, known: Known):
        self.system, self.goal, self.solver, self.known = system, goal, solver, known
        first, second = system.targets.T
        alone = second < 0
        self.least = solver.lows[first] - np.where(alone, 0, solver.highs[second])
        self.most = solver.highs[first] - np.where(alone, 0, solver.lows[second])
        self.lows, self.highs = np.full(len(first), inf), np.full(len(first), -inf)

    def start(self) -> bool:
        """All truths that are known to be possible, or a first one; False if there is
        none.
        """
        truths = self.known.possible(self.system, self.solver.box)
        values = self.system.values(truths)
        self.lows = values.min(axis=0, initial=inf)
        self.highs = values.max(axis=0, initial=-inf)
        self._endless = self.known.without_end(self.solver.box)
        if len(truths) or self._learn(self.solver.possible()):
            self._recall_endless()
            return True
        return False

    def _recall_endless(self) -> None:
        for target, sense in self._endless:
            inner, outer = (
                (self.highs, self.most) if sense > 0 else (self.lows, self.least)
            )
            inner[target] = outer[target] = sense * inf

    def run(self) -> None:
        for bundle in self._bundles():
            for sense in (1, -1):
                self._learn(self.solver.optimum(self._weights(bundle, sense)).point)
        settled = self._settled()
        order = np.argsort(self.highs - self.lows, kind="stable")
        # what is settled stays so: mostly nothing is left here
        for target in order[~settled[order]]:
            for sense in (1, -1):
                if not settled[target]:
                    self._bound(target, sense)
                    settled = self._settled()  # nothing else changes it

    def done(self) -> np.ndarray:
        return (self.lows == self.least) & (self.highs == self.most)

    def _bundles(self) -> Iterator[np.ndarray]:
        """Open targets pushed together: one programme widens many ranges."""
        # one look at all: in most weeks every target is settled by earlier truths
        unsettled = ~self._settled()
        for number in np.unique(self.system.bundles[unsettled]):
            bundle = np.flatnonzero((self.system.bundles == number) & ~self._settled())
            if len(bundle) > 1:
                yield bundle

    def _bound(self, target: int, sense: int) -> None:
        """One end of one target from outside, and a point that attains it; `sense` -1
        for the lower end.
        """
        inner, outer = (self.highs, self.most) if sense > 0 else (self.lows, self.least)
        if inner[target] == outer[target]:
            return
        weights = self._weights(np.array([target]), sense)
        best = self.solver.optimum(weights)
        if best.point is None and best.value > sense * inner[target]:
            best = self.solver.optimum(weights, whole=True)
        self._learn(best.point)
        inner, outer = (self.highs, self.most) if sense > 0 else (self.lows, self.least)
        inner[target] = outer[target] = sense * best.value
        if best.value == inf:
            self._endless.add((int(target), sense))

    def _weights(self, targets: np.ndarray, sense: int) -> np.ndarray:
        """The objective that sums these targets, to be made as large as can be."""
        first, second = self.system.targets[targets].T
        weights = np.zeros(len(self.system.lows))
        np.add.at(weights, first, sense)
        np.add.at(weights, second[second >= 0], -sense)
        return weights

    def _learn(self, point: np.ndarray | None) -> bool:
        if point is None:
            return False
        values = self.system.values(point)
        if ((values < self.lows) | (values > self.highs)).any():
            self.known.keep(self.system, self.solver.box, point)
        self.lows, self.highs = (
            np.minimum(self.lows, values),
            np.maximum(self.highs, values),
        )
        return True

    def _settled(self) -> np.ndarray:
        """Both ranges agree, or the inner one is wide enough and reaches beyond the
        small counts.
        """
        if self.goal.exhaustive:
            return self.done()
        values, small = self.highs - self.lows + 1, self.goal.threshold
        beyond = (self.lows < 1) | (self.highs > small)
        wide = values >= self.goal.width
        # rounding count by count leaves large counts narrow by design
        if not self.goal.strict:
            wide |= self.least > small
        return self.done() | ((values > 1) & beyond & wide)
