"""What the page of a release costs: CPU-seconds, wall that it adds to a run, and bytes.

    .venv/bin/python -m tests.benchmarks.report [--study STUDY] [--patients 20000] [--times 3]

Three numbers for the shipped study and for one of five measures: what `cohortflow
report` takes to make the page from the bundle alone, what a run takes more with a
report than without one, and how much of that lies after everything else, as charts are
drawn beside the audit. Runs with and without a report take turns, so that a busy
machine is as unfair to one as to the other; the median of the differences counts.
"""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from measures.release.report.making import make_report
from tests.benchmarks.costs import Cost, cost_of, run_module

SHIPPED = "nhs_at_home"
FIVE = """
from extractors import INTERVAL, months
from extractors.tables.tpp import clinical_events, patients
from measures import create_measures

measures = create_measures()
during = clinical_events.where(clinical_events.date.is_on_or_between(INTERVAL.start_date, INTERVAL.end_date))
is_there = patients.date_of_birth.is_on_or_before(INTERVAL.start_date)
measures.define_defaults(denominator=is_there, intervals=months(36).starting_on("2019-04-01"))
measures.define_measure("seen", during.exists_for_patient())
measures.define_measure("seen_by_sex", during.exists_for_patient(), group_by={"sex": patients.sex})
measures.define_measure("events", during.count_for_patient())
measures.define_measure("twice", during.count_for_patient() >= 2)
measures.define_measure("twice_by_sex", during.count_for_patient() >= 2, group_by={"sex": patients.sex})
measures.describe("seen", title="Seen", baseline="2019-04-01", compare=["2020-04-01", "2021-04-01"], spc=True)
"""


@dataclass(frozen=True)
class Costs:
    """What the page of one study costs."""

    study: str
    # `cohortflow report` of the bundle, which draws everything
    alone: Cost
    # a run with a report less one without
    cpu: float
    wall: float
    # the page alone, once its charts are drawn
    after: Cost
    bytes: int

    def row(self) -> str:
        return (
            f"| {self.study} | {self.bytes / 1e6:.2f} | {self.alone.cpu:.1f} | "
            f"{self.alone.wall:.1f} | {self.cpu:+.1f} | {self.wall:+.1f} | "
            f"{self.after.cpu:.1f} | {self.after.wall:.1f} |"
        )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--study", default="")
    asked.add_argument("--patients", type=int, default=20_000)
    asked.add_argument("--times", type=int, default=3)
    parsed = asked.parse_args()
    print(
        "| study | page MB | report: CPU s | wall s | run: CPU s more | wall s more "
        "| page alone: CPU s | wall s |"
    )
    print("|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        five = Path(folder) / "five.py"
        five.write_text(FIVE, encoding="utf-8")
        for study in [parsed.study] if parsed.study else [str(five), SHIPPED]:
            print(
                measure(study, parsed.patients, parsed.times, Path(folder) / "w").row(),
                flush=True,
            )


def measure(study: str, patients: int, times: int, folder: Path) -> Costs:
    """Runs in workspaces of their own, by turns."""
    cpu, wall = [], []
    place = folder
    for number in range(times):
        place = folder / f"{Path(study).stem}{number}"
        plain = _run(study, patients, place / "without", "--no-report")
        drawn = _run(study, patients, place / "with")
        cpu.append(drawn.cpu - plain.cpu)
        wall.append(drawn.wall - plain.wall)
    [release] = (place / "with").glob("*/moderately_sensitive")
    kept = folder / "drawings"
    alone = run_module("flows", "report", release, "--to", folder / "page.html")
    make_report(release, kept=kept)
    after = cost_of(lambda: make_report(release, kept=kept))
    size = (release / "report.html").stat().st_size
    return Costs(Path(study).stem, alone, median(cpu), median(wall), after, size)


def _run(study: str, patients: int, workspace: Path, *more: str) -> Cost:
    return run_module(
        "flows", "run", study, "--patients", patients, "--workspace", workspace, *more
    )


if __name__ == "__main__":
    main()
