"""What counting costs: processor time of the static table, the timelines and their
counts, in this process.

    python -m tests.benchmarks.counting [--patients 400000]

Of two states of the code the same command is run in turn; the made-up records are the
same each time. Fingerprints of people (`extractors/sql/people.py`) may cost a tenth of
it.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from flows.running import work
from flows.running.here import Here
from flows.running.progress import RunProgress
from flows.running.steps import Steps
from measures.disclosure.memory.keys import PUBLIC
from tests.benchmarks.ours import make_records

STUDY = "nhs_at_home"
STEPS = ("make_static", "make_timelines", "make_counts")
TRIES = 3  # of which each step's fastest counts


class Spent:
    """The processor time of each step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    def watch(self, name: str) -> None:
        setattr(work, name, self._timed(name, getattr(work, name)))

    def _timed(self, name: str, step: Callable[..., None]) -> Callable[..., None]:
        def timed(*inputs: Any, **settings: Any) -> None:
            started = time.process_time()
            step(*inputs, **settings)
            spent = time.process_time() - started
            self.seconds[name] = self.seconds.get(name, 0.0) + spent

        return timed


def prepared_for(records: Path, workspace: Path) -> Prepared:
    made = prepare(Options(STUDY, str(records), workspace=str(workspace)))
    return made if made.key else replace(made, key=PUBLIC)


def costs(records: Path, workspace: Path, spent: Spent) -> dict[str, float]:
    """Seconds of each step, of the fastest try; the snapshot is made once."""
    best: dict[str, float] = {}
    for _ in range(TRIES):
        spent.seconds.clear()
        prepared = prepared_for(records, workspace)
        with RunProgress(STUDY, 1) as progress:
            steps = Steps(prepared, Here(), progress, force=True, anew=True)
            steps.prepare_inputs()
        shutil.rmtree(prepared.places.static)
        shutil.rmtree(prepared.places.timelines)
        for name, seconds in spent.seconds.items():
            best[name] = min(best.get(name, seconds), seconds)
    return best


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=400_000)
    patients = parser.parse_args().patients
    spent = Spent()
    for name in STEPS:
        spent.watch(name)
    with tempfile.TemporaryDirectory() as folder:
        records = Path(folder) / "records"
        make_records(records, patients)
        best = costs(records, Path(folder) / "workspace", spent)
    for name in STEPS:
        print(f"{name:15} {best[name]:6.2f} CPU s")
    print(f"{'all':15} {sum(best.values()):6.2f} CPU s", flush=True)


if __name__ == "__main__":
    main()
