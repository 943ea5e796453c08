"""Raw counts: true, and never shown."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import pyarrow as pa

from extractors.errors import ensure
from extractors.late import pc
from measures.counts.columns import (
    CONFIDENCE,
    COUNTS,
    FINGERPRINTS,
    KEYS,
    PARTS,
    RELEASED,
    TRUE,
    Kind,
    Part,
)
from measures.standards import DECILES, Standard


@dataclass(frozen=True)
class MeasureShape:
    """What is known about a measure before anything is counted."""

    # as the author calls it
    name: str
    # sorted names
    group_by: tuple[str, ...]
    # first and last days, those of this run
    intervals: tuple[tuple[date, date], ...]
    # whether the numerator can never exceed the denominator, as with a yes/no
    # numerator; when in doubt False, which only makes the published range of the ratio
    # wider
    is_proportion: bool = False
    # of a measure of amounts: how many decimals a unit has; its numerators are in units
    # until they are released, then they are whole numbers
    places: int = 0
    # of a measure of amounts, more than 0: how many units anybody's amount can be
    most: int = 0
    # the group whose values are units: only the deciles of their rates are released
    over: str = ""
    # the standard population of its standardised rates; None: it has none
    standard: Standard | None = None

    @property
    def shown_as(self) -> str:
        """The measure that its numbers are released under: of one of units, the one of
        the whole.
        """
        return self.name.removesuffix(DECILES) if self.over else self.name

    def __post_init__(self) -> None:
        ensure(
            list(self.group_by) == sorted(set(self.group_by)),
            f"{self.name} has unsorted groups",
        )
        forward = all(start <= end for start, end in self.intervals)
        ensure(forward, f"{self.name} has an interval that ends before it starts")

    @property
    def kind(self) -> Kind:
        """What its ratio is."""
        if self.most:
            return Kind.MEAN
        return Kind.PROPORTION if self.is_proportion else Kind.RATE

    @property
    def grouping(self) -> str:
        """The name of the grouping as the column `group_by` has it; "" for the
        total.
        """
        return "+".join(self.group_by)


@dataclass(frozen=True, eq=False, repr=False)
class RawCounts:
    """True counts: columns KEYS, one per group name, COUNTS (all int64, none NULL),
    FINGERPRINTS.

    A NULL group value means "missing" where `group_by` names the group, and "not
    grouped" elsewhere. `…_patients`: how many people are behind a count; `…_largest`:
    the largest absolute amount that one of them adds to it, or anything larger that
    depends on nothing but the interval; 1 for counts of people, 0 for no person. Raises
    CohortflowError for a table that counting can't have made.
    """

    # one row for each measure, interval and combination of groups
    table: pa.Table
    # one shape for each name in the table
    measures: tuple[MeasureShape, ...]

    def __post_init__(self) -> None:
        same = self.table.schema.equals(raw_schema(self.groups))
        ensure(same, "raw counts have other columns than they should")
        for name in (*KEYS, *COUNTS):
            ensure(
                self.table[name].null_count == 0,
                f"raw counts have no {name} in some rows",
            )
        for part in PARTS:
            self._check_people(part)
        ensure(
            _never(self._above_one()),
            "a proportion has a numerator above its denominator",
        )

    def _check_people(self, part: Part) -> None:
        count, people = self.table[part], self.table[part.patients]
        largest = self.table[part.largest]
        ensure(_never(pc.less(people, 0)), f"{part.patients} is negative in some rows")
        # Thresholds look at people: a count without any would walk past them.
        empty = pc.and_(pc.equal(people, 0), pc.not_equal(count, 0))
        ensure(_never(empty), f"some rows have a {part} with no people behind it")
        # The base of a sum must be above what any one person adds.
        above = pc.greater(pc.abs(count), pc.multiply(people, largest))
        ensure(
            _never(above),
            f"some rows have a {part} that is more than its people can add",
        )

    def _above_one(self) -> pa.ChunkedArray:
        above = pc.greater(self.table["numerator"], self.table["denominator"])
        return pc.and_(self.is_proportion, above)

    @property
    def is_proportion(self) -> pa.ChunkedArray:
        """For each row, whether its numerator is part of its denominator."""
        names = [shape.name for shape in self.measures if shape.is_proportion]
        return pc.is_in(self.table["measure"], value_set=pa.array(names, pa.string()))

    def each_row(self, number: Callable[[MeasureShape], int]) -> np.ndarray:
        """For each row a number of the shape of its measure."""
        shapes = {shape.name: number(shape) for shape in self.measures}
        which = pc.index_in(
            self.table["measure"], value_set=pa.array(list(shapes), pa.string())
        ).to_numpy()
        return np.array([*shapes.values(), 0], np.int64)[which]

    @cached_property
    def groups(self) -> dict[str, pa.DataType]:
        """The group names of the study and their types."""
        fields = list(self.table.schema)[len(KEYS) : -len(TRUE)]
        return {field.name: field.type for field in fields}

    def __repr__(self) -> str:  # the counts would end up in a log
        return f"RawCounts({len(self.table)} rows)"


def raw_schema(groups: Mapping[str, pa.DataType]) -> pa.Schema:
    """Columns and types of raw counts, in order."""
    ensure(
        not {*KEYS, *TRUE, *RELEASED, *CONFIDENCE} & set(groups),
        "a group is named like a column of the release",
    )
    counts = [(name, pa.int64()) for name in COUNTS]
    people = [(name, pa.uint64()) for name in FINGERPRINTS]
    return pa.schema([*KEYS.items(), *groups.items(), *counts, *people])


def _never(condition: pa.ChunkedArray) -> bool:
    return not pc.any(condition).as_py()
