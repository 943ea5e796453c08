"""What a definition wants to find in made-up records."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain

from extractors.errors import ArgumentsError
from extractors.model import nodes
from extractors.model.schema import TableSchema

ANY_CODE = ""
Interval = tuple[datetime.date, datetime.date]


@dataclass(frozen=True)
class Target:
    """People of whom some conditions hold together, in each of some periods."""

    # Each True, or a number of 1 or more.
    conditions: tuple[nodes.Series, ...]
    # No period at all where a definition has none.
    intervals: tuple[Interval, ...] = ()

    @property
    def name(self) -> tuple:
        """What tells it from others, as plain data."""
        digests = tuple(each.digest for each in self.conditions)
        return digests, tuple((str(first), str(last)) for first, last in self.intervals)


@dataclass(frozen=True)
class Wishes:
    """What a definition wants to find in made-up records.

    Raises ArgumentsError if the span is empty, a table comes twice or a codelist has no
    column.
    """

    # which are written with just the columns they name
    tables: tuple[TableSchema, ...]
    # (table, column) -> the codelists that the definition looks for there, each a tuple
    # of codes; the order of codes and of codelists does not matter
    codelists: Mapping[tuple[str, str], tuple[tuple[str, ...], ...]]
    # day of the study's intervals
    first: datetime.date
    # day of the study's intervals, included
    last: datetime.date
    # (table, column) -> code of the rows (ANY_CODE: of all) -> the numbers that the
    # definition compares its values with
    thresholds: Mapping[tuple[str, str], Mapping[str, tuple[float, ...]]] = field(
        default_factory=dict
    )
    # of what some people are to be witnesses, whatever the others are like
    targets: tuple[Target, ...] = ()

    def __post_init__(self) -> None:
        names = [schema.name for schema in self.tables]
        if self.last < self.first:
            raise ArgumentsError(
                f"The span ends before it starts: {self.first} to {self.last}; give "
                "the earlier date first."
            )
        if len(set(names)) < len(names):
            raise ArgumentsError(
                f"A table is wished for twice in {', '.join(names)}; join its columns."
            )
        columns: set[tuple[str, str]] = set()
        for schema in self.tables:
            columns.update((schema.name, column.name) for column in schema.columns)
        lost = sorted(set(self.codelists) - columns)
        if lost:
            raise ArgumentsError(
                f"There are codelists for {'.'.join(lost[0])}, which is not a column "
                "of the wished tables; add the column or leave its codelists out."
            )

    def codelists_of(self, table: str, column: str) -> tuple[tuple[str, ...], ...]:
        """The different codelists of a column, the largest first, each sorted and
        without empty ones.
        """
        given = self.codelists.get((table, column), ())
        lists = {tuple(sorted(set(codes))) for codes in given if codes}
        return tuple(sorted(lists, key=lambda codes: (-len(codes), codes)))

    def thresholds_of(self, table: str, column: str) -> tuple[float, ...]:
        """The numbers that a column is compared with, whatever the code of the row."""
        given = self.thresholds.get((table, column), {})
        return tuple(sorted(set(chain.from_iterable(given.values()))))
