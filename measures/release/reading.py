"""The one reader of a release: its manifest, and totals over time.

What is shown of a release is read back from its files, so nothing else can be shown.
"""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extractors.disk import read_kept
from measures.release.files import MANIFEST, MANIFEST_FORMAT, MEASURES, PARQUET


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a release says of how it was made; empty if there is none.

    Raises CohortflowError for a file that is damaged, or of a format that this version does not know.
    """
    return read_kept(folder / MANIFEST, MANIFEST_FORMAT, {1: dict}) or {}


def manifest_beside(file: Path) -> Path | None:
    """The manifest that came with a released file: beside it, or above the folder of single measures."""
    folders = [file.parent]
    if file.parent.name == MEASURES:
        folders.append(file.parent.parent)
    for folder in folders:
        if (folder / MANIFEST).exists():
            return folder / MANIFEST
    return None


@dataclass(frozen=True)
class Point:
    """One period of a total; None where it is redacted."""

    start: datetime.date
    numerator: int | None
    denominator: int | None
    ratio: float | None


@dataclass(frozen=True)
class Total:
    """A measure without groups, in order of time; there is at least one point. `mean`: its ratio is one."""

    measure: str
    points: tuple[Point, ...]
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
    """The ungrouped measures of a release, in its order; none if there is no release. `means`: whose ratios are."""
    file = folder / PARQUET
    if not file.exists():
        return []
    columns = ["measure", "group_by", "interval_start", "numerator", "denominator", "ratio"]
    # opened by us: to Arrow a relative path that begins with s3: is a place elsewhere
    with file.open("rb") as opened:
        table = pq.ParquetFile(opened).read(columns=columns)
    totals = table.filter(pc.equal(table["group_by"].cast(pa.string()), ""))
    found: dict[str, list[Point]] = {}
    for row in totals.to_pylist():
        point = Point(row["interval_start"], row["numerator"], row["denominator"], row["ratio"])
        found.setdefault(row["measure"], []).append(point)
    return [Total(name, tuple(points), name in means) for name, points in found.items()]
