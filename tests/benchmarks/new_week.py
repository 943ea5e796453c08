"""What a new week costs beside all weeks: records of 166 weeks of which the last is
new.

    .venv/bin/python -m tests.benchmarks.new_week [PATIENTS] [--study STUDY] [--most SHARE]

The steps of a run in this process, without Prefect and release: first on the records
without their last week, then on all of them in the same workspace, then on all of them
in another one, from nothing. Raw counts and cohorts of the last two must be equal; a
difference ends the program as failed, and so does a new week that costs more than a
share of all.
"""

import argparse
import datetime
import os
import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extractors.errors import CohortflowError
from extractors.time.differing import are_equal
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from tests.benchmarks.inline import InlineRun
from tests.lib.raw_files import named_counts

PATIENTS = 1_000_000
MOST = 0.2  # of the CPU seconds of a run from nothing
STUDY = "nhs_at_home"
WEEK = datetime.timedelta(7)
CARRIED = "carried over"  # a step that a run from nothing does not have
# of a row: when it came to be; in each table the first of these that it has
CAME = ("date", "start_date")


class Measured(InlineRun):
    """A run that notes the CPU seconds of each step."""

    def __init__(self, records: Path, workspace: Path, study: str):
        before = cpu()
        super().__init__(
            prepare(Options(study, str(records), workspace=str(workspace)))
        )
        self.seconds = {"prepare": cpu() - before}

    def _step(self, name: str, tried: Callable[[], list[CohortflowError]]) -> None:
        before = cpu()
        super()._step(name, tried)
        self.seconds[name] = cpu() - before

    def all(self) -> "Measured":
        self.prepare_inputs()
        before = cpu()
        self.make(self.prepared.jobs)
        self.seconds.setdefault(CARRIED, 0.0)
        self.seconds["periods"] = cpu() - before - self.seconds[CARRIED]
        return self


def cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("patients", nargs="?", type=int, default=PATIENTS)
    asked.add_argument("--study", default=STUDY)
    asked.add_argument("--most", type=float, default=MOST)
    parsed = asked.parse_args()
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    with tempfile.TemporaryDirectory() as folder:
        share = measure(Path(folder), parsed.patients, parsed.study)
    if share > parsed.most:
        sys.exit(f"That is more than {parsed.most}.")


def measure(folder: Path, patients: int, study: str) -> float:
    """The share of a run from nothing that the new week takes."""
    made_up = prepare(
        Options(study, patients=patients, workspace=str(folder / "made up"))
    )
    made_up.records.write_to(folder / "all")
    day = max(end for _, end in made_up.recipes) - WEEK
    earlier(folder / "all", folder / "earlier", day)
    Measured(folder / "earlier", folder / "kept", study).all()
    week = Measured(folder / "all", folder / "kept", study).all()
    whole = Measured(folder / "all", folder / "from nothing", study).all()
    refuse_different(week, whole)
    print(f"| {patients:,} people | the new week, CPU s | all weeks, CPU s |")
    print("|---|---:|---:|")
    for name in whole.seconds:
        print(f"| {name} | {week.seconds[name]:.1f} | {whole.seconds[name]:.1f} |")
    sums = [sum(each.seconds.values()) for each in (week, whole)]
    print(f"| **together** | **{sums[0]:.1f}** | **{sums[1]:.1f}** |")
    print(f"\nThe new week takes {sums[0] / sums[1]:.2f} of all weeks.")
    return sums[0] / sums[1]


def earlier(records: Path, folder: Path, day: datetime.date) -> None:
    """The same records as they were on a day: without the rows that came later."""
    for path in sorted(records.rglob("*.parquet")):
        table = pq.ParquetFile(path).read()
        came = [name for name in CAME if name in table.column_names]
        if came:
            later = pc.greater(table[came[0]], pa.scalar(day, pa.date32()))
            table = table.filter(pc.invert(pc.fill_null(later, False)))
        target = folder / path.relative_to(records)
        target.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, target)


def refuse_different(one: Measured, other: Measured) -> None:
    """Ends the program where two runs have other counts or cohorts."""
    for period, job in one.prepared.jobs.items():
        there = other.prepared.jobs[period]
        counts = [sorted(named_counts(each.counts), key=repr) for each in (job, there)]
        cohorts = [pq.ParquetFile(each.cohort).read() for each in (job, there)]
        if counts[0] != counts[1] or not are_equal(*cohorts):
            sys.exit(f"The results of {period} differ.")


if __name__ == "__main__":
    main()
