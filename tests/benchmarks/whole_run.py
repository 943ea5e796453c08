"""What a whole run costs: wall, CPU-seconds, memory of the process tree, bytes per
cohort row.

    .venv/bin/python -m tests.benchmarks.whole_run [PATIENTS …] [--study STUDY]

Each size is run by the command line in a workspace of its own, as a user would. Memory
is the largest sum, over all processes of the run, of what each holds alone (PSS where
the system tells it).
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyarrow.parquet as pq

SIZES = (20_000, 100_000, 500_000)
PAUSE = 0.5  # seconds between two looks at the processes


@dataclass(frozen=True)
class Cost:
    patients: int
    periods: int
    wall: float
    cpu: float
    memory: int
    rows: int
    bytes: int

    def row(self) -> str:
        return (
            f"| {self.patients:,} | {self.periods} | {self.wall:.0f} | "
            f"{self.cpu:.0f} | {self.memory / 1e9:.2f} | {self.rows:,} | "
            f"{self.bytes / max(1, self.rows):.2f} | "
            f"{1000 * self.wall / self.periods:.0f} | "
            f"{1000 * self.cpu / self.periods:.0f} |"
        )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("patients", nargs="*", type=int, default=SIZES)
    asked.add_argument("--study", default="nhs_at_home")
    parsed = asked.parse_args()
    print(
        "| patients | periods | wall s | CPU s | peak GB | cohort rows | bytes/row | "
        "wall ms/period | CPU ms/period |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for patients in parsed.patients or SIZES:
        print(measure(parsed.study, patients).row(), flush=True)


def measure(study: str, patients: int) -> Cost:
    """Run once, from made-up records to the release."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Path(folder)
        started, before = time.monotonic(), _cpu()
        memory = _run(study, patients, workspace)
        wall, cpu = time.monotonic() - started, _cpu() - before
        rows, size = _cohorts(workspace)
        periods = len(
            json.loads(
                next(workspace.glob("*/highly_sensitive/last_run.json")).read_text(
                    encoding="utf-8"
                )
            )["periods"]
        )
    return Cost(patients, periods, wall, cpu, memory, rows, size)


def _run(study: str, patients: int, workspace: Path) -> int:
    """The peak memory of the run's process tree in bytes."""
    command = [sys.executable, "-m", "flows", "run", study, "--patients", str(patients)]
    process = subprocess.Popen(
        [*command, "--workspace", str(workspace)],
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, _tree_memory(process.pid))
        time.sleep(PAUSE)
    if process.returncode:
        raise SystemExit(
            f"the run of {patients} patients ended with exit code {process.returncode}"
        )
    return peak


def _tree_memory(pid: int) -> int:
    try:
        root = psutil.Process(pid)
        return sum(_memory(each) for each in (root, *root.children(recursive=True)))
    except psutil.NoSuchProcess:
        return 0


def _memory(process: psutil.Process) -> int:
    try:
        full = process.memory_full_info()
        return getattr(full, "pss", full.rss)
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0


def _cpu() -> float:
    """CPU-seconds of all ended children; a run's own children are waited for by it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _cohorts(workspace: Path) -> tuple[int, int]:
    files = list(workspace.glob("*/highly_sensitive/cohorts/*/*.parquet"))
    return sum(pq.ParquetFile(file).metadata.num_rows for file in files), sum(
        file.stat().st_size for file in files
    )


if __name__ == "__main__":
    main()
