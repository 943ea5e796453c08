"""England on this machine: from a folder of Parquet to the gathered raw counts, then
again with the snapshot.

    .venv/bin/python -m tests.benchmarks.nation --records DIR --workspace DIR [--patients 24000000]

Writes made-up records if DIR is missing (about 5 GB for 24 million), which the run then
reads.
"""

import argparse
from pathlib import Path

from flows.preparing.estimate import estimate
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from tests.benchmarks.baseline import STUDY
from tests.benchmarks.costs import Cost
from tests.benchmarks.ours import Run, make_records, run_ours, stored


def main() -> None:
    asked = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    asked.add_argument("--patients", type=int, default=24_000_000)
    asked.add_argument("--records", type=Path, required=True)
    asked.add_argument(
        "--workspace", type=Path, required=True, help="a folder that is not there yet"
    )
    parsed = asked.parse_args()
    records, workspace = parsed.records.absolute(), parsed.workspace.absolute()
    if workspace.exists():
        asked.error(
            f"{parsed.workspace} exists; a run in it would find results of an "
            "earlier one"
        )
    print(
        "| what | wall s | CPU s | peak GB, tree | peak GB, worker "
        "|\n|---|---|---|---|---|",
        flush=True,
    )
    if cost := make_records(records, parsed.patients):
        tell(f"records, {_gigabytes(records):.1f} GB", cost)
    expected = estimate(
        prepare(Options(str(STUDY), str(records), workspace=str(workspace)))
    )
    first = run_ours(STUDY, records, workspace)
    tell(f"run, {first.periods} periods", first.cost)
    again = run_ours(STUDY, records, workspace, force=True)
    tell("again with the snapshot", again.cost)
    print(f"\nbefore it started the first was expected to take {expected}")
    conclude(workspace, first, again)


def tell(what: str, cost: Cost) -> None:
    print(
        f"| {what} | {cost.wall:.1f} | {cost.cpu:.1f} | {cost.tree / 1e9:.2f} | "
        f"{cost.worker / 1e9:.2f} |",
        flush=True,
    )


def conclude(workspace: Path, first: Run, again: Run) -> None:
    """Where the time went, and what lies on the disk now."""
    steps = {
        name: (seconds, again.seconds[name]) for name, seconds in first.seconds.items()
    }
    print("\n| step | s | s again |\n|---|---|---|")
    for name, (once, twice) in steps.items():
        print(f"| {name} | {once:.1f} | {twice:.1f} |")
    rows, size = stored(workspace)
    print(f"\n{first.rows:,} rows of raw counts; cohorts {rows:,} rows, {size / max(1, rows):.2f} bytes per row; "
          f"workspace {_gigabytes(workspace):.1f} GB")  # fmt: skip


def _gigabytes(folder: Path) -> float:
    return (
        sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e9
    )


if __name__ == "__main__":
    main()
