"""What redacted counts were rounded to, where counts are rounded together.

Cells add up to their margins after rounding as well, and parts stay within their wholes: everybody knows that and can
compute what some of the redacted counts must have been, 0 or one base. Where a row is withheld, nothing is said of its
sums, for then they need not hold.
"""

from collections.abc import Iterator
from math import inf

from measures.disclosure.audit.reading.names import Cell, Slot
from measures.disclosure.audit.reading.tables import Tables
from measures.disclosure.audit.rules import Range, Rule

ROUNDS = 20
WITHHELD = "withheld"  # the status of rows of which nothing is told, not even that they are small
Rounded = dict[tuple[str, Cell], Range]  # in bases, by series and cell
Sum = tuple[tuple[str, Cell], list[tuple[str, Cell]]]


def redacted_ranges(tables: Tables, slot: Slot, rule: Rule) -> Iterator[tuple[str, Cell, Range]]:
    """The true counts of people that each redacted count may be, as far as it is known what it was rounded to."""
    rounded, redacted = _shown(tables, slot, rule.base)
    if not redacted or not _propagate(tables, slot, rounded):
        return
    for part, cell in sorted(redacted, key=repr):
        least, most = rounded[part, cell]
        if least == most:
            yield part, cell, (max(0, (least - 1) * rule.base + 1), (most + 1) * rule.base - 1)


def _shown(tables: Tables, slot: Slot, base: int) -> tuple[Rounded, set[tuple[str, Cell]]]:
    """Whatever is shown or implied and not withheld; and what of it is redacted."""
    rounded: Rounded = {}
    people = {part for part in tables.shapes[slot].parts if tables.structure.series[part].people}
    for part in people:
        rounded |= {(part, cell): (0, inf) for cell in tables.shapes[slot].cells[part]}
    redacted, withheld = set(), set()
    for row in tables.rows[slot]:
        cell = tables.cell(row)
        for part, shown in tables.shown(row):
            if part not in people:
                continue
            if shown is not None:
                rounded[part, cell] = (shown / base, shown / base)
            elif row.status == WITHHELD:
                withheld.add((part, cell))
            elif rounded[part, cell] == (0, inf):
                rounded[part, cell] = (0, 1)
                redacted.add((part, cell))
    return {place: span for place, span in rounded.items() if place not in withheld}, redacted - withheld


def _propagate(tables: Tables, slot: Slot, rounded: Rounded) -> bool:
    """Narrow all ranges by what each sum and each pair says; False if they contradict each other."""
    sums = list(_sums(tables, slot, rounded))
    pairs = [
        ((inner, cell), (outer, cell))
        for inner, outer, cells in tables.shapes[slot].nested
        for cell in cells
        if (inner, cell) in rounded and (outer, cell) in rounded
    ]
    for _ in range(ROUNDS):
        before = dict(rounded)
        for whole, parts in sums:
            _narrow(rounded, whole, parts)
        for inner, outer in pairs:
            rounded[inner] = (rounded[inner][0], min(rounded[inner][1], rounded[outer][1]))
            rounded[outer] = (max(rounded[outer][0], rounded[inner][0]), rounded[outer][1])
        if rounded == before:
            break
    return all(least <= most for least, most in rounded.values())


def _sums(tables: Tables, slot: Slot, rounded: Rounded) -> Iterator[Sum]:
    for part, sums in tables.shapes[slot].sums.items():
        for coarse, finer in sums:
            whole, parts = (part, coarse), [(part, each) for each in finer]
            if all(place in rounded for place in (whole, *parts)):
                yield whole, parts


def _narrow(rounded: Rounded, whole: tuple[str, Cell], parts: list[tuple[str, Cell]]) -> None:
    least, most = (sum(rounded[part][end] for part in parts) for end in (0, 1))
    low, high = rounded[whole]
    low, high = rounded[whole] = max(low, least), min(high, most)
    for part in parts:
        lower, upper = rounded[part]
        others = least - lower, sum(rounded[each][1] for each in parts if each != part) if most == inf else most - upper
        rounded[part] = max(lower, low - others[1]), min(upper, high - others[0])
        least, most = others[0] + rounded[part][0], others[1] + rounded[part][1]
