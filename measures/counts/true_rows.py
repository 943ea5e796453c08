"""True counts as rows for people and programs; for made-up records, or the highly_sensitive shelf."""

import csv
import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from typing import Any

from measures.counts.columns import Part
from measures.counts.types import RawCounts

COLUMNS = ("measure", "interval_start", "interval_end", "group_by", "group", "numerator", "denominator")


@dataclass(frozen=True)
class TrueRow:
    """A group of a measure in a period."""

    measure: str
    interval_start: datetime.date
    interval_end: datetime.date
    # names of the groups, joined by +; empty for the total
    group_by: str
    # their values in the same order; None for a missing one
    group: tuple[Any, ...]
    # of a measure of amounts, their sum
    numerator: int | float
    denominator: int

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in COLUMNS} | {"group": list(self.group)}

    @property
    def ratio(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


def true_rows(counts: RawCounts) -> list[TrueRow]:
    """All rows, in the order of the grid: by measure, interval, and the values of groups."""
    scales = {shape.name: 10**shape.places for shape in counts.measures if shape.most}
    return [_row(row, scales.get(row["measure"])) for row in counts.table.to_pylist()]


def _row(row: dict[str, Any], scale: int | None) -> TrueRow:
    numerator = row[Part.NUMERATOR]
    names = row["group_by"].split("+") if row["group_by"] else []
    return TrueRow(
        measure=row["measure"],
        interval_start=row["interval_start"],
        interval_end=row["interval_end"],
        group_by=row["group_by"],
        group=tuple(row[name] for name in names),
        numerator=numerator if scale is None else numerator / scale,
        denominator=row[Part.DENOMINATOR],
    )


def as_csv(rows: Iterable[TrueRow]) -> str:
    """The rows as text, groups as JSON arrays, as `measures.csv` has them."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        told = row.as_json() | {"group": json.dumps(row.group, default=str, ensure_ascii=False)}
        writer.writerow(told.values())
    return text.getvalue()
