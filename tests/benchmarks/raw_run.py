"""A run that ends with the gathered raw counts: a real one, with Prefect and Dask, but
without control and release.

    .venv/bin/python -m tests.benchmarks.raw_run STUDY --records DIR --workspace DIR --marks FILE [--force]

`FILE` gets, as JSON, when each step began (seconds since this process did), the number
of periods and the rows.
"""

import argparse
import json
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from flows.command.leaving import leaving
from flows.prefect_server.environment import quiet_environment
from flows.prefect_server.temporary_server import start_server
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from flows.running.progress import RunProgress
from flows.running.without_pandas import without_pandas
from flows.state.outcome import read_outcome
from flows.workspace.store import Workspace
from measures.study import Study, find_study

# the step that only gathers here, and what comes after it
RELEASE, END = "release", "end"


class Marks:
    """When each step began."""

    def __init__(self) -> None:
        # what the system says of it may be a second off
        self._zero = time.time() - time.process_time()
        self.steps: list[tuple[str, float]] = []
        self.rows = 0

    def mark(self, step: str) -> None:
        self.steps.append((step, time.time() - self._zero))

    def progress(self) -> type[RunProgress]:
        mark = self.mark

        class Marked(RunProgress):
            def step(self, name: str) -> None:
                mark(name)
                super().step(name)

        return Marked

    def gather(self) -> Callable[..., Any]:
        """What to do in place of the release."""

        def gathered(prepared: Prepared, outcome: Any, *_: object, **__: object) -> Any:
            self.rows = len(
                import_module("flows.running.ending").gathered(prepared).table
            )
            self.mark(END)
            return outcome

        return gathered


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("study")
    asked.add_argument("--records", required=True)
    asked.add_argument("--workspace", required=True)
    asked.add_argument("--marks", required=True, type=Path)
    asked.add_argument("--force", action="store_true")
    parsed = asked.parse_args()
    without_pandas()
    quiet_environment()  # before Prefect is loaded
    server = start_server()
    options = Options(parsed.study, parsed.records, workspace=parsed.workspace)
    marks, prepared = Marks(), prepare(options)  # as the command does
    by_command, conduct = (
        import_module("flows.command.by_command"),
        import_module("flows.running.conduct"),
    )
    conduct.RunProgress = marks.progress()  # type: ignore[attr-defined]
    conduct.release = marks.gather()  # type: ignore[attr-defined]
    by_command.run(prepared, server, force=parsed.force, quiet=True)
    _report(options, marks, parsed.marks)


def _report(options: Options, marks: Marks, path: Path) -> None:
    name = Study(find_study(options.study), "measures").name
    outcome = read_outcome(Workspace(Path(options.workspace).absolute(), name))
    if outcome is None or outcome.failed or not marks.rows:
        raise SystemExit(f"the run failed: {outcome and outcome.failed}")
    path.write_text(
        json.dumps(
            {"steps": marks.steps, "periods": len(outcome.computed), "rows": marks.rows}
        ),
        encoding="utf-8",
    )


if __name__ == "__main__":
    with leaving() as left:
        main()
        left.code = 0
