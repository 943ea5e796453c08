"""Released tables as the rows an attacker sees."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import pyarrow as pa

from extractors.errors import ArgumentsError

FIXED = (
    "measure", "interval_start", "interval_end", "group_by",
    "numerator", "denominator", "ratio", "ratio_low", "ratio_high", "status",
)  # fmt: skip
NEEDED = ("measure", "interval_start", "interval_end", "group_by", "numerator", "denominator")

Interval = tuple[date, date]
Grouping = tuple[str, ...]
Groups = tuple[str | None, ...]


class Row(NamedTuple):
    """One released row; a count that is not shown is None, a missing group value too."""

    measure: str
    interval: Interval
    grouping: Grouping
    groups: Groups
    numerator: int | None
    denominator: int | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    status: str


def rows_of(table: pa.Table) -> list[Row]:
    """The rows of a table in the columns of a release. Raises ArgumentsError if some are missing."""
    missing = [name for name in NEEDED if name not in table.column_names]
    if missing:
        raise ArgumentsError(f"A released table lacks the columns {', '.join(missing)}; is it a release of measures?")
    columns = {name: _values(table, name) for name in (*FIXED, *_group_names(table))}
    return list(_rows(columns, len(table)))


def _group_names(table: pa.Table) -> list[str]:
    return [name for name in table.column_names if name not in FIXED]


def _values(table: pa.Table, name: str) -> list:
    return table[name].to_pylist() if name in table.column_names else [None] * len(table)


def _rows(columns: dict[str, list], size: int) -> Iterable[Row]:
    for i in range(size):
        grouping = tuple(name for name in (columns["group_by"][i] or "").split("+") if name)
        yield Row(
            columns["measure"][i],
            (columns["interval_start"][i], columns["interval_end"][i]),
            grouping,
            tuple(_text(columns[name][i]) for name in grouping),
            columns["numerator"][i],
            columns["denominator"][i],
            columns["ratio"][i],
            columns["ratio_low"][i],
            columns["ratio_high"][i],
            columns["status"][i] or "",
        )


def _text(value: object) -> str | None:
    """Group values compare as CSV writes them, so a Parquet file and a CSV file of one release agree."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "T" if value else "F"
    return str(value)
