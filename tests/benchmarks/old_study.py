"""An old study end to end, beside a query per variable and week: ratios of one run on
one machine.

    .venv/bin/python -m tests.benchmarks.old_study [--patients 1000000] [--weeks 166] [--folder DIR]

Ours is `cohortflow run` on a definition in cohort-extractor's language, with 20 columns
and eight measures, from a folder of Parquet to the release: Prefect, Dask, disclosure
control, audit and charts are part of it. The baseline asks one query per variable and
week on the same Parquet by DuckDB (tests/benchmarks/old_queries.py). It is measured on
few weeks, spread over all, and scaled to all. What it counts must be what ours counts.
Records are kept in DIR, if it is given, for the next time.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pyarrow.parquet as pq

from measures.counts import counting
from tests.benchmarks.costs import Cost, cost_of, run_module
from tests.benchmarks.old_queries import Counts, count, open_parquet
from tests.lib.places import CHECKOUT

DEFINITION = (
    CHECKOUT
    / "tests"
    / "benchmarks"
    / "old_home"
    / "analysis"
    / "study_definition_home.py"
)
FIRST = date(2019, 4, 1)
FEW = 2  # weeks on which the baseline is measured
# a patient; with those that the study looks for, about 50 as in England
OTHER_EVENTS = 40


@dataclass(frozen=True)
class Measured:
    """What both cost."""

    patients: int
    weeks: int
    ours: Cost
    # of one week
    theirs: Cost

    def table(self) -> str:
        """As Markdown; times are of one machine, what counts is the last line."""
        all_weeks = Cost(self.theirs.wall * self.weeks, self.theirs.cpu * self.weeks)
        walls, cpus = all_weeks.wall / self.ours.wall, all_weeks.cpu / self.ours.cpu
        return "\n".join(
            [
                f"| {self.patients:,} people, {self.weeks} weeks, 20 columns | wall "
                "s | CPU s |",
                "|---|---:|---:|",
                f"| ours, end to end | {self.ours.wall:.1f} | {self.ours.cpu:.1f} |",
                f"| a query per variable and week: one week | {self.theirs.wall:.2f} "
                f"| {self.theirs.cpu:.2f} |",
                f"| the same, scaled to all weeks | {all_weeks.wall:.0f} | "
                f"{all_weeks.cpu:.0f} |",
                f"| **ratio** | **{walls:.1f}** | **{cpus:.1f}** |",
            ]
        )


def dates(weeks: int) -> str:
    """The index dates, as the command takes them."""
    return f"{FIRST} to {FIRST + timedelta(weeks=weeks - 1)} by week"


def some_days(weeks: int) -> list[date]:
    """First days of few weeks, spread evenly: early ones have little to look back
    on.
    """
    few = min(FEW, weeks)
    return [
        FIRST + timedelta(weeks=(2 * place + 1) * weeks // (2 * few))
        for place in range(few)
    ]


def make_records(
    folder: Path, patients: int, weeks: int, other_events: int = OTHER_EVENTS
) -> None:
    """Write records with all columns of the tables, unless they are there."""
    if not folder.exists():
        given = ("--patients", patients, "--other-events", other_events, "--to", folder)
        words = ("--", "--index-date-range", dates(weeks))
        run_module(
            "flows",
            "trial",
            DEFINITION,
            *given,
            "--workspace",
            folder.parent / "none",
            *words,
        )


def run_ours(records: Path, workspace: Path, weeks: int) -> Cost:
    """From Parquet to the release."""
    given = ("--records", records, "--workspace", workspace)
    return run_module(
        "flows", "run", DEFINITION, *given, "--", "--index-date-range", dates(weeks)
    )


def our_counts(workspace: Path, day: date) -> Counts:
    """What ours counted in a week, before disclosure control."""
    counts: Counts = {}
    shelf = workspace / DEFINITION.stem / "highly_sensitive" / "counts"
    for path in shelf.glob(f"*/period={day}..*.parquet"):
        names = json.loads(path.with_name("recipe.json").read_text(encoding="utf-8"))[
            "names"
        ]
        for row in counting.with_names(pq.ParquetFile(path).read(), names).to_pylist():
            group = str(row[row["group_by"]]) if row["group_by"] else ""
            if row["denominator"]:
                counts[row["measure"], group] = (row["numerator"], row["denominator"])
    return counts


def compared(records: Path, workspace: Path, weeks: int) -> tuple[Cost, list[str]]:
    """What a week of the baseline costs, and every count in which it is not ours."""
    costs, told = [], []
    with open_parquet(records) as connection:
        for day in some_days(weeks):
            found: list[Counts] = []

            def count_day(day: date = day, found: list[Counts] = found) -> None:
                found.append(count(connection, day))

            costs.append(cost_of(count_day))
            ours = our_counts(workspace, day)
            for cell in sorted(ours.keys() | found[0].keys()):
                if ours.get(cell) != found[0].get(cell):
                    told.append(
                        f"{day} {cell}: ours {ours.get(cell)}, theirs "
                        f"{found[0].get(cell)}"
                    )
    return Cost(
        _mean([cost.wall for cost in costs]), _mean([cost.cpu for cost in costs])
    ), told


def _mean(seconds: Sequence[float]) -> float:
    return sum(seconds) / len(seconds)


def measure(folder: Path, patients: int, weeks: int, records: Path) -> Measured:
    """Both on the same records. Exits where they count differently."""
    make_records(records, patients, weeks)
    ours = run_ours(records, folder / "workspace", weeks)
    theirs, told = compared(records, folder / "workspace", weeks)
    if told:
        raise SystemExit("\n".join(["They count differently:", *told[:20]]))
    return Measured(patients, weeks, ours, theirs)


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--patients", type=int, default=1_000_000)
    asked.add_argument("--weeks", type=int, default=166)
    asked.add_argument("--folder", type=Path)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        kept = given.folder or Path(folder)
        records = kept / f"old_{given.patients}_{given.weeks}"
        print(measure(Path(folder), given.patients, given.weeks, records).table())


if __name__ == "__main__":
    main()
