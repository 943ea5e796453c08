"""Numbers that the rule never shows: whatever put them there did not round them, so
they may be the true counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from measures.disclosure.audit.findings import NOT_ROUNDED, Finding
from measures.disclosure.audit.reading.names import (
    DENOMINATOR,
    NUMERATOR,
    Count,
    Place,
    Slot,
)
from measures.disclosure.audit.reading.public import When
from measures.disclosure.audit.reading.rows import Row
from measures.disclosure.audit.reading.tables import Tables
from measures.disclosure.audit.rules import Rule

Amounts = Mapping[tuple[str, When], Sequence[int]]


def unrounded(tables: Tables, rule: Rule) -> Iterator[Finding]:
    """Each count once, whichever measures show it; in the order of releases and
    intervals.
    """
    for slot in tables.shapes if rule.protects else ():
        shown = list(_shown(tables, slot))
        amounts = _amounts(shown)
        found: dict[Count, Finding] = {}
        for each in shown:
            if not _fits(each, rule, amounts):
                found.setdefault(each.of, each.finding(slot))
        yield from found.values()


class _Shown(NamedTuple):
    """A number of a row."""

    row: Row
    # which count it shows
    of: Count
    # what a reader calls it
    quantity: str
    # the number
    number: int
    # it adds up amounts
    amounts: bool
    # of amounts, the most that one person can have
    most: float

    def finding(self, slot: Slot) -> Finding:
        place = Place(
            release=slot.release,
            measure=self.row.measure,
            interval=slot.interval,
            cell=self.of.cell,
            quantity=self.quantity,
        )
        return Finding(NOT_ROUNDED, place, self.number, self.number)


def _shown(tables: Tables, slot: Slot) -> Iterator[_Shown]:
    for row in tables.rows[slot]:
        for quantity, (part, number) in zip(
            (DENOMINATOR, NUMERATOR), tables.shown(row), strict=True
        ):
            if number is not None:
                yield _Shown(
                    row=row,
                    of=tables.count(slot, part, tables.cell(row)),
                    quantity=quantity,
                    number=number,
                    amounts=tables.structure.series[part].amounts,
                    most=tables.known(row).most,
                )


def _amounts(shown: Iterable[_Shown]) -> Amounts:
    """The sums of amounts that have one base: all cells of one series at one time."""
    found: dict[tuple[str, When], list[int]] = defaultdict(list)
    for each in shown:
        if each.amounts:
            found[each.of.part, each.of.when].append(each.number)
    return found


def _fits(shown: _Shown, rule: Rule, amounts: Amounts) -> bool:
    if not shown.amounts:
        return rule.shows(shown.number)
    together = amounts[shown.of.part, shown.of.when]
    return rule.shows_amounts(together, shown.most)
