"""Released tables as the rows an attacker sees."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import pyarrow as pa

from extractors.errors import ArgumentsError

FIXED = (
    "measure", "interval_start", "interval_end", "group_by",
    "numerator", "denominator", "ratio", "ratio_at_least", "ratio_at_most", "status",
)  # fmt: skip
# of a release, too; what they are made of is in its other columns
BESIDE = ("ci_low", "ci_high")
NEEDED = (
    "measure",
    "interval_start",
    "interval_end",
    "group_by",
    "numerator",
    "denominator",
)

Interval = tuple[date, date]
Grouping = tuple[str, ...]
Groups = tuple[str | None, ...]


class Row(NamedTuple):
    """One released row; a count that is not shown is None, a missing group value
    too.
    """

    measure: str
    interval: Interval
    grouping: Grouping
    groups: Groups
    numerator: int | None
    denominator: int | None
    ratio: float | None
    ratio_at_least: float | None
    ratio_at_most: float | None
    status: str


def rows_of(table: pa.Table) -> list[Row]:
    """The rows of a table in the columns of a release. Raises ArgumentsError if some
    are missing.
    """
    missing = [name for name in NEEDED if name not in table.column_names]
    if missing:
        raise ArgumentsError(
            f"A released table lacks the columns {', '.join(missing)}; is it a "
            "release of measures?"
        )
    fixed = [_values(table, name) for name in FIXED]
    groups = {
        name: [_text(value) for value in _values(table, name)]
        for name in _group_names(table)
    }
    return list(_rows(fixed, groups))


def _group_names(table: pa.Table) -> list[str]:
    return [name for name in table.column_names if name not in (*FIXED, *BESIDE)]


def _values(table: pa.Table, name: str) -> list:
    """As Python's; of dates and words, which are few, each is made once."""
    if name not in table.column_names:
        return [None] * len(table)
    column = table[name].combine_chunks()
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return column.to_pylist()
    coded = column.dictionary_encode()
    known = [*coded.dictionary.to_pylist(), None]
    return [known[code] for code in coded.indices.fill_null(len(known) - 1).to_pylist()]


def _rows(fixed: list[list], groups: dict[str, list[str | None]]) -> Iterable[Row]:
    groupings: dict[str, Grouping] = {}
    for i, (measure, start, end, by, *counts, status) in enumerate(
        zip(*fixed, strict=True)
    ):
        numerator, denominator, ratio, low, high = counts
        grouping = groupings.get(by)
        if grouping is None:
            grouping = groupings[by] = tuple(
                name for name in (by or "").split("+") if name
            )
        shown = tuple(groups[name][i] for name in grouping)
        yield Row(
            measure=measure,
            interval=(start, end),
            grouping=grouping,
            groups=shown,
            numerator=numerator,
            denominator=denominator,
            ratio=ratio,
            ratio_at_least=low,
            ratio_at_most=high,
            status=status or "",
        )


def _text(value: object) -> str | None:
    """Group values compare as CSV writes them, so a Parquet file and a CSV file of one
    release agree.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return "T" if value else "F"
    return str(value)
