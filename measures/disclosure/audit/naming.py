"""Groups that the records name: a name is a value of those who are in the group, so
they must be enough.

The definition names some groups itself. Any other must have two bases of people, as
shown, in some interval of some release; or have been named before, as the manifest
says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from extractors.errors import ArgumentsError
from measures.disclosure.audit.findings import NAMED, Finding
from measures.disclosure.audit.reading.names import DENOMINATOR, Cell, Place
from measures.disclosure.audit.reading.public import Structure, written
from measures.disclosure.audit.reading.rows import Grouping, Row
from measures.disclosure.audit.rules import Rule

BASES = 2


def few_named(
    releases: Sequence[Sequence[Row]],
    structure: Structure,
    rule: Rule,
    before: Iterable[Cell] = (),
    *,
    whole: bool = True,
) -> Iterator[Finding]:
    """The first row of every group that has a name and too few people.

    `before`: groups that may have one. `whole`: all measures are there; else a measure
    that is not may show enough people, and of what it groups by nothing is said.
    """
    if not rule.protects:
        return
    least = BASES * rule.base
    fine = set(before)
    for rows in releases:
        fine.update(_large(rows, least))
    unsure = set() if whole else _elsewhere(releases, structure)
    for number, rows in enumerate(releases):
        for row in rows:
            cell = Cell(row.grouping, row.groups)
            if cell in fine or row.grouping in unsure:
                continue
            fine.add(cell)  # said once, or named by the definition
            if not structure.is_named(*cell):
                yield Finding(NAMED, _place(row, cell, number), 0, least - 1)


def _place(row: Row, cell: Cell, release: int) -> Place:
    return Place(
        release=release,
        measure=row.measure,
        interval=row.interval,
        cell=cell,
        quantity=DENOMINATOR,
    )


def _elsewhere(
    releases: Iterable[Iterable[Row]], structure: Structure
) -> set[Grouping]:
    """The groupings of measures that are not among the rows."""
    there = {row.measure for row in chain.from_iterable(releases)}
    found: set[Grouping] = set()
    for name, known in structure.measures.items():
        if name not in there:
            found.add(known.grouping)
    return found


def _large(rows: Iterable[Row], least: int) -> Iterator[Cell]:
    for row in rows:
        if row.denominator is not None and row.denominator >= least:
            yield Cell(row.grouping, row.groups)


def cells_of(named: Iterable[Mapping[str, Any]]) -> list[Cell]:
    """The groups of a manifest's "named_before". Raises ArgumentsError if it is
    something else.
    """
    try:
        return [_cell(each["groups"]) for each in named]
    except (KeyError, TypeError, AttributeError) as error:
        raise ArgumentsError(
            "The groups that were named before cannot be read "
            f"({type(error).__name__}); give the manifest.json that came with the "
            "release."
        ) from None


def _cell(groups: Mapping[str, Any]) -> Cell:
    names = tuple(sorted(groups))
    values = [groups[name] for name in names]
    return Cell(
        names, tuple(None if value is None else written(value) for value in values)
    )
