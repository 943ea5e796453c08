"""Every truth that a small release leaves possible, found by trying all of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from tests.lib.attack_tables import True_

Cell = tuple[tuple[str, ...], tuple[str | None, ...]]
Fits = Callable[[int, int | None], bool]  # could this true count be shown so?
Name = tuple[int, str, Cell]  # release, part ("" for the denominator), cell
MOST = 300_000  # points held at a time


class TooMany(Exception):
    """More truths than are worth trying."""


@dataclass(frozen=True, eq=False)
class Points:
    """All truths of some counts: a column for each name."""

    names: tuple[Name, ...]
    values: np.ndarray

    def __getitem__(self, name: Name) -> np.ndarray:
        return self.values[:, self.names.index(name)]


def truths_of_part(
    release: int,
    part: str,
    shown: Mapping[Cell, int | None],
    cells: Mapping[tuple[str, ...], Sequence[Cell]],
    most: int,
    fits: Fits,
) -> Points:
    """`shown`: what is published; `cells`: all tables of the part, total included,
    finest ones not part of others.
    """
    finest = [g for g in cells if not any(set(g) < set(other) for other in cells)]
    points = None
    for grouping in finest:
        one = _table(release, part, grouping, shown, cells, most, fits)
        points = (
            one
            if points is None
            else joined(
                points, one, lambda a, b: np.ones((len(a.values), len(b.values)), bool)
            )
        )
    assert points is not None
    return points


def _table(
    release: int,
    part: str,
    grouping: tuple,
    shown: Mapping,
    cells: Mapping,
    most: int,
    fits: Fits,
) -> Points:
    choices = [
        [x for x in range(most + 1) if cell not in shown or fits(x, shown[cell])]
        for cell in cells[grouping]
    ]
    if np.prod([float(len(each)) for each in choices]) > MOST:
        raise TooMany
    values = np.array(list(product(*choices)), np.int64).reshape(-1, len(choices))
    names: list[Name] = [(release, part, cell) for cell in cells[grouping]]
    for coarse in (g for g in cells if set(g) < set(grouping)):
        for cell in cells[coarse]:
            inside = [
                i
                for i, (_, groups) in enumerate(cells[grouping])
                if _projected(grouping, groups, coarse) == cell[1]
            ]
            if cell not in shown and not inside:
                continue
            total = values[:, inside].sum(axis=1)
            values, names = (
                np.column_stack([values, total]),
                [*names, (release, part, cell)],
            )
            values = values[
                [cell not in shown or fits(int(x), shown[cell]) for x in total]
            ]
    return Points(tuple(names), values)


def _projected(fine: Sequence[str], groups: Sequence, coarse: Sequence[str]) -> tuple:
    return tuple(
        value for name, value in zip(fine, groups, strict=True) if name in coarse
    )


def joined(
    one: Points, other: Points, also: Callable[[Points, Points], np.ndarray]
) -> Points:
    """All pairs that agree on what both name and for which `also` (a matrix) is
    True.
    """
    if len(one.values) * len(other.values) > 40 * MOST:
        raise TooMany
    keep = also(one, other)
    for name in set(one.names) & set(other.names):
        keep &= one[name][:, None] == other[name][None, :]
    left, right = np.nonzero(keep)
    if len(left) > MOST:
        raise TooMany
    new = [i for i, name in enumerate(other.names) if name not in one.names]
    names = (*one.names, *(other.names[i] for i in new))
    return Points(
        names, np.column_stack([one.values[left], other.values[right][:, new]])
    )


def within(inner: str, outer: str) -> Callable[[Points, Points], np.ndarray]:
    """`outer` stands in the first points, `inner` in the second."""

    def holds(one: Points, other: Points) -> np.ndarray:
        keep = np.ones((len(one.values), len(other.values)), bool)
        for name in other.names:
            outside = (name[0], outer, name[2])
            if outside in one.names and name[1] == inner:
                keep &= one[outside][:, None] >= other[name][None, :]
        return keep

    return holds


def one_more(one: Points, other: Points) -> np.ndarray:
    """Release 0 and release 1: one person came, who is in at most one cell of each
    table.
    """
    keep = np.ones((len(one.values), len(other.values)), bool)
    for name in other.names:
        before = (0, *name[1:])
        if before not in one.names:
            continue
        change = other[name][None, :] - one[before][:, None]
        exact = name[1:] == ("", ((), ()))
        keep &= (change == 1) if exact else (change >= 0) & (change <= 1)
        if name[1]:
            rest = (other[1, "", name[2]] - other[name])[None, :] - (
                one[0, "", name[2]] - one[before]
            )[:, None]
            keep &= (rest >= 0) & (rest <= 1)
    return keep


def cells_of(rows: Iterable[True_]) -> dict[tuple[str, ...], list[Cell]]:
    """All tables that the rows show or imply."""
    found: dict[tuple[str, ...], set[Cell]] = {(): {((), ())}}
    for row in rows:
        found.setdefault(row.grouping, set()).add((row.grouping, row.groups))
    for one, other in product(list(found), repeat=2):
        found.setdefault(tuple(name for name in one if name in other), set())
    for coarse, fine in product(list(found), list(found)):
        if set(coarse) < set(fine):
            found[coarse] |= {
                (coarse, _projected(fine, groups, coarse)) for _, groups in found[fine]
            }
    return {grouping: sorted(cells, key=repr) for grouping, cells in found.items()}


def ranges(
    points: Points, pairs: Sequence[tuple[str, str]]
) -> Iterator[tuple[Name, str, int, int]]:
    """(count, quantity, smallest, largest), with every denominator minus numerator
    named after the latter.
    """
    for name in points.names:
        values = points[name]
        yield name, "count", int(values.min()), int(values.max())
        for inner, outer in pairs:
            if name[1] == inner and (name[0], outer, name[2]) in points.names:
                rest = points[name[0], outer, name[2]] - values
                yield name, "rest", int(rest.min()), int(rest.max())
