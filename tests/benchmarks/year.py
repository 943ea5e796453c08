"""A year of weekly life: 52 loads with late, corrected, doubled and missing rows, and
what befalls a server.

    .venv/bin/python -m tests.benchmarks.year [--weeks 52] [--people 2000] [--folder DIR]

Each week a load of records replaces the one before, and `cohortflow run` takes up what
is new. Runs and workers are killed, the disk is full (where a small disk can be
mounted), Prefect's server is lost, and the workspace is one of an older version, all
more than once. It ends with an error where a released number changes without --revise,
where the workspace grows without bound, or where the counts are not those of a run from
nothing. It prints the size of the workspace after each week.
"""

import argparse
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.flows.commands import Command
from tests.flows.faults.small_disk import Disk, small_disk
from tests.flows.year.ending import check
from tests.flows.year.life import SIX_WEEKS, YEAR, Life
from tests.flows.year.loads import Loads
from tests.lib.prefect_server import environment, restartable_server

LONG = 12  # weeks from which on a life is one of a year


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--weeks", type=int, default=52)
    asked.add_argument("--people", type=int, default=2000)
    asked.add_argument("--folder", type=Path)
    parsed = asked.parse_args()
    with ExitStack() as stack:
        home = parsed.folder or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        play(home, parsed.weeks, parsed.people, stack)


def play(home: Path, weeks: int, people: int, stack: ExitStack) -> None:
    """Live the year, check its end, and print what was seen."""
    began = time.monotonic()
    server = stack.enter_context(restartable_server(home / "prefect"))
    command = Command(environment(home / "home") | {"PREFECT_API_URL": server.url})
    stack.callback(command.end)
    life = Life(home, Loads(weeks, people), command, server, _disk(home, stack))
    life.live(
        YEAR if weeks > LONG else SIX_WEEKS, lambda words: print(words, flush=True)
    )
    check(life)
    minutes = (time.monotonic() - began) / 60
    print(
        f"{weeks} loads of {people:,} people in {minutes:.1f} minutes; befell: "
        f"{', '.join(life.seen.befell)}."
    )
    print(
        f"{life.seen.revised} released numbers were revised, all of them when asked "
        "for."
    )


def _disk(home: Path, stack: ExitStack) -> Disk | None:
    try:
        return stack.enter_context(small_disk(home / "disk"))
    except pytest.skip.Exception as why:
        print(f"The disk is never full: {why}")
        return None


if __name__ == "__main__":
    main()
