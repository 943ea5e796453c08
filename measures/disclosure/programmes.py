"""From tied tables to programmes and back: what is rounded together, from which bases,
with which chances.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from measures.counts.structure import Kind
from measures.disclosure.bound import Numbers, in_order, learn, pinned, same, waves
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.ledger import OldTable
from measures.disclosure.memory.people import numbers_by_time, numbers_of
from measures.disclosure.memory.recall import Recalled
from measures.disclosure.memory.setting import Setting
from measures.disclosure.nearly import Near, near_people
from measures.disclosure.rounding.programme import UNKNOWN, Programme, Solution
from measures.disclosure.tables.families import Ties, connected
from measures.disclosure.tables.layout import Grouping, Layout, TableKey

SCALES = (1, 2, 5)  # times powers of ten
NONE = np.zeros(0, np.int64)


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Rounded:
    """What became of every table."""

    # its rounded counts
    values: Mapping[TableKey, np.ndarray]
    # which of its cells are withheld
    withheld: Mapping[TableKey, np.ndarray]
    # what its counts were rounded to multiples of
    bases: Mapping[TableKey, int]
    # tables that are withheld as a whole, and so tied to nothing
    absent: frozenset[TableKey]
    # the number of all people who are counted, by their fingerprint
    numbers: Mapping[int, int]


def rounded_tables(
    recalled: Recalled, ties: Ties, *, setting: Setting, base: int
) -> Rounded:
    """All tables of a layout, rounded; those that are frozen as they were."""
    layout, frozen = recalled.layout, recalled.frozen
    bases = _bases(layout, frozen, base)
    outgrown = {
        key
        for key in layout.tables
        if key not in frozen and bases[key] <= layout.largest.get(key.ends, 0)
    }
    absent = outgrown | {key for key, old in frozen.items() if old.withheld}
    free = [key for key in layout.tables if key not in absent]
    families = [
        family
        for family in connected(free, ties)
        if any(key not in frozen for key in family)
    ]
    build = _Builder(layout, ties, frozen, key=setting.key, bases=bases)
    values, withheld = _old_values(layout, frozen)
    numbers = _numbers_of(recalled, values, withheld) | (
        numbers_of(setting.site) if setting.site else {}
    )
    near = _near(recalled, numbers, setting, base)
    numbers |= near.numbers
    build.people = people = {key: near.led(each) for key, each in layout.people.items()}
    # its base was fixed before a person came who adds more than that
    for key in outgrown:
        values[key], withheld[key] = (
            np.zeros_like(layout.tables[key]),
            np.ones(len(layout.tables[key]), bool),
        )
    for wave in waves(in_order(families), layout.tables, people, bases):
        programmes = [build.programme(family, numbers) for family in wave]
        solutions = setting.solve_all(programmes)
        for family, solution in zip(wave, solutions, strict=True):
            absent |= _withheld_of(family, solution)
            for key, these, missing in _split(family, layout, solution):
                if key not in frozen:
                    values[key], withheld[key] = these, missing
                    learn(numbers, people[key], these, missing)
    _withhold_unmet(near, recalled, withheld)
    return Rounded(
        values=values,
        withheld=withheld,
        bases=bases,
        absent=frozenset(absent),
        numbers=near.numbers_of_all(numbers),
    )


def _near(recalled: Recalled, numbers: Numbers, setting: Setting, base: int) -> Near:
    if setting.is_person is None:
        return Near()
    before = numbers_by_time(setting.site) if setting.site else {}
    return near_people(
        recalled.layout, base, known=numbers, before=before, is_person=setting.is_person
    )


def _withheld_of(family: Sequence[TableKey], solution: Solution) -> set[TableKey]:
    """The tables of a family that could not be rounded in agreement with the others."""
    pairs = zip(family, solution.withheld, strict=True)
    return {key for key, whole in pairs if whole}


def _withhold_unmet(
    near: Near, recalled: Recalled, withheld: Mapping[TableKey, np.ndarray]
) -> None:
    """People who lack one person of others and cannot show their number show none."""
    unmet = np.array(sorted(near.unmet), np.uint64)
    for key, people in recalled.layout.people.items():
        if key not in recalled.frozen:
            withheld[key][np.isin(people, unmet)] = True


def _numbers_of(
    recalled: Recalled,
    values: Mapping[TableKey, np.ndarray],
    withheld: Mapping[TableKey, np.ndarray],
) -> Numbers:
    """The released numbers of tables that are still of the same people, as far as
    counts tell.
    """
    numbers: Numbers = {}
    for key, old in recalled.frozen.items():
        if old.input == recalled.inputs[key]:
            learn(numbers, recalled.layout.people[key], values[key], withheld[key])
    return numbers


def _old_values(
    layout: Layout, frozen: Mapping[TableKey, OldTable]
) -> tuple[dict[TableKey, np.ndarray], dict[TableKey, np.ndarray]]:
    cells = {}
    for grouping in {key.grouping for key in frozen}:
        cells[grouping] = layout.cell_texts(grouping)
    values = {key: old_values(old, cells[key.grouping]) for key, old in frozen.items()}
    withheld = {
        key: np.array(
            [old.withheld or cell in old.reasons for cell in cells[key.grouping]], bool
        )
        for key, old in frozen.items()
    }
    return values, withheld


def old_values(old: OldTable, cells: Iterable[str]) -> np.ndarray:
    """What a table showed in some cells; one that it did not have was 0."""
    return np.array([old.values.get(cell, 0) for cell in cells], np.int64)


def _split(
    family: Sequence[TableKey], layout: Layout, solution: Solution
) -> list[tuple[TableKey, np.ndarray, np.ndarray]]:
    ends = np.cumsum([len(layout.tables[key]) for key in family])[:-1]
    parts = zip(
        family,
        np.split(solution.values, ends),
        np.split(solution.wider, ends),
        solution.withheld,
        strict=True,
    )
    return [
        (key, np.where(whole, 0, values), wider | whole)
        for key, values, wider, whole in parts
    ]


# Bases --------------------------------------------------------------------------------


def _bases(
    layout: Layout, frozen: Mapping[TableKey, OldTable], base: int
) -> dict[TableKey, int]:
    """The policy's base for people; for the events of one time, one that hides what
    `base` people have on average, and whatever any single person has."""
    before = {key.ends: old.base for key, old in frozen.items()}
    totals: dict[tuple[str, str, str], int] = {}
    for key in layout.tables:
        if key.ends not in totals:
            totals[key.ends] = before.get(key.ends) or _base(layout, key, base)
    return {key: totals[key.ends] for key in layout.tables}


def _base(layout: Layout, key: TableKey, base: int) -> int:
    behind = layout.structure.counts[key.of].people
    if behind is None:
        return base
    events, people = (
        int(layout.tables[key._replace(of=of)].sum()) for of in (key.of, behind)
    )
    # From totals that are rounded themselves: the scale is seen outside, in the ranges
    # of the ratios.
    mean = round(abs(events) / base) / max(1, round(people / base))
    # Above the largest, not equal to it: a sum with a person and the sum without then
    # have a rounding in common.
    least = max(mean * base, layout.largest.get(key.ends, 0) + 1)
    unit = _ten(base) if layout.structure.counts[key.of].kind is Kind.AMOUNTS else base
    return unit * scale_of(least / unit)


def _ten(base: int) -> int:
    """The least power of ten that is no less: of units, ever more of which make a
    whole, whatever a site's base is.
    """
    return 10 ** len(str(base - 1)) if base > 1 else 1


def scale_of(mean: float) -> int:
    """The least of 1, 2, 5, 10, 20, 50 … that is no less."""
    power = 1
    while True:
        for digit in SCALES:
            if digit * power >= mean:
                return digit * power
        power *= 10


# Programmes ---------------------------------------------------------------------------


class _Builder:
    def __init__(
        self,
        layout: Layout,
        ties: Ties,
        frozen: Mapping[TableKey, OldTable],
        *,
        key: Key,
        bases: Mapping[TableKey, int],
    ):
        self.layout = layout
        self.frozen = frozen
        self.key = key
        self.bases = bases
        # whom each count is of; people who are bound to each other have one fingerprint
        self.people: Mapping[TableKey, np.ndarray] = layout.people
        self.sums: dict[TableKey, list[tuple[TableKey, np.ndarray]]] = {}
        for (margin, table), places in ties.sums.items():
            self.sums.setdefault(margin, []).append((table, places))
        self.wholes: dict[TableKey, list[TableKey]] = {}
        for part, whole in sorted(ties.pairs):
            self.wholes.setdefault(part, []).append(whole)
        self.covers: dict[TableKey, list[tuple[TableKey, ...]]] = {}
        for covered, others in sorted(ties.covers):
            self.covers.setdefault(covered, []).append(others)
        self._chances: dict[tuple[str, Grouping], np.ndarray] = {}

    def programme(
        self, family: Sequence[TableKey], numbers: Mapping[int, int]
    ) -> Programme:
        """`numbers`: of people who have one already."""
        sizes = [len(self.layout.tables[key]) for key in family]
        first = dict(zip(family, np.cumsum([0, *sizes[:-1]]), strict=True))
        counts = np.concatenate([self.layout.tables[key] for key in family])
        people = np.concatenate([self.people[key] for key in family])
        base = np.repeat([self.bases[key] for key in family], sizes)
        fixed = np.concatenate(
            [self._fixed(key, size) for key, size in zip(family, sizes, strict=True)]
        )
        return Programme(
            counts=counts,
            base=base,
            chance=np.concatenate([self._chance(key) for key in family]),
            fixed=fixed,
            pinned=pinned(people, counts, base, numbers),
            same=same(people, counts // base, fixed == UNKNOWN),
            table=np.repeat(np.arange(len(family)), sizes),
            depth=np.array([len(key.grouping) for key in family]),
            **self._margins(first),
            **self._pairs(first),
            **self._covered(first),
        )

    def _fixed(self, key: TableKey, size: int) -> np.ndarray:
        if key not in self.frozen:
            return np.full(size, UNKNOWN)
        return (
            old_values(self.frozen[key], self.layout.cell_texts(key.grouping))
            // self.bases[key]
        )

    def _chance(self, key: TableKey) -> np.ndarray:
        """u for each cell of a count: one for all times, and for each count its own.

        Were it drawn anew for each week, the mean of many weeks would give away a count
        that hardly changes: who is registered, who ever had a diagnosis. With one u,
        much tells no more than little, and a reader who knows by how much a count grows
        from week to week still can't tell it from the `base` counts beside it. Were it the
        same for several counts, then who knows the true denominators of many weeks
        would know u, and with it on which side of it every numerator is: of what was
        rounded to 0, that it is at most u times the base.
        """
        known = self._chances.get((key.of, key.grouping))
        if known is None:
            words = ("round", key.of, "+".join(key.grouping))
            known = np.array(
                [
                    self.key.uniform(*words, cell)
                    for cell in self.layout.cell_texts(key.grouping)
                ]
            )
            self._chances[key.of, key.grouping] = known
        return known

    def _margins(self, first: Mapping[TableKey, int]) -> dict[str, np.ndarray]:
        parents, parts, part_of, number = [NONE], [NONE], [NONE], 0
        for margin in first:
            size = len(self.layout.tables[margin])
            for table, places in self.sums.get(margin, ()):
                if table in first:
                    parents.append(np.arange(size) + first[margin])
                    parts.append(np.arange(len(places)) + first[table])
                    part_of.append(places + number)
                    number += size
        return {
            "parents": _joined(parents),
            "parts": _joined(parts),
            "part_of": _joined(part_of),
        }

    def _pairs(self, first: Mapping[TableKey, int]) -> dict[str, np.ndarray]:
        smaller, larger = [NONE], [NONE]
        for part in first:
            cells = np.arange(len(self.layout.tables[part]))
            for whole in self.wholes.get(part, ()):
                if whole in first:
                    smaller.append(cells + first[part])
                    larger.append(cells + first[whole])
        return {"smaller": _joined(smaller), "larger": _joined(larger)}

    def _covered(self, first: Mapping[TableKey, int]) -> dict[str, np.ndarray]:
        covered, covers, cover_of, number = [NONE], [NONE], [NONE], 0
        for window in first:
            cells = np.arange(len(self.layout.tables[window]))
            for others in self.covers.get(window, ()):
                if all(other in first for other in others):
                    covered.append(cells + first[window])
                    covers += [cells + first[other] for other in others]
                    cover_of += [cells + number for _ in others]
                    number += len(cells)
        return {
            "covered": _joined(covered),
            "covers": _joined(covers),
            "cover_of": _joined(cover_of),
        }


def _joined(arrays: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate(arrays).astype(np.int64)
