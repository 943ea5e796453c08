"""What it costs to make up records.

    .venv/bin/python -m tests.benchmarks.trial --patients 3000 1000000

Generation alone, in one process, without the start of Python: the definition is read
before.
"""

import argparse
import resource
import tempfile
import time
from pathlib import Path

from flows.preparing.options import Options
from flows.preparing.prepare import prepare


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--study", default="nhs_at_home")
    asked.add_argument("--patients", type=int, nargs="+", default=[3_000])
    asked.add_argument("--times", type=int, default=1)
    parsed = asked.parse_args()
    print(
        "| patients | wall s | CPU s | MB | peak GB |\n|---|---|---|---|---|",
        flush=True,
    )
    for patients in parsed.patients:
        for _ in range(parsed.times):
            _measure(parsed.study, patients)


def _measure(study: str, patients: int) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        options = Options(
            study, workspace=str(Path(scratch) / "workspace"), patients=patients
        )
        records = prepare(options).records
        wall, cpu = time.perf_counter(), time.process_time()
        records.write_to(Path(scratch) / "records")
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        files = (Path(scratch) / "records").rglob("*.parquet")
        size = sum(path.stat().st_size for path in files) / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"| {patients:,} | {wall:.2f} | {cpu:.2f} | {size:.1f} | {peak:.2f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
