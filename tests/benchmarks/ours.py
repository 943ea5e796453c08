"""Our side of the comparison: records, studies of fewer weeks, and runs up to the
gathered raw counts.
"""

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

import pyarrow.parquet as pq

from tests.benchmarks.baseline import STUDY, Period
from tests.benchmarks.costs import Cost, run_module

FIRST = date(2019, 4, 1)  # of the study; a Monday, and the first of a month
# a patient; with the ten or so that the study looks for, about 50 as in England
OTHER_EVENTS = 40
DAYS_PER_MONTH = 30.44


def make_records(
    folder: Path, patients: int, other_events: int = OTHER_EVENTS
) -> Cost | None:
    """Write records unless they are there; what it cost."""
    if folder.exists():
        return None
    given = ("--patients", patients, "--other-events", other_events, "--to", folder)
    return run_module(
        "flows", "trial", STUDY.name, *given, "--workspace", folder.parent / "none"
    )


def make_study(folder: Path, weeks: int) -> Path:
    """The study with so many weeks, and the whole months among them."""
    made = folder / f"nhs_at_home_{weeks}_weeks"
    shutil.copytree(STUDY, made, ignore=shutil.ignore_patterns("__pycache__"))
    text = (made / "definition.py").read_text(encoding="utf-8")
    for unit, count in (("weeks", weeks), ("months", months_in(weeks))):
        text, changed = re.subn(rf"= {unit}\(\d+\)", f"= {unit}({count})", text)
        assert changed == 1, unit
    (made / "definition.py").write_text(text, encoding="utf-8")
    return made


def months_in(weeks: int) -> int:
    return max(1, int(7 * weeks / DAYS_PER_MONTH))


def some_weeks(count: int, among: int) -> list[Period]:
    """So many weeks, spread evenly over all: early ones have little to look back on."""
    starts = [
        FIRST + timedelta(weeks=(2 * place + 1) * among // (2 * count))
        for place in range(count)
    ]
    return [Period("weekly", start, start + timedelta(days=6)) for start in starts]


def middle_month(weeks: int) -> Period:
    month = FIRST.month - 1 + months_in(weeks) // 2
    start, after = (
        date(FIRST.year + each // 12, each % 12 + 1, 1) for each in (month, month + 1)
    )
    return Period("monthly", start, after - timedelta(days=1))


@dataclass(frozen=True)
class Run:
    """What a run cost, and when each of its steps began (seconds)."""

    cost: Cost
    steps: Sequence[tuple[str, float]]
    periods: int
    rows: int

    @cached_property
    def seconds(self) -> dict[str, float]:
        """How long each step took; `start` is everything before the first."""
        ends = [*(begin for _, begin in self.steps[1:])]
        took = {
            name: end - begin
            for (name, begin), end in zip(self.steps, ends, strict=False)
        }
        return {"start": self.steps[0][1], **took}

    @property
    def work(self) -> float:
        """Wall of all steps, from the snapshot to the gathered counts."""
        return self.steps[-1][1] - self.steps[0][1]

    @property
    def per_period(self) -> float:
        """Wall of the periods' tasks per period."""
        return self.seconds["periods"] / self.periods


def run_ours(
    study: Path, records: Path, workspace: Path, *, force: bool = False
) -> Run:
    """From a folder of Parquet to gathered raw counts; with `force` over the snapshot
    that is there.
    """
    workspace.mkdir(exist_ok=True)
    marks = workspace / "marks.json"
    given = (study, "--records", records, "--workspace", workspace, "--marks", marks)
    cost = run_module(
        "tests.benchmarks.raw_run", *given, *(["--force"] if force else [])
    )
    found = json.loads(marks.read_text(encoding="utf-8"))
    return Run(
        cost,
        [(name, begin) for name, begin in found["steps"]],
        found["periods"],
        found["rows"],
    )


def stored(workspace: Path) -> tuple[int, int]:
    """Rows and bytes of all cohort files of a workspace."""
    files = list(workspace.glob("*/highly_sensitive/cohorts/*/*.parquet"))
    return sum(pq.ParquetFile(file).metadata.num_rows for file in files), sum(
        file.stat().st_size for file in files
    )
