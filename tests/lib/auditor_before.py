"""The auditor as it was before it learnt from one system for the next: every system by
itself, all in one.

What it finds is what the auditor must find.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from math import inf

import numpy as np
import pyarrow as pa

from measures.disclosure.audit.findings import (
    Bounded,
    Finding,
    findings_of,
    narrowest_of,
)
from measures.disclosure.audit.knowledge import Change, sketch_of
from measures.disclosure.audit.reading.names import Place
from measures.disclosure.audit.reading.public import read_structure
from measures.disclosure.audit.reading.rows import rows_of
from measures.disclosure.audit.reading.slots import slots_of
from measures.disclosure.audit.reading.tables import Tables
from measures.disclosure.audit.rules import Rule
from measures.disclosure.audit.solving.components import components_of
from measures.disclosure.audit.solving.propagation import propagate
from measures.disclosure.audit.solving.ranges import Goal, Ranges
from measures.disclosure.audit.solving.solver import Solver
from measures.disclosure.audit.solving.system import System


class Before:
    """What it finds in some releases."""

    def __init__(
        self, releases: Sequence[pa.Table], structure: dict, rule: Rule, change: Change
    ):
        rows = [rows_of(table) for table in releases]
        tables = Tables(read_structure(structure), slots_of(rows, appends=rule.appends))
        sketch, places = sketch_of(tables, rule, change)
        self.bounded: list[Bounded] = []
        self.contradictions: list[Place] = []
        self.beliefs: Counter[str] = Counter()
        for component in components_of(sketch.system()):
            width = rule.joint_width if component.joint else rule.width
            ranges = ranges_of(
                component.system, Goal(rule.threshold, width, rule.strict)
            )
            mine = [places[target] for target in component.targets]
            if ranges.guess is None:
                self.contradictions += mine
                continue
            if component.joint or not ranges.guess.windows:
                self.beliefs[change.words(ranges.guess)] += len(mine)
            for place, low, high, exact in zip(
                mine, ranges.lows, ranges.highs, ranges.exact, strict=True
            ):
                bounded = Bounded(
                    place=place,
                    low=float(low),
                    high=float(high),
                    exact=bool(exact),
                    joint=component.joint,
                )
                self.bounded.append(bounded)
        self.findings: list[Finding] = findings_of(self.bounded, rule)
        self.narrowest = narrowest_of(self.bounded)


def ranges_of(system: System, goal: Goal) -> Ranges:
    """What is possible of each target of a system that is looked at alone."""
    for guess in system.guesses:
        least, most = system.bounds(guess)
        bounds = propagate(system, least, most)
        if bounds is None:
            continue
        lows, highs = bounds
        search = _Search(
            system, goal, Solver(system, lows=lows, highs=highs, least=least, most=most)
        )
        if search.start():
            search.run()
            return Ranges(
                lows=search.lows, highs=search.highs, exact=search.done(), guess=guess
            )
    nothing = np.zeros(0)
    return Ranges(lows=nothing, highs=nothing, exact=nothing.astype(bool), guess=None)


class _Search:
    """Inner ranges `lows..highs` and outer ranges `least..most` of all targets, growing
    towards each other.
    """

    def __init__(self, system: System, goal: Goal, solver: Solver):
        self.system, self.goal, self.solver = system, goal, solver
        first, second = system.targets.T
        alone = second < 0
        self.least = solver.lows[first] - np.where(alone, 0, solver.highs[second])
        self.most = solver.highs[first] - np.where(alone, 0, solver.lows[second])
        self.lows, self.highs = np.full(len(first), inf), np.full(len(first), -inf)

    def start(self) -> bool:
        """A first possible truth; False if there is none."""
        return self._learn(self.solver.possible())

    def run(self) -> None:
        for bundle in self._bundles():
            for sense in (1, -1):
                self._learn(self.solver.optimum(self._weights(bundle, sense)).point)
        settled = self._settled()
        for target in np.argsort(self.highs - self.lows, kind="stable"):
            for sense in (1, -1):
                if not settled[target]:
                    self._bound(target, sense)
                    settled = self._settled()  # nothing else changes it

    def done(self) -> np.ndarray:
        return (self.lows == self.least) & (self.highs == self.most)

    def _bundles(self) -> Iterator[np.ndarray]:
        """Open targets pushed together: one programme widens many ranges."""
        for number in np.unique(self.system.bundles):
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
