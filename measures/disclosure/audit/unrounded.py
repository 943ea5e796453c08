"""Numbers that the rule never shows: whatever put them there did not round them, so they may be the true counts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from measures.disclosure.audit.findings import NOT_ROUNDED, Finding
from measures.disclosure.audit.reading.names import DENOMINATOR, NUMERATOR, Count, Place, Slot
from measures.disclosure.audit.reading.rows import Row
from measures.disclosure.audit.reading.structure import When
from measures.disclosure.audit.reading.tables import Tables
from measures.disclosure.audit.rules import Rule

Amounts = Mapping[tuple[str, When], Sequence[int]]


def unrounded(tables: Tables, rule: Rule) -> Iterator[Finding]:
    """Each count once, whichever measures show it; in the order of releases and intervals."""
    for slot in tables.shapes if rule.protects else ():
        amounts, found = _amounts(tables, slot), dict[Count, Finding]()
        for quantity, part, row, shown in _shown(tables, slot):
            if not _fits(tables, rule, amounts, slot, row, part, shown):
                cell = tables.cell(row)
                place = Place(slot.release, row.measure, slot.interval, cell, quantity)
                found.setdefault(tables.count(slot, part, cell), Finding(NOT_ROUNDED, place, shown, shown))
        yield from found.values()


def _shown(tables: Tables, slot: Slot) -> Iterator[tuple[str, str, Row, int]]:
    for row in tables.rows[slot]:
        for quantity, (part, shown) in zip((DENOMINATOR, NUMERATOR), tables.shown(row), strict=True):
            if shown is not None:
                yield quantity, part, row, shown


def _amounts(tables: Tables, slot: Slot) -> Amounts:
    """The sums of amounts that have one base: all cells of one series at one time."""
    found: dict[tuple[str, When], list[int]] = defaultdict(list)
    for _, part, row, shown in _shown(tables, slot):
        if tables.structure.series[part].amounts:
            found[part, tables.count(slot, part, tables.cell(row)).when].append(shown)
    return found


def _fits(tables: Tables, rule: Rule, amounts: Amounts, slot: Slot, row: Row, part: str, shown: int) -> bool:
    if not tables.structure.series[part].amounts:
        return rule.shows(shown)
    together = amounts[part, tables.count(slot, part, tables.cell(row)).when]
    return rule.shows_amounts(together, tables.known(row).most)
