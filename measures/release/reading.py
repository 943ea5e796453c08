"""The one reader of a release: its manifest, its rows, and totals over time.

What is shown of a release is read back from its files, so nothing else can be shown.
"""

import csv
import datetime
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extractors.disk import read_kept
from measures.counts.columns import Kind
from measures.release.files import (
    ASKED,
    ASKED_FORMAT,
    BEFORE,
    BEFORE_FORMAT,
    DECISIONS,
    DECISIONS_FORMAT,
    MANIFEST,
    MANIFEST_FORMAT,
    MEASURES,
    PARQUET,
    REVISIONS,
)
from measures.release.layout import COLUMNS, names_of

# a measure, and the first and the last day of a period
Place = tuple[str, datetime.date, datetime.date]
# of a revision: what became of it
STAYS = "the released numbers stay"
GroupValue = str | bool | int | float | datetime.date | None
# In the order of the fields of a row, but for the values of its groups.
ROW = tuple(name for name in COLUMNS if name != "group")
# before format 3
OLDER = {"ratio_low": "ratio_at_least", "ratio_high": "ratio_at_most"}


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a release says of how it was made; empty if there is none.

    Raises CohortflowError for a file that is damaged, or of a format that this version
    does not know.
    """
    return read_kept(folder / MANIFEST, MANIFEST_FORMAT, {1: dict, 2: dict}) or {}


def read_decisions(folder: Path) -> dict[str, Any]:
    """What people decided about a release: `release` (its number), `state`, `needed`
    and `decisions`; empty if nothing.

    Raises CohortflowError as `read_manifest` does.
    """
    return read_kept(folder / DECISIONS, DECISIONS_FORMAT, {}) or {}


def read_before(folder: Path) -> dict[str, Any]:
    """What the release before held, in short; empty if nothing is said of one. Raises
    as `read_manifest` does.
    """
    return read_kept(folder / BEFORE, BEFORE_FORMAT, {}) or {}


def read_asked(folder: Path) -> dict[str, Any]:
    """What was asked, in words, and what the author says of it; empty in a release of
    an older version.

    Raises CohortflowError as `read_manifest` does.
    """
    return read_kept(folder / ASKED, ASKED_FORMAT, {}) or {}


def kept_as_released(folder: Path) -> frozenset[Place]:
    """The rows of a release that are as they were released, though what is counted has
    changed since.
    """
    path = folder / REVISIONS
    if not path.exists():
        return frozenset()
    found = set()
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["outcome"] == STAYS:
                start = datetime.date.fromisoformat(row["interval_start"])
                end = datetime.date.fromisoformat(row["interval_end"])
                found.add((row["measure"], start, end))
    return frozenset(found)


def manifest_beside(file: Path) -> Path | None:
    """The manifest that came with a released file: beside it, or above the folder of
    single measures.
    """
    folders = [file.parent]
    if file.parent.name == MEASURES:
        folders.append(file.parent.parent)
    for folder in folders:
        if (folder / MANIFEST).exists():
            return folder / MANIFEST
    return None


@dataclass(frozen=True)
class Point:
    """One period of a total, as released."""

    # the first day of the period
    start: datetime.date
    # how many are counted; None where it is redacted
    numerator: int | None
    # of how many; None where it is redacted
    denominator: int | None
    # numerator / denominator, with three significant digits; None where there is none
    ratio: float | None


@dataclass(frozen=True)
class Total:
    """A measure without groups."""

    # the name that the definition gives it
    measure: str
    # its periods in order of time; at least one
    points: tuple[Point, ...]
    # whether its ratio is a mean of amounts, which is shown as it is
    mean: bool = False

    @property
    def unit(self) -> str:
        return "mean" if self.mean else "per 1,000"

    def in_units(self, ratio: float) -> float:
        return ratio if self.mean else ratio * 1000

    @property
    def can_be_drawn(self) -> bool:
        return sum(point.ratio is not None for point in self.points) > 1


def released_totals(folder: Path, means: Collection[str] = ()) -> list[Total]:
    """The ungrouped measures of a release, in its order; none if there is no release.
    `means`: whose ratios are.
    """
    file = folder / PARQUET
    if not file.exists():
        return []
    columns = [
        "measure",
        "group_by",
        "interval_start",
        "numerator",
        "denominator",
        "ratio",
    ]
    table = _read(file, columns)
    totals = table.filter(pc.equal(table["group_by"].cast(pa.string()), ""))
    found: dict[str, list[Point]] = {}
    for row in totals.to_pylist():
        point = Point(
            row["interval_start"], row["numerator"], row["denominator"], row["ratio"]
        )
        found.setdefault(row["measure"], []).append(point)
    return [Total(name, tuple(points), name in means) for name, points in found.items()]


def released_table(folder: Path, columns: Sequence[str]) -> pa.Table | None:
    """Some columns of the rows of a release, with texts that are not coded; None if
    there is no release.
    """
    file = folder / PARQUET
    if not file.exists():
        return None
    table = _read(file, columns)
    plain = []
    for each in table.schema:
        plain.append(
            each.type.value_type if pa.types.is_dictionary(each.type) else each.type
        )
    return table.cast(pa.schema(list(zip(table.column_names, plain, strict=True))))


def _read(file: Path, columns: Sequence[str] | None) -> pa.Table:
    # opened by us: to Arrow a relative path that begins with s3: is a place elsewhere
    with file.open("rb") as opened:
        return pq.ParquetFile(opened).read(columns=columns)


@dataclass(frozen=True)
class ReleasedRow:
    """One cell of a release: a measure, an interval and a group. What is withheld is
    None.
    """

    # the name of the measure
    measure: str
    # the first day
    interval_start: datetime.date
    # the last day
    interval_end: datetime.date
    # the names of the columns that it is grouped by; none for the total
    group_by: tuple[str, ...]
    # their values, in the same order; None: missing
    group: tuple[GroupValue, ...]
    # how many were counted, as released
    numerator: int | None
    # of how many
    denominator: int | None
    # numerator / denominator, with three significant digits
    ratio: float | None
    # the true ratio of these people is certainly not below this
    ratio_at_least: float | None
    # the true ratio of these people is certainly not above this
    ratio_at_most: float | None
    # lower end of the 95 % interval; None for means, and in older releases
    ci_low: float | None
    # upper end of the 95 % interval; None likewise
    ci_high: float | None
    # released, redacted or withheld
    status: str


@dataclass(frozen=True)
class ReleasedMeasure:
    """What a release says of one measure."""

    # its name
    name: str
    # what its ratio is
    kind: Kind
    # how much less and how much more than shown a true numerator can be
    numerator_off: tuple[int, int]
    # the same of a denominator
    denominator_off: tuple[int, int]


def released_rows(folder: Path) -> tuple[ReleasedRow, ...]:
    """The rows of a release in its order; none if there is no release.

    Reads `measures.parquet`, also of versions that called the range otherwise.
    """
    file = folder / PARQUET
    if not file.exists():
        return ()
    return tuple(rows_of(_read(file, None)))


def rows_of(table: pa.Table) -> Iterator[ReleasedRow]:
    """The rows of a table with the columns of `measures.parquet`, of this version or an
    older one.
    """
    table = table.rename_columns([OLDER.get(name, name) for name in table.column_names])
    for grouping, part in _parts(table):
        names = names_of(grouping)
        groups = _groups(part, names)
        columns = [_values(part, name) for name in ROW]
        for group, values in zip(groups, zip(*columns, strict=True), strict=True):
            measure, start, end, _, *numbers = values
            yield ReleasedRow(measure, start, end, names, group, *numbers)


def _parts(table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
    """Each stretch of rows that are grouped by the same columns, and by which.

    A release has a column for every group of any measure, and a row has values in a few
    of them.
    """
    start = 0
    for grouping, rows in groupby(table["group_by"].to_pylist()):
        count = sum(1 for _ in rows)
        yield grouping, table.slice(start, count)
        start += count


def _groups(part: pa.Table, names: Sequence[str]) -> list[tuple[GroupValue, ...]]:
    """The group of each row: its values in the columns of these names."""
    if not names:
        return [()] * len(part)
    return list(zip(*(part[name].to_pylist() for name in names), strict=True))


def _values(table: pa.Table, name: str) -> list:
    if name not in table.column_names:
        return [None] * len(table)
    return table[name].to_pylist()


def released_measures(folder: Path) -> tuple[ReleasedMeasure, ...]:
    """The measures of a release; none for one of a version before this was written
    down.

    Raises CohortflowError as `read_manifest` does.
    """
    return measures_in(read_manifest(folder))


def measures_in(manifest: Mapping[str, Any]) -> tuple[ReleasedMeasure, ...]:
    """The measures that a manifest tells of."""
    listed = manifest.get("measures", {})
    found = []
    for name, measure in listed.items():
        found.append(
            ReleasedMeasure(
                name=name,
                kind=Kind(measure["kind"]),
                numerator_off=tuple(measure["off"]["numerator"]),
                denominator_off=tuple(measure["off"]["denominator"]),
            )
        )
    return tuple(found)
