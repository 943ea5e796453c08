"""The door to HiGHS: whole steps of least cost under linear constraints, the same every
time.
"""

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from extractors.late import Late

if TYPE_CHECKING:
    import highspy
else:
    highspy = Late("highspy")  # only a release needs it

WHOLE = 1e-6  # how far from a whole number a solution of the relaxation may be
# A bound that does not depend on the clock, so that no busy machine changes a result.
# Three- and four-way tables with all their margins took up to 31.
MOST_NODES = 500
OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "mip_max_nodes": MOST_NODES,
    "mip_rel_gap": 0.0,
}


@dataclass(eq=False, repr=False)
class Rows:
    """Constraints on counts, as constraints on how many steps above `low` the free ones
    are.
    """

    # (counts,) the lowest value of each, in bases
    low: np.ndarray
    # (counts,) whether it may move
    free: np.ndarray
    # (counts,) of each free one its variable among those that move
    place: np.ndarray
    # (counts,) whether its number is given; None: no number is
    pinned: np.ndarray | None = None
    # whether several counts have one variable, as those of the same people do
    shared: bool = False
    # whether nothing can move in some constraint that given numbers do not fulfil
    broken: bool = False
    # how many constraints there are so far
    size: int = 0
    # the least of each constraint, an array for each call; minus infinity: no end
    lower: list[np.ndarray] = field(default_factory=list)
    # the most of each constraint, likewise; infinity: no end
    upper: list[np.ndarray] = field(default_factory=list)
    # of the matrix, for each call: the constraint, the variable and its weight
    entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = field(
        default_factory=list
    )

    def add_sums(
        self,
        wholes: np.ndarray,
        parts: np.ndarray,
        part_of: np.ndarray,
        use: np.ndarray,
        *,
        exact: bool,
    ) -> None:
        """sum of parts - whole = 0, or >= 0; only where `use`, and where something is
        free.
        """
        can_move = (
            np.bincount(part_of, weights=self.free[parts], minlength=len(wholes)) > 0
        ) | self.free[wholes]
        sums = np.bincount(part_of, weights=self.low[parts], minlength=len(wholes))
        if self.pinned is not None:
            given = (
                np.bincount(part_of, weights=self.pinned[parts], minlength=len(wholes))
                > 0
            )
            wrong = sums != self.low[wholes] if exact else sums < self.low[wholes]
            self.broken |= bool(
                ((given | self.pinned[wholes]) & use & ~can_move & wrong).any()
            )
        use = use & can_move
        row = np.cumsum(use) - 1 + self.size
        missing = (self.low[wholes] - sums)[use]
        kept = use[part_of] & self.free[parts]
        self._enter(row[part_of[kept]], parts[kept], 1.0)
        kept = use & self.free[wholes]
        self._enter(row[kept], wholes[kept], -1.0)
        self._bound(missing, missing if exact else np.full(len(missing), np.inf))

    def add_pairs(self, smaller: np.ndarray, larger: np.ndarray) -> None:
        """smaller - larger <= 0."""
        use = self.free[smaller] | self.free[larger]
        if self.pinned is not None:
            given = self.pinned[smaller] | self.pinned[larger]
            self.broken |= bool(
                (~use & given & (self.low[smaller] > self.low[larger])).any()
            )
        smaller, larger = smaller[use], larger[use]
        row = np.arange(len(smaller)) + self.size
        for counts, sign in ((smaller, 1.0), (larger, -1.0)):
            kept = self.free[counts]
            self._enter(row[kept], counts[kept], sign)
        self._bound(
            np.full(len(smaller), -np.inf),
            (self.low[larger] - self.low[smaller]).astype(float),
        )

    def _enter(self, rows: np.ndarray, counts: np.ndarray, value: float) -> None:
        self.entries.append((rows, self.place[counts], np.full(len(rows), value)))

    def _bound(self, lower: np.ndarray, upper: np.ndarray) -> None:
        self.lower.append(lower)
        self.upper.append(upper)
        self.size += len(lower)

    def repeated(self, times: int, columns: int) -> "Rows":
        """The same where each count's steps are the sum of several variables, `columns`
        apart.
        """
        entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
        for shift in range(times):
            for row, column, value in self.entries:
                entries.append((row, column + shift * columns, value))
        return replace(self, entries=entries)


def minimise(
    cost: np.ndarray, rows: Rows, *, lower: np.ndarray, upper: np.ndarray, gap: float
) -> np.ndarray | None:
    """Whole numbers of least cost, or of at most `gap` more; None if there are none, or
    none in MOST_NODES.
    """
    if not len(cost):
        return np.zeros(0, np.int64)
    if not rows.size:
        return np.where(cost < 0, upper, lower).astype(np.int64)
    model = _model(cost, rows, lower=lower, upper=upper)
    relaxed = _run(model)
    if relaxed is None or np.abs(relaxed - np.rint(relaxed)).max() <= WHOLE:
        return None if relaxed is None else np.rint(relaxed).astype(np.int64)
    model.integrality_ = [highspy.HighsVarType.kInteger] * len(cost)
    whole = _run(model, gap)
    return None if whole is None else np.rint(whole).astype(np.int64)


def _model(
    cost: np.ndarray, rows: Rows, *, lower: np.ndarray, upper: np.ndarray
) -> "highspy.HighsLp":
    row, column, value = _merged(rows)
    order = np.argsort(column, kind="stable")
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(cost), rows.size
    model.col_cost_, model.col_lower_, model.col_upper_ = cost, lower, upper
    model.row_lower_, model.row_upper_ = (
        np.concatenate(rows.lower),
        np.concatenate(rows.upper),
    )
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.concatenate(
        [[0], np.cumsum(np.bincount(column, minlength=len(cost)))]
    )
    model.a_matrix_.index_, model.a_matrix_.value_ = row[order], value[order]
    return model


def _merged(rows: Rows) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The entries of the matrix; a count that is in one constraint twice, as whole
    and as part, has one.
    """
    row, column, value = (
        np.concatenate([entry[part] for entry in rows.entries]) for part in range(3)
    )
    if not rows.shared:
        return row, column, value
    place, first, which = np.unique(
        column.astype(np.int64) * rows.size + row,
        return_index=True,
        return_inverse=True,
    )
    total = np.bincount(which, weights=value)
    kept = total != 0
    return row[first][kept], column[first][kept], total[kept]


def _run(model: "highspy.HighsLp", gap: float = 0.0) -> np.ndarray | None:
    highs = highspy.Highs()
    for option, value in {**OPTIONS, "mip_abs_gap": gap}.items():
        highs.setOptionValue(option, value)
    highs.passModel(model)
    highs.run()
    if (
        highs.getInfo().primal_solution_status
        != highspy.SolutionStatus.kSolutionStatusFeasible
    ):
        return None
    return np.array(highs.getSolution().col_value)
