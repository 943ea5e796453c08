"""What lies in a workspace after a run, for tests to look at."""

import csv
import datetime
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from tests.lib.raw_files import named_counts

# Files that tell of the records' kind and fingerprint, and of the releases before.
HISTORY = ("manifest.json", "report.html", "before.json")


class Shelves:
    """The two shelves of a study in a workspace."""

    def __init__(self, workspace: Path, study: str = "pressure"):
        self.workspace = workspace
        self.high = workspace / study / "highly_sensitive"
        self.release = workspace / study / "moderately_sensitive"

    def released(self) -> dict[str, bytes]:
        """Every file of the release by its relative path."""
        return contents(self.release)

    def numbers(self) -> dict[str, bytes]:
        """The same without what says where the numbers come from and what was released
        before.
        """
        return {
            name: content
            for name, content in self.released().items()
            if name not in HISTORY
        }

    def results(self, shelf: str) -> dict[str, Path]:
        """The files of `cohorts` or `counts` by period; there must be one for each."""
        found: dict[str, Path] = {}
        for path in sorted((self.high / shelf).glob("*/period=*.parquet")):
            period = path.stem.removeprefix("period=")
            assert period not in found, f"{period} has two results"
            found[period] = path
        return found

    def tables(self, shelf: str) -> dict[str, pa.Table]:
        return {period: read(path) for period, path in self.results(shelf).items()}

    def counts(self) -> list[dict[str, Any]]:
        """Every raw count there is, under the names of the measures when it was first
        counted.
        """
        rows = []
        for path in self.results("counts").values():
            rows += named_counts(path)
        return rows

    def rows(self) -> list[dict[str, str]]:
        """The rows of measures.csv as text, with a column for each group; `tidy` has
        them as they are.
        """
        rows = self.tidy()
        names = sorted(
            {name for row in rows for name in row["group_by"].split("+") if name}
        )
        for row in rows:
            mine = [name for name in row["group_by"].split("+") if name]
            values = map(_text, json.loads(row.pop("group")))
            row.update(dict.fromkeys(names, "") | dict(zip(mine, values, strict=True)))
        return rows

    def tidy(self) -> list[dict[str, str]]:
        """The rows of measures.csv as text."""
        with (self.release / "measures.csv").open(newline="") as file:
            return list(csv.DictReader(file))

    def stamps(self) -> dict[Path, tuple[int, int]]:
        """Inode and time of the cohorts and counts of all that is done: both change
        when one is written again.

        Counts come last, so a cohort without them is of a period that was not done yet.
        """
        cohorts, counts = self.results("cohorts"), self.results("counts")
        paths = [
            *(path for period, path in cohorts.items() if period in counts),
            *counts.values(),
        ]
        return {path: (path.stat().st_ino, path.stat().st_mtime_ns) for path in paths}

    def unfinished(self) -> list[Path]:
        """Whatever was begun and not ended, and what DuckDB has spilled."""
        marks = (".unfinished", ".partial", ".new", ".old")
        begun = [
            path
            for path in self.workspace.rglob("*")
            if any(mark in path.name for mark in marks)
        ]
        return begun + list(self.high.glob("spill/*"))

    def snapshot(self, table: str) -> Path:
        (path,) = self.high.glob(f"snapshots/*/{table}.parquet")
        return path

    def touched(self) -> Path:
        """The file of the rows that touched each period."""
        (path,) = self.high.glob("timelines/*/shard-*/touched-0.arrow")
        return path


def _text(value: object) -> str:
    """As a column of its own has it."""
    return "" if value is None else str(value)


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def read(path: Path) -> pa.Table:
    return pq.ParquetFile(path).read()


def days(period: str) -> tuple[datetime.date, datetime.date]:
    start, end = map(datetime.date.fromisoformat, period.split(".."))
    return start, end
