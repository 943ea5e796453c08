"""What redacted counts were rounded to, where counts are rounded together.

Cells add up to their margins after rounding as well, and parts stay within their
wholes: everybody knows that and can compute what some of the redacted counts must have
been, 0 or one base. Where a row is withheld, nothing is said of its sums, for then they
need not hold.
"""

from collections.abc import Iterator
from math import inf

from measures.disclosure.audit.reading.names import Cell, Slot
from measures.disclosure.audit.reading.tables import Tables
from measures.disclosure.audit.rules import Range, Rule

ROUNDS = 20
# the status of rows of which nothing is said, not even that they are small
WITHHELD = "withheld"
Place = tuple[str, Cell]  # a series and a cell
Rounded = dict[Place, Range]  # in bases
# a whole, its parts, and whether these are all that there are
Sum = tuple[Place, list[Place], bool]


def redacted_ranges(
    tables: Tables, slot: Slot, rule: Rule
) -> Iterator[tuple[str, Cell, Range]]:
    """The true counts of people that each redacted count may be, as far as it is known
    what it was rounded to.
    """
    rounded, redacted = _shown(tables, slot, rule.base)
    if not redacted or not _propagate(tables, slot, rounded):
        return
    for part, cell in sorted(redacted, key=repr):
        least, most = rounded[part, cell]
        if least == most:
            yield (
                part,
                cell,
                (max(0, (least - 1) * rule.base + 1), (most + 1) * rule.base - 1),
            )


def _shown(tables: Tables, slot: Slot, base: int) -> tuple[Rounded, set[Place]]:
    """Whatever is shown or implied and not withheld; and what of it is redacted."""
    rounded: Rounded = {}
    people = {
        part
        for part in tables.shapes[slot].parts
        if tables.structure.series[part].people
    }
    for part in people:
        rounded |= {(part, cell): (0, inf) for cell in tables.shapes[slot].cells[part]}
    redacted: set[Place] = set()
    withheld: set[Place] = set()
    for row in tables.rows[slot]:
        cell = tables.cell(row)
        for part, shown in tables.shown(row):
            place = (part, cell)
            if part not in people:
                continue
            if shown is not None:
                rounded[place] = (shown / base, shown / base)
            elif row.status == WITHHELD:
                withheld.add(place)
            elif rounded[place] == (0, inf):  # no other row of the same count shows it
                rounded[place] = (0, 1)
                redacted.add(place)
    known = {place: span for place, span in rounded.items() if place not in withheld}
    return known, redacted - withheld


def _propagate(tables: Tables, slot: Slot, rounded: Rounded) -> bool:
    """Narrow all ranges by what each sum and each pair says; False if they contradict
    each other.
    """
    sums = list(_sums(tables, slot, rounded))
    pairs = list(_pairs(tables, slot, rounded))
    for _ in range(ROUNDS):
        before = dict(rounded)
        for whole, parts, complete in sums:
            _narrow(rounded, whole, parts, complete=complete)
        for inner, outer in pairs:
            _narrow_pair(rounded, inner, outer)
        if rounded == before:
            break
    return all(least <= most for least, most in rounded.values())


def _pairs(
    tables: Tables, slot: Slot, rounded: Rounded
) -> Iterator[tuple[Place, Place]]:
    """A part and its whole in one cell."""
    for inner, outer, cells in tables.shapes[slot].nested:
        for cell in cells:
            if (inner, cell) in rounded and (outer, cell) in rounded:
                yield (inner, cell), (outer, cell)


def _narrow_pair(rounded: Rounded, inner: Place, outer: Place) -> None:
    """A part is no more than its whole."""
    least, most = rounded[inner]
    least_of_outer, most_of_outer = rounded[outer]
    rounded[inner] = (least, min(most, most_of_outer))
    rounded[outer] = (max(least_of_outer, least), most_of_outer)


def _sums(tables: Tables, slot: Slot, rounded: Rounded) -> Iterator[Sum]:
    for part, sums in tables.shapes[slot].sums.items():
        for coarse, finer in sums:
            whole, parts = (part, coarse), [(part, each) for each in finer]
            if all(place in rounded for place in (whole, *parts)):
                yield whole, parts, tables.structure.is_whole(finer[0].grouping)


def _narrow(
    rounded: Rounded, whole: Place, parts: list[Place], *, complete: bool
) -> None:
    """Narrow the ranges of a whole and of its parts by what their sum says; unnamed
    groups may add any number.
    """
    least = sum(rounded[part][0] for part in parts)
    most = sum(rounded[part][1] for part in parts) if complete else inf
    low = max(rounded[whole][0], least)
    high = min(rounded[whole][1], most)
    rounded[whole] = (low, high)
    for part in parts:
        lower, upper = rounded[part]
        # what the other parts have together, as narrow as they are by now
        least_of_others = least - lower
        most_of_others = most - upper
        if most == inf and complete:  # inf - inf is no number
            most_of_others = sum(rounded[each][1] for each in parts if each != part)
        elif most == inf:
            most_of_others = inf
        lower = max(lower, low - most_of_others)
        upper = min(upper, high - least_of_others)
        rounded[part] = (lower, upper)
        least = least_of_others + lower
        most = most_of_others + upper
