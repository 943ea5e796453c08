"""True counts as rows for people and programs; for made-up records, or the
highly_sensitive shelf.
"""

import csv
import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from itertools import pairwise, repeat
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from measures.counts.columns import Part
from measures.counts.types import RawCounts

COLUMNS = (
    "measure",
    "interval_start",
    "interval_end",
    "group_by",
    "group",
    "numerator",
    "denominator",
)
GROUP = COLUMNS.index("group")


class TrueRow(NamedTuple):
    """A group of a measure in a period. There may be tens of thousands, and a tuple is
    made the fastest.
    """

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
        return {name: getattr(self, name) for name in COLUMNS} | {
            "group": list(self.group)
        }

    @property
    def ratio(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


def true_rows(counts: RawCounts) -> list[TrueRow]:
    """All rows, in the order of the grid: by measure, interval, and the values of
    groups.
    """
    scales = {shape.name: 10**shape.places for shape in counts.measures if shape.most}
    names = counts.table["measure"].to_numpy()
    groupings = counts.table["group_by"].to_numpy()
    changes = (names[1:] != names[:-1]) | (groupings[1:] != groupings[:-1])
    edges = [0, *(np.flatnonzero(changes) + 1).tolist(), len(names)]
    found: list[TrueRow] = []
    for start, end in pairwise(edges):
        found += _block(counts.table.slice(start, end - start), scales)
    return found


def _block(rows: pa.Table, scales: Mapping[str, int]) -> Iterator[TrueRow]:
    """Rows of one grouping of a measure that follow each other."""
    if not len(rows):
        return
    measure, group_by = rows["measure"][0].as_py(), rows["group_by"][0].as_py()
    names = group_by.split("+") if group_by else []
    groups = (
        zip(*(rows[name].to_pylist() for name in names), strict=True)
        if names
        else repeat(())
    )
    numerators = rows[Part.NUMERATOR].to_pylist()
    if measure in scales:
        numerators = [numerator / scales[measure] for numerator in numerators]
    starts, ends = rows["interval_start"].to_pylist(), rows["interval_end"].to_pylist()
    denominators = rows[Part.DENOMINATOR].to_pylist()
    for start, end, group, numerator, denominator in zip(
        starts, ends, groups, numerators, denominators, strict=False
    ):
        yield TrueRow(measure, start, end, group_by, group, numerator, denominator)


def as_csv(rows: Iterable[TrueRow]) -> str:
    """The rows as text, groups as JSON arrays, as `measures.csv` has them."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    # one for all rows: `json.dumps` makes one for each, which takes most of its time
    encode = json.JSONEncoder(default=str, ensure_ascii=False).encode
    for row in rows:
        # the fields of a row are the columns, in their order
        cells: list[Any] = list(row)
        cells[GROUP] = encode(row.group)
        writer.writerow(cells)
    return text.getvalue()
