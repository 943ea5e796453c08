"""How much cheaper it is to count all periods at once: ratios of one run on one
machine.

    .venv/bin/python -m tests.benchmarks.time_ratios [--patients 1000000] [--weeks 166] [--folder DIR]

Ours is a real run (Prefect, Dask) from a folder of Parquet to the gathered raw counts.
The baseline asks one query per period (tests/benchmarks/baseline.py); it is measured on
few weeks and one month, and scaled to all weeks and months, which our run counts, too.
What it counts must be what ours counts. `general` is our own plan of whole cohorts over
the snapshot. Records are kept in DIR, if it is given, for the next time.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.workspace.settings import settings
from tests.benchmarks.agreement import differences, our_counts, read_counts
from tests.benchmarks.baseline import Codelists, Counts, Period, count, open_parquet
from tests.benchmarks.costs import Cost, cost_of
from tests.benchmarks.formats import write_all
from tests.benchmarks.inline import InlineRun
from tests.benchmarks.ours import (
    Run,
    make_records,
    make_study,
    middle_month,
    months_in,
    run_ours,
    some_weeks,
    stored,
)
from tests.lib.places import CHECKOUT

# weeks on which the baseline is measured, to see that a week costs the same in both
FEW, MORE = 2, 6
FEWER_WEEKS = 12
WISHED = {
    ("Parquet", True): "≥ 300×",
    ("tables in memory", True): "≥ 100×",
    ("Parquet", False): "≥ 30×",
}


@dataclass(frozen=True)
class Baseline:
    """What a query per period costs: a week among few and among more, and a month."""

    name: str
    few: Cost
    more: Cost
    month: Cost

    def scaled(self, weeks: int) -> Cost:
        """All weeks, and all months in them."""
        months = months_in(weeks)
        return Cost(
            self.more.wall * weeks + self.month.wall * months,
            self.more.cpu * weeks + self.month.cpu * months,
        )


@dataclass(frozen=True)
class Bench:
    """Where studies and workspaces of one measurement lie, and its records, which may
    be kept.
    """

    folder: Path
    kept: Path
    patients: int
    weeks: int

    def records(self, patients: int) -> Path:
        return self.kept / f"records-{patients}"

    def study(self, weeks: int) -> Path:
        made = self.folder / f"nhs_at_home_{weeks}_weeks"
        return made if made.exists() else make_study(self.folder, weeks)

    def workspace(self, weeks: int, patients: int) -> Path:
        return self.folder / f"workspace-{weeks}-{patients}"

    def run(self, weeks: int, patients: int) -> Run:
        records = self.records(patients)
        if cost := make_records(records, patients):
            _say(f"records of {patients:,} patients: {_shown(cost)}")
        run = run_ours(self.study(weeks), records, self.workspace(weeks, patients))
        _say(
            f"ours, {patients:,} patients, {weeks} weeks: {_shown(run.cost)}; "
            f"{_steps(run)}; {run.rows:,} rows"
        )
        return run


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--patients", type=int, default=1_000_000)
    asked.add_argument("--weeks", type=int, default=166)
    asked.add_argument("--folder", type=Path)
    parsed = asked.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        kept = parsed.folder.absolute() if parsed.folder else Path(scratch)
        kept.mkdir(parents=True, exist_ok=True)
        measure(Bench(Path(scratch), kept, parsed.patients, parsed.weeks))


def measure(bench: Bench) -> None:
    """Measure everything, and print the table of ratios at the end."""
    all_weeks = bench.run(bench.weeks, bench.patients)
    fewer_weeks = bench.run(FEWER_WEEKS, bench.patients)
    fewer_patients = bench.run(bench.weeks, bench.patients // 10)
    again, alone = run_again(bench), run_alone(bench)
    baselines = [
        measure_baseline(bench, in_memory=in_memory) for in_memory in (False, True)
    ]
    general = measure_general(bench)
    print("\n| what | ours | other | ratio | wished |\n|---|---|---|---|---|")
    rows = [
        *against_baselines(
            bench, baselines, {bench.weeks: all_weeks, FEWER_WEEKS: fewer_weeks}
        ),
        against_general(bench, general, again),
        growth(
            f"CPU s, {bench.weeks} weeks over {FEWER_WEEKS}",
            all_weeks.cost,
            fewer_weeks.cost,
            "≤ 2×",
        ),
        growth(
            "CPU s, 10 times the patients", all_weeks.cost, fewer_patients.cost, "≤ 11×"
        ),
        "| wall s before the first step: imports, Prefect, Dask | "
        f"{all_weeks.seconds['start']:.1f} | | | |",
        f"| again with the snapshot, wall s | {again.cost.wall:.1f} | first "
        f"{all_weeks.cost.wall:.1f} | | |",
        "| one worker, wall s of the steps that shards take part in | "
        f"{_sharded(all_weeks):.1f} | {_sharded(alone):.1f} | "
        f"{_sharded(alone) / _sharded(all_weeks):.2f}× | |",
        f"| periods' tasks, ms wall per period | {1000 * all_weeks.per_period:.0f} | "
        "| | ≤ 40 |",
        f"| peak memory of all processes, GB | {all_weeks.cost.tree / 1e9:.2f} | | | "
        "≤ 4 |",
        f"| peak memory of a worker, GB | {all_weeks.cost.worker / 1e9:.2f} | | | ≤ "
        "1 |",
    ]
    print("\n".join(rows))
    print("\n".join([*sizes(bench), *quickness(bench)]), flush=True)


def run_again(bench: Bench) -> Run:
    workspace = bench.workspace(bench.weeks, bench.patients)
    again = run_ours(
        bench.study(bench.weeks), bench.records(bench.patients), workspace, force=True
    )
    _say(f"ours again, with the snapshot: {_shown(again.cost)}; {_steps(again)}")
    return again


def run_alone(bench: Bench) -> Run:
    """The same with a single worker, from nothing."""
    with patch.dict(os.environ, COHORTFLOW_WORKERS="1"):
        alone = run_ours(
            bench.study(bench.weeks),
            bench.records(bench.patients),
            bench.folder / "workspace-alone",
        )
    _say(f"ours with one worker: {_shown(alone.cost)}; {_steps(alone)}")
    return alone


def _sharded(run: Run) -> float:
    """Wall of what is done by shards and by periods."""
    return sum(run.seconds[step] for step in ("static", "timelines", "periods"))


def measure_baseline(bench: Bench, *, in_memory: bool) -> Baseline:
    """Costs per period; every count is compared with ours."""
    records, lists = bench.records(bench.patients), Codelists()
    name = "tables in memory" if in_memory else "Parquet"
    with open_parquet(
        records, threads=settings().workers, in_memory=in_memory
    ) as connection:

        def cost(periods: Sequence[Period]) -> Cost:
            found: list[Counts] = []
            whole = cost_of(
                lambda: found.extend(
                    count(connection, lists, period) for period in periods
                )
            )
            for period, counts in zip(periods, found, strict=True):
                _compare(bench, period, counts)
            return _each(whole, len(periods))

        cost(some_weeks(1, bench.weeks))  # files are in the page cache from here on
        few, more = (cost(some_weeks(weeks, bench.weeks)) for weeks in (FEW, MORE))
        baseline = Baseline(name, few, more, cost([middle_month(bench.weeks)]))
    _say(f"baseline over {name}: a week of {FEW} {_shown(baseline.few)}, of {MORE} {_shown(baseline.more)}; "
         f"a month {_shown(baseline.month)}")  # fmt: skip
    return baseline


def _compare(bench: Bench, period: Period, counts: Counts) -> None:
    if found := differences(
        our_counts(bench.workspace(bench.weeks, bench.patients), period), counts
    ):
        raise SystemExit(
            "\n".join(["ours and the baseline count differently:", *found[:10]])
        )


def measure_general(bench: Bench) -> Cost:
    """What a week costs as a whole cohort over the snapshot; its counts must be
    ours.
    """
    workspace, weeks = (
        bench.workspace(bench.weeks, bench.patients),
        some_weeks(FEW, bench.weeks),
    )
    options = Options(
        str(bench.study(bench.weeks)),
        str(bench.records(bench.patients)),
        workspace=str(workspace),
    )
    run, folder = InlineRun(prepare(options)), bench.folder / "general"
    names = [f"{week.start}..{week.end}" for week in weeks]
    cost = _each(cost_of(lambda: run.extract_general(names, folder)), len(names))
    for week, name in zip(weeks, names, strict=True):
        recipe = run.prepared.jobs[name].recipe
        _compare(
            bench, week, read_counts(folder / f"counts-{name}.parquet", week, recipe)
        )
    _say(f"general, a week: {_shown(cost)}")
    return cost


def against_baselines(
    bench: Bench, baselines: Sequence[Baseline], runs: dict[int, Run]
) -> Iterator[str]:
    for baseline in baselines:
        for weeks, run in runs.items():
            theirs, goal = (
                baseline.scaled(weeks),
                WISHED.get((baseline.name, weeks == bench.weeks), ""),
            )
            what = f"{weeks} weeks against a query per period over {baseline.name}"
            yield _ratio(f"{what}, wall s", run.cost.wall, theirs.wall, goal)
            yield _ratio(
                f"{what}, wall s without start and end", run.work, theirs.wall, ""
            )
            yield _ratio(f"{what}, CPU s", run.cost.cpu, theirs.cpu, "")


def against_general(bench: Bench, general: Cost, again: Run) -> str:
    """Weeks alone are scaled; ours counts months and the whole time as well."""
    what = f"{bench.weeks} weeks against general over the snapshot, wall s"
    return _ratio(what, again.cost.wall, general.wall * bench.weeks, "≥ 30×")


def growth(what: str, large: Cost, small: Cost, wished: str) -> str:
    return (
        f"| {what} | {large.cpu:.1f} | {small.cpu:.1f} | "
        f"{large.cpu / small.cpu:.2f}× | {wished} |"
    )


def _ratio(what: str, ours: float, theirs: float, wished: str) -> str:
    return f"| {what} | {ours:.1f} | {theirs:.1f} | {theirs / ours:.1f}× | {wished} |"


def sizes(bench: Bench) -> Iterator[str]:
    """Bytes per row and rate of writing."""
    rows, size = stored(bench.workspace(bench.weeks, bench.patients))
    yield (
        f"\ncohort files of the run: {rows:,} rows, {size / max(1, rows):.2f} bytes "
        "per row"
    )
    yield "\n| a whole cohort as | bytes per row | rows per CPU s |\n|---|---|---|"
    for each in write_all(
        next((bench.folder / "general").glob("cohort-*.parquet")), bench.folder
    ):
        yield (
            f"| {each.form} | {each.bytes_per_row:.2f} | {each.rows_per_second:,.0f} |"
        )


def quickness(bench: Bench) -> Iterator[str]:
    yield "\n| command | wall s, best of 3 (wished: ≤ 0.5) |\n|---|---|"
    study = str(bench.study(bench.weeks))
    where = ("--workspace", str(bench.workspace(bench.weeks, bench.patients)))
    records = ("--records", str(bench.records(bench.patients)))
    commands = {
        "--help": ["--help"],
        "plan": ["plan", study, *records, *where],
        "status": ["status", study, *where],
    }
    for name, words in commands.items():
        yield f"| {name} | {min(_wall(words) for _ in range(3)):.2f} |"


def _wall(words: Sequence[str]) -> float:
    started = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "flows", *words],
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.monotonic() - started


def _each(cost: Cost, count: int) -> Cost:
    return Cost(cost.wall / count, cost.cpu / count)


def _shown(cost: Cost) -> str:
    return f"{cost.wall:.2f} s wall, {cost.cpu:.2f} s CPU"


def _steps(run: Run) -> str:
    return ", ".join(f"{name} {seconds:.1f}" for name, seconds in run.seconds.items())


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    main()
