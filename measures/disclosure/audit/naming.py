"""Groups that the records name: a name is a value of those who are in the group, so they must be enough.

The definition names some groups itself. Any other must have two bases of people, as shown, in some interval of some
release; or have been named before, as the manifest says.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from extractors.errors import ArgumentsError
from measures.disclosure.audit.findings import NAMED, Finding
from measures.disclosure.audit.reading.names import DENOMINATOR, Cell, Place
from measures.disclosure.audit.reading.rows import Row
from measures.disclosure.audit.reading.structure import Structure, written
from measures.disclosure.audit.rules import Rule

BASES = 2


def few_named(
    releases: Sequence[Sequence[Row]], structure: Structure, rule: Rule, before: Iterable[Cell] = ()
) -> Iterator[Finding]:
    """The first row of every group that has a name and too few people; `before`: groups that may have one."""
    if not rule.protects:
        return
    least = BASES * rule.base
    fine = {cell for rows in releases for cell in _large(rows, least)} | set(before)
    for number, rows in enumerate(releases):
        for row in rows:
            cell = Cell(row.grouping, row.groups)
            if cell in fine:
                continue
            fine.add(cell)  # told once, or named by the definition
            if not structure.is_named(*cell):
                place = Place(
                    release=number,
                    measure=row.measure,
                    interval=row.interval,
                    cell=cell,
                    quantity=DENOMINATOR,
                )
                yield Finding(NAMED, place, 0, least - 1)


def _large(rows: Iterable[Row], least: int) -> Iterator[Cell]:
    for row in rows:
        if row.denominator is not None and row.denominator >= least:
            yield Cell(row.grouping, row.groups)


def cells_of(named: Iterable[Mapping[str, Any]]) -> list[Cell]:
    """The groups of a manifest's "named_before". Raises ArgumentsError if it is something else."""
    try:
        return [_cell(each["groups"]) for each in named]
    except (KeyError, TypeError, AttributeError) as error:
        raise ArgumentsError(
            f"The groups that were named before cannot be read ({type(error).__name__}); "
            "give the manifest.json that came with the release."
        ) from None


def _cell(groups: Mapping[str, Any]) -> Cell:
    names = tuple(sorted(groups))
    values = [groups[name] for name in names]
    return Cell(names, tuple(None if value is None else written(value) for value in values))
