"""Which tables are tied to each other, and the programmes that round them together.

Ties are what everybody knows from the definition: every grouping of a count adds up to
its total, and a crossed one to its margins; a part never exceeds its whole; a count of
distinct people over a longer window is no smaller than over a shorter one in it, and no
larger than the sum over windows that cover it, wherever everything else of it is
certainly the same. Tables that are tied, at however many removes, make one programme:

    patients by region ──┐                        North + South = all
    patients by sex ─────┼── all patients         women + men = all
    by region and sex ───┘        │
                           all with asthma        a part: at most all patients
                                  │
                        the same, of the month    at least that of each of its weeks
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations

import numpy as np

from measures.disclosure.tables.layout import Cell, Grouping, Interval, Layout, TableKey
from measures.disclosure.tables.nesting import covers, nearest_within


@dataclass(eq=False, repr=False)
class Ties:
    """What everybody knows of how tables hang together."""

    # (margin, table) -> the cell of the margin that each cell of the table adds to
    sums: dict[tuple[TableKey, TableKey], np.ndarray] = field(default_factory=dict)
    # (part, whole): no cell of the first is more than that of the second
    pairs: set[tuple[TableKey, TableKey]] = field(default_factory=set)
    # (window, windows that cover it): no more than the sum of these, cell by cell
    covers: set[tuple[TableKey, tuple[TableKey, ...]]] = field(default_factory=set)

    def links(self) -> Iterator[tuple[TableKey, TableKey]]:
        yield from self.sums
        yield from self.pairs
        for covered, others in self.covers:
            yield from ((covered, other) for other in others)


def tie(layout: Layout) -> Ties:
    """All ties of a layout's tables; margins that are implied but shown nowhere become
    tables of it.
    """
    ties = Ties()
    closed = {
        place: _closed(frozenset(groupings))
        for place, groupings in layout.shown.items()
    }
    _prepare_margins(layout, set(closed.values()))
    for (interval, count), groupings in closed.items():
        _tie_margins(layout, ties, count, interval, groupings)
    for (interval, count), groupings in closed.items():
        for whole in layout.structure.counts[count].within:
            for grouping in set(groupings) & set(closed.get((interval, whole), ())):
                ties.pairs.add(
                    (
                        layout.key(count, grouping, interval),
                        layout.key(whole, grouping, interval),
                    )
                )
    _tie_windows(layout, ties, closed)
    return ties


@cache
def _closed(groupings: frozenset[Grouping]) -> tuple[Grouping, ...]:
    """These, the total, and whatever two of them have in common; the finest first."""
    found = {(), *groupings}
    while (
        new := {tuple(n for n in a if n in b) for a, b in combinations(found, 2)}
        - found
    ):
        found |= new
    return tuple(sorted(found, key=lambda grouping: (-len(grouping), grouping)))


@cache
def _margins(groupings: tuple[Grouping, ...], grouping: Grouping) -> list[Grouping]:
    """The largest that this one adds up to."""
    coarser = [each for each in groupings if set(each) < set(grouping)]
    return [
        each for each in coarser if not any(set(each) < set(other) for other in coarser)
    ]


def _prepare_margins(layout: Layout, closures: Iterable[tuple[Grouping, ...]]) -> None:
    """Every cell of a table has its cell in each margin, also in one where no people
    were ever counted.
    """
    for groupings in sorted(closures):
        for grouping in groupings:
            for margin in _margins(groupings, grouping):
                numbers = layout.cells.setdefault(margin, {})
                for cell in layout.cells.get(grouping, {}):
                    numbers.setdefault(_projected(cell, grouping, margin), len(numbers))
    for key, values in layout.tables.items():
        missing = len(layout.cells[key.grouping]) - len(values)
        layout.tables[key] = np.concatenate([values, np.zeros(missing, np.int64)])
        layout.people[key] = np.concatenate(
            [layout.people[key], np.zeros(missing, np.uint64)]
        )


def _projected(cell: Cell, grouping: Grouping, margin: Grouping) -> Cell:
    return tuple(
        value for name, value in zip(grouping, cell, strict=True) if name in margin
    )


def _tie_margins(
    layout: Layout,
    ties: Ties,
    count: str,
    interval: Interval,
    groupings: tuple[Grouping, ...],
) -> None:
    for grouping in groupings:
        table = layout.key(count, grouping, interval)
        for margin in _margins(groupings, grouping):
            key = layout.key(count, margin, interval)
            if (key, table) not in ties.sums:
                place = _places(layout, grouping, margin)
                ties.sums[key, table] = place
                sums = np.bincount(
                    place, layout.tables[table], len(layout.cells[margin])
                ).astype(np.int64)
                if key not in layout.tables:
                    layout.tables[key] = sums
                    layout.people[key] = _people_of_margin(
                        layout, table, place, len(sums)
                    )


def _people_of_margin(
    layout: Layout, table: TableKey, place: np.ndarray, size: int
) -> np.ndarray:
    """Fingerprints add up; where those of a cell are not known, neither are its
    margin's.
    """
    people = layout.people[table]
    found = np.zeros(size, np.uint64)
    np.add.at(found, place, people)  # modulo 2^64, as fingerprints are
    found[place[(people == 0) & (layout.tables[table] != 0)]] = 0
    return found


def _places(layout: Layout, grouping: Grouping, margin: Grouping) -> np.ndarray:
    numbers = layout.cells[margin]
    return np.array(
        [
            numbers[_projected(cell, grouping, margin)]
            for cell in layout.cells[grouping]
        ],
        np.int64,
    )


def _tie_windows(
    layout: Layout, ties: Ties, closed: dict[tuple[Interval, str], tuple[Grouping, ...]]
) -> None:
    """Tie a count to itself in the intervals around it, where all else of it is the
    same.
    """
    alike: dict[tuple[str, Grouping, tuple[str, str]], list[Interval]] = {}
    for (interval, count), groupings in closed.items():
        window = layout.structure.counts[count].window
        if window is None:
            continue
        for grouping in groupings:
            ends = layout.ends(interval, {*window.moves_with, *layout.moves(grouping)})
            alike.setdefault((count, grouping, ends), []).append(interval)
    for (count, grouping, _), intervals in alike.items():
        among = tuple(sorted(intervals))
        for inner, outer in nearest_within(among):
            ties.pairs.add(
                (layout.key(count, grouping, inner), layout.key(count, grouping, outer))
            )
        window = layout.structure.counts[count].window
        # With two windows in one count, being in both over a month does not mean being
        # in both in one week.
        if window is None or not window.alone:
            continue
        for covered, others in covers(among):
            keys = tuple(layout.key(count, grouping, each) for each in others)
            ties.covers.add((layout.key(count, grouping, covered), keys))


def connected(tables: Iterable[TableKey], ties: Ties) -> list[list[TableKey]]:
    """The tables in groups that are tied; each in the order of the tables."""
    above = {table: table for table in tables}

    def root(table: TableKey) -> TableKey:
        while above[table] != table:
            above[table] = table = above[above[table]]
        return table

    for one, other in ties.links():
        if one in above and other in above:
            above[root(one)] = root(other)
    groups: dict[TableKey, list[TableKey]] = {}
    for table in above:
        groups.setdefault(root(table), []).append(table)
    return list(groups.values())
