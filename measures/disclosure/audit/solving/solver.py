"""HiGHS, hot-started: one model, many objectives. Whole numbers are demanded only where
a vertex has none.
"""

from functools import cached_property
from math import inf
from typing import Any, NamedTuple

import highspy
import numpy as np

from extractors.errors import CohortflowError
from measures.disclosure.audit.solving.experience import Box
from measures.disclosure.audit.solving.propagation import SLACK
from measures.disclosure.audit.solving.system import System

OPTIMAL, ENDLESS = (
    highspy.HighsModelStatus.kOptimal,
    highspy.HighsModelStatus.kUnbounded,
)
EITHER, NOTHING = (
    highspy.HighsModelStatus.kUnboundedOrInfeasible,
    highspy.HighsModelStatus.kInfeasible,
)
ANSWERS = (OPTIMAL, ENDLESS, EITHER, NOTHING)
OPTIONS: dict[str, Any] = {
    "output_flag": False,
    "threads": 1,  # components run side by side
    "presolve": "off",  # it would throw the last basis away
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.5,  # objectives are whole
}


class Optimum(NamedTuple):
    """The largest value (inf if there is none) and a whole-numbered point, if one was
    found.
    """

    value: float
    point: np.ndarray | None


class Solver:
    """A system between the bounds that propagation found.

    Counts are measured from their lowest possible value, so that a range of ten counts
    around 20 million is as easy for floating point as one around 20. `runs`: programmes
    solved.
    """

    def __init__(
        self,
        system: System,
        *,
        lows: np.ndarray,
        highs: np.ndarray,
        least: np.ndarray,
        most: np.ndarray,
    ):
        self.lows, self.highs, self.least, self.most = lows, highs, least, most
        self.entries, self.runs = system.entries, 0
        self.base = np.where(
            np.isfinite(lows), lows, np.where(np.isfinite(highs), highs, 0.0)
        )
        self.columns = np.arange(len(lows), dtype=np.int32)

    @property
    def box(self) -> Box:
        """The bounds, and what counts are measured from."""
        return Box(
            lows=self.lows,
            highs=self.highs,
            least=self.least,
            most=self.most,
            base=self.base,
        )

    @cached_property
    def relaxed(self) -> highspy.Highs:
        """The programme over all numbers; many systems need none."""
        return self._model(whole=False)

    @cached_property
    def strict(self) -> highspy.Highs:
        """The programme over whole numbers."""
        return self._model(whole=True)

    def possible(self) -> np.ndarray | None:
        """A whole-numbered point; None if there is none."""
        nothing = np.zeros(len(self.lows))
        found = self.optimum(nothing, whole=True)
        return found.point

    def optimum(self, weights: np.ndarray, *, whole: bool = False) -> Optimum:
        """The largest weighted sum. Over whole numbers if `whole`, else just a bound
        and perhaps a point.
        """
        found = self._solve(self.relaxed, weights)
        if found.point is not None or not whole or abs(found.value) == inf:
            return found
        return self._solve(self.strict, weights)

    def _solve(self, model: highspy.Highs, weights: np.ndarray) -> Optimum:
        model.changeColsCost(len(weights), self.columns, weights)
        status = self._run(model)
        if status in (ENDLESS, EITHER):
            return Optimum(inf, None)
        if status != OPTIMAL:
            return Optimum(-inf, None)
        point = self._point(np.array(model.getSolution().col_value))
        value = model.getInfo().objective_function_value + weights @ self.base
        return Optimum(
            float(np.floor(value + SLACK)) if point is None else float(weights @ point),
            point,
        )

    def _run(self, model: highspy.Highs) -> highspy.HighsModelStatus:
        """One run, a second one from scratch if the first lost its way; CohortflowError
        if that does not help.
        """
        for _ in range(2):
            model.run()
            self.runs += 1
            if model.getModelStatus() in ANSWERS:
                return model.getModelStatus()
            model.clearSolver()
        name = model.modelStatusToString(model.getModelStatus())
        raise CohortflowError(
            f"The audit could not be finished: HiGHS says {name!r}. Nothing can be "
            "said of the release."
        )

    def _point(self, shifted: np.ndarray) -> np.ndarray | None:
        """The truth at a solution, if it is one: whole, and between all bounds when
        made exactly so.
        """
        x = np.round(shifted)
        if np.abs(shifted - x).max(initial=0) > SLACK:
            return None
        x += self.base
        rows, columns, weights = self.entries
        sums = np.bincount(rows, weights * x[columns], len(self.least))
        fits = (sums >= self.least - SLACK).all() and (sums <= self.most + SLACK).all()
        return (
            x if fits and (x >= self.lows).all() and (x <= self.highs).all() else None
        )

    def _model(self, *, whole: bool) -> highspy.Highs:
        model = highspy.Highs()
        for option, value in OPTIONS.items():
            model.setOptionValue(option, value)
        model.passModel(self._lp(whole))
        return model

    def _lp(self, whole: bool) -> highspy.HighsLp:
        rows, columns, weights = self.entries
        shift = np.bincount(rows, weights * self.base[columns], len(self.least))
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.lows), len(self.least)
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = np.zeros(len(self.lows))
        lp.col_lower_, lp.col_upper_ = self.lows - self.base, self.highs - self.base
        lp.row_lower_, lp.row_upper_ = self.least - shift, self.most - shift
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.searchsorted(
            rows, np.arange(len(self.least) + 1)
        ).astype(np.int32)
        lp.a_matrix_.index_, lp.a_matrix_.value_ = columns.astype(np.int32), weights
        if whole:
            lp.integrality_ = [highspy.HighsVarType.kInteger] * len(self.lows)
        return lp
