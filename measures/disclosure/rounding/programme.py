"""One programme of controlled rounding: which counts go up and which down, so that all
tables agree.

Lowthian & Merola (ONS), as in tau-ARGUS RND: every count becomes a multiple of its base
less than one base away, margins stay the sums of their cells, parts stay within their
wholes. Among all such roundings the cheapest is taken, at a cost of u - frac(x / base)
for going up, with u uniform under a secret key: nearly unbiased, and without the key no
reader can exclude a rounding. Only counts that are no multiples are variables, and of
those that can't go wrong (their bounds keep apart) no constraint is made.

    base 8     North   South   all      North + South = all
    true          13       3    16      16 is a multiple, and stays
    may be     8, 16    0, 8    16
    agree          8       8    16      the cheaper of these two
                  16       0    16      is taken
"""

from dataclasses import dataclass

import numpy as np

from measures.disclosure.rounding.solver import Rows, minimise

# the price of one more step than allowed; dearer than all else of a programme together
WIDER = 10_000.0
# The price of another number for people who have one, where no reader sees it: 0 and one
# base are both redacted. It is not withheld then. Dearer than all usual steps of a few
# hundred counts, and cheaper than withholding any.
UNSEEN = WIDER / 100
# What a rounding may cost above the cheapest, for each count that moves. Optima of
# crossed tables can take seconds to prove and buy nothing: 0.02 moves a mean error by
# less than 0.02 bases.
SLACK = 0.02
# Cells of a crossing beyond which it must not be scattered: of more, nearly all with a
# base of people at most, hours of search found a rounding in which nearly every cell is
# redacted or has no name.
MANY_CELLS, SCATTERED = 1_000, 0.9


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Programme:
    """Counts that are tied to each other, as arrays; a count goes by its place in
    `counts`.
    """

    # the true counts
    counts: np.ndarray
    # what each is rounded to a multiple of
    base: np.ndarray
    # u of each count, between 0 and 1, under the key
    chance: np.ndarray
    # what was released of each before, in bases; UNKNOWN: nothing was
    fixed: np.ndarray
    # the number of each count's table
    table: np.ndarray
    # for each table, how many groups it crosses
    depth: np.ndarray
    # (margins,) the counts that are margins
    parents: np.ndarray
    # (parts,) the counts that add up to margins
    parts: np.ndarray
    # (parts,) for each of them, the number of its margin in `parents`
    part_of: np.ndarray
    # (pairs,) counts that are parts of others
    smaller: np.ndarray
    # (pairs,) the count that is no less than the one in `smaller`
    larger: np.ndarray
    # (covers,) counts of a window that others cover, whose sum may be larger
    covered: np.ndarray
    # (parts,) the counts of the windows that cover one
    covers: np.ndarray
    # (parts,) for each of them, the number of its sum in `covered`
    cover_of: np.ndarray
    # what each must be unless it is withheld, in bases: the number of the same people
    # elsewhere; UNKNOWN: nothing
    pinned: np.ndarray | None = None
    # the place of the first count of the same people, which moves for all of them; of
    # most its own
    same: np.ndarray | None = None

    @property
    def first(self) -> np.ndarray:
        return np.arange(len(self.counts)) if self.same is None else self.same

    @property
    def is_pinned(self) -> np.ndarray:
        """Counts that have a number already, though not by an earlier release of
        theirs.
        """
        free = self.fixed == UNKNOWN
        return (
            np.zeros_like(free)
            if self.pinned is None
            else free & (self.pinned != UNKNOWN)
        )

    @property
    def is_unseen(self) -> np.ndarray:
        """Counts that are redacted whichever way they are rounded."""
        return np.abs(self.counts) < self.base


UNKNOWN = np.iinfo(np.int64).min


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Solution:
    """What became of the counts and tables of a programme."""

    # the rounded counts
    values: np.ndarray
    # counts that are one base or more away, less than two, or not what they must be
    wider: np.ndarray
    # for each table, whether it couldn't be rounded in agreement with the others
    withheld: np.ndarray


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class _Bounds:
    """What is allowed of every count, in bases."""

    # the lowest value
    low: np.ndarray
    # the highest value
    high: np.ndarray
    # what going up by one base costs; less than 0: it is wanted
    cost: np.ndarray
    # counts of withheld tables, of which nothing is asked
    absent: np.ndarray


def solve(programme: Programme) -> Solution:
    """The rounding of a programme; the same for the same programme, wherever it is
    solved.

    If there is none, named counts may be up to two bases away; if that does not help
    either, tables that cross the most groups are withheld until there is one. So are
    crossings that scatter people.
    """
    withheld = np.zeros(len(programme.depth), bool)
    while _any_scattered(programme, withheld):
        withheld = withheld | _next_to_withhold(programme, withheld)
    while True:
        bounds = _bounds(programme, withheld)
        for wide in (False, True):
            rounded = _round(programme, bounds, wide=wide)
            if rounded is not None:
                values = rounded * programme.base
                wider = np.abs(values - programme.counts) >= programme.base
                wider |= (
                    programme.is_pinned
                    & (rounded != programme.pinned)
                    & ~programme.is_unseen
                )
                wider &= (programme.fixed == UNKNOWN) & ~bounds.absent
                return Solution(values=values, wider=wider, withheld=withheld)
        withheld = withheld | _next_to_withhold(programme, withheld)


def _any_scattered(programme: Programme, withheld: np.ndarray) -> bool:
    """Whether a crossing has many cells, of which nearly all have a base of people at
    most.

    Looks at people who may be counted, not at their events, which are rare in any
    table.
    """
    occurring = (programme.counts > 0) & (programme.fixed == UNKNOWN)
    occurring[programme.smaller] = False
    small = occurring & (programme.counts <= programme.base)
    tables = len(programme.depth)
    cells = np.bincount(programme.table[occurring], minlength=tables)
    few = np.bincount(programme.table[small], minlength=tables)
    scattered = (cells > MANY_CELLS) & (few > SCATTERED * cells) & (programme.depth > 1)
    return bool((scattered & ~withheld).any())


def _next_to_withhold(programme: Programme, withheld: np.ndarray) -> np.ndarray:
    """The tables with free counts that cross the most groups. There are some: without
    any, nothing is asked.
    """
    free = np.zeros(len(programme.depth), bool)
    free[programme.table[programme.fixed == UNKNOWN]] = True
    free &= ~withheld
    return free & (programme.depth == programme.depth[free].max())


def _bounds(programme: Programme, withheld: np.ndarray) -> _Bounds:
    floor = programme.counts // programme.base
    part = programme.counts - floor * programme.base
    pinned = programme.is_pinned
    known = programme.fixed != UNKNOWN
    floor = np.where(known, programme.fixed, floor)
    if programme.pinned is not None:
        floor = np.where(pinned, programme.pinned, floor)
    can_rise = (part > 0) & ~known & ~pinned
    cost = (programme.chance - part / programme.base) * can_rise
    return _Bounds(
        low=floor, high=floor + can_rise, cost=cost, absent=withheld[programme.table]
    )


def _round(programme: Programme, bounds: _Bounds, *, wide: bool) -> np.ndarray | None:
    """The cheapest values within the bounds, in bases; None if there are none."""
    low, high = _wider(programme, bounds) if wide else (bounds.low, bounds.high)
    moves = _of_all(programme, (low < high) & ~bounds.absent)
    free = moves & (programme.first == np.arange(len(moves)))
    rows = _rows(programme, low, high, moves, bounds.absent)
    if rows.broken:
        return None
    if not wide:
        upper = (high - low)[free].astype(float)
        steps = minimise(
            bounds.cost[free],
            rows,
            lower=np.zeros(len(upper)),
            upper=upper,
            gap=SLACK * len(upper),
        )
    else:
        steps = _fewest_wider(programme, bounds, low, free, rows)
    if steps is None:
        return None
    values = low.copy()
    values[moves] += steps[rows.place[moves]]
    return values


def _of_all(programme: Programme, marks: np.ndarray) -> np.ndarray:
    """The counts of whose people any count is marked."""
    return (
        np.bincount(programme.first, weights=marks, minlength=len(marks))[
            programme.first
        ]
        > 0
    )


def _wider(programme: Programme, bounds: _Bounds) -> tuple[np.ndarray, np.ndarray]:
    """One base more on both sides; a count of no people stays 0, and no count of people
    falls below it.
    """
    movable = (programme.fixed == UNKNOWN) & (programme.counts != 0)
    return bounds.low - (movable & (bounds.low != 0)), bounds.high + movable


def _fewest_wider(
    programme: Programme, bounds: _Bounds, low: np.ndarray, free: np.ndarray, rows: Rows
) -> np.ndarray | None:
    """As few steps beyond the usual as possible. A count = low + below + usual + above,
    each step 0 or 1.
    """
    unseen = (programme.is_pinned & programme.is_unseen)[free]
    price_below = np.where(unseen, UNSEEN, WIDER)
    price_above = np.where(unseen & (bounds.low[free] == 0), UNSEEN, WIDER)
    below = (bounds.low - low)[free].astype(float)
    usual = (bounds.high - bounds.low)[free].astype(float)
    above = np.ones(free.sum())
    cost = np.concatenate([-price_below, bounds.cost[free], price_above])
    upper = np.concatenate([below, usual, above])
    steps = minimise(
        cost,
        rows.repeated(3, len(below)),
        lower=np.zeros(len(upper)),
        upper=upper,
        gap=UNSEEN / 2,
    )
    return None if steps is None else steps.reshape(3, -1).sum(axis=0)


def _rows(
    programme: Programme,
    low: np.ndarray,
    high: np.ndarray,
    moves: np.ndarray,
    absent: np.ndarray,
) -> Rows:
    """All constraints that could be broken, in the steps above `low` of the counts that
    move.

    Counts of the same people move together, so they have one place.
    """
    is_first = programme.first == np.arange(len(moves))
    place = (np.cumsum(moves & is_first) - 1)[programme.first]
    pinned = None if programme.pinned is None else programme.is_pinned
    rows = Rows(low, moves, place, pinned, shared=not is_first.all())
    whole = (
        ~_any_by(absent[programme.parts], programme.part_of, len(programme.parents))
        & ~absent[programme.parents]
    )
    rows.add_sums(
        programme.parents, programme.parts, programme.part_of, whole, exact=True
    )
    covered = (
        ~_any_by(absent[programme.covers], programme.cover_of, len(programme.covered))
        & ~absent[programme.covered]
    )
    rows.add_sums(
        programme.covered, programme.covers, programme.cover_of, covered, exact=False
    )
    risky = (
        (high[programme.smaller] > low[programme.larger])
        & ~absent[programme.smaller]
        & ~absent[programme.larger]
    )
    rows.add_pairs(programme.smaller[risky], programme.larger[risky])
    return rows


def _any_by(marks: np.ndarray, of: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(of, weights=marks, minlength=size) > 0
