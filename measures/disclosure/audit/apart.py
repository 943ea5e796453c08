"""Slots that nothing ties: each such group is a system of its own, put together and
solved by itself.

Of weeks in a row each is a group. So memory depends on what hangs together, and not on
how many intervals there are.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from datetime import date

from measures.disclosure.audit.reading.names import Slot
from measures.disclosure.audit.reading.public import BOTH
from measures.disclosure.audit.reading.tables import Tables


class _Groups:
    """Slots, and which of them are of one group (union-find)."""

    def __init__(self, slots: Sequence[Slot]):
        self._above = {slot: slot for slot in slots}

    def first(self, slot: Slot) -> Slot:
        """The slot that names its group."""
        while self._above[slot] != slot:
            self._above[slot] = self._above[self._above[slot]]
            slot = self._above[slot]
        return slot

    def tie(self, one: Slot, other: Slot) -> None:
        """Make one group of two; the earlier slot names it."""
        first, second = sorted((self.first(one), self.first(other)))
        self._above[second] = first


def groups_of(tables: Tables) -> list[list[Slot]]:
    """The slots by group, in the order of their first slots."""
    slots = list(tables.shapes)
    groups = _Groups(slots)
    for alike in _same(tables).values():
        for slot in alike[1:]:
            groups.tie(alike[0], slot)
    for one, other in _overlapping(tables):
        groups.tie(one, other)
    found: dict[Slot, list[Slot]] = {}
    for slot in slots:
        found.setdefault(groups.first(slot), []).append(slot)
    return list(found.values())


def _same(tables: Tables) -> dict[Hashable, list[Slot]]:
    """Slots of one interval, in whatever releases; and those that have a count in
    common.
    """
    found: dict[Hashable, list[Slot]] = defaultdict(list)
    for slot, shape in tables.shapes.items():
        found[slot.interval].append(slot)
        for part, groupings in shape.parts.items():
            for grouping in groupings:
                when = tables.structure.when(part, grouping, slot.interval)
                found[slot.release, part, grouping, when].append(slot)
    return found


def _overlapping(tables: Tables) -> Iterator[tuple[Slot, Slot]]:
    """Neighbours among intervals with days in common, of counts that say something
    about each other then.

    Where an interval lies in another, or others have all its days, all of them have
    days in common.
    """
    known: set[tuple[Slot, ...]] = set()
    for slots in _windows(tables).values():
        ordered = tuple(sorted(slots, key=lambda slot: slot.interval))
        if ordered not in known:  # most tables have the same intervals
            known.add(ordered)
            yield from _chained(ordered)


def _chained(ordered: Sequence[Slot]) -> Iterator[tuple[Slot, Slot]]:
    last: date | None = None
    for before, slot in zip(ordered, ordered[1:], strict=False):
        last = max(last or before.interval[1], before.interval[1])
        if slot.interval[0] <= last:
            yield before, slot


def _windows(tables: Tables) -> dict[Hashable, list[Slot]]:
    """The slots of each table of counts that only grow with their interval, where all
    else is alike.
    """
    found: dict[Hashable, list[Slot]] = defaultdict(list)
    for slot, shape in tables.shapes.items():
        for part, groupings in shape.parts.items():
            window = tables.structure.series[part].window
            if window is None or part in tables.below_zero:
                continue
            for grouping in groupings:
                fixed = tables.structure.moves(grouping) | window
                days = tuple(
                    day
                    for end, day in zip(BOTH, slot.interval, strict=True)
                    if end in fixed
                )
                found[slot.release, part, grouping, days].append(slot)
    return found
