"""What an audit of very many intervals costs: 20 measures in 33 groups of each of some
thousand days.

.venv/bin/python -m tests.benchmarks.audit_long [PERIODS …] [--people N]

Rounding comes first, in a process of its own, so that the memory told is the audit's
alone.
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from measures.disclosure.audit import audit
from measures.disclosure.control import protect
from measures.disclosure.memory.keys import Key
from measures.disclosure.memory.setting import Setting
from tests.lib import attack_tables as made
from tests.lib.structures import structure_from

MEASURES = 20
SIZES = (11, 11, 10)  # with the total, 33 groups


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("periods", nargs="*", type=int, default=[2_000])
    asked.add_argument("--people", type=int, default=5_000)
    parsed = asked.parse_args()
    print(
        "| periods | rows | counts | programmes | audit s | CPU s | peak GB | passed |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for periods in parsed.periods:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "released.parquet"
            _apart(write_release, path, periods, parsed.people)
            _apart(attack, path, periods)


def _apart(function: Any, *inputs: Any) -> None:
    process = multiprocessing.get_context("spawn").Process(target=function, args=inputs)
    process.start()
    process.join()


def write_release(path: Path, periods: int, people: int) -> None:
    """Round the counts of all periods, a hundred at a time: they share nothing."""
    dice, parts = np.random.default_rng(1), []
    for first in range(0, periods, 100):
        weeks = min(100, periods - first)
        rows = [
            row._replace(interval=_later(row.interval, first))
            for row in _rows(dice, weeks, people)
        ]
        setting = Setting(
            structure=structure_from(structure()), key=Key(b"a key for tests")
        )
        parts.append(protect(made.raw_counts(rows), "controlled", setting).table)
    pq.write_table(
        pa.concat_tables([part.unify_dictionaries() for part in parts]), path
    )


def _later(interval: made.Interval, weeks: int) -> made.Interval:
    start, end = (made.week(weeks)[0] - made.week(0)[0] + day for day in interval)
    return start, end


def _rows(dice: np.random.Generator, weeks: int, people: int) -> Iterator[made.True_]:
    world = made.world(people, weeks, SIZES, seed=1, rates=(0.5,))
    for number in range(MEASURES):
        had = (dice.random((people, weeks)) < dice.uniform(0.02, 0.5)).astype(int)
        for row in made.weekly(world._replace(levels=had), made.EVENTS[:1]):
            yield row._replace(
                measure=row.measure.replace(made.EVENTS[0], f"event{number}")
            )


def structure() -> dict[str, Any]:
    """Measures of one denominator that say nothing of each other."""
    groupings = [(), *((f"g{number}",) for number in range(len(SIZES)))]
    measures, counts = {}, {"registered": _count([])}
    for event in (f"event{number}" for number in range(MEASURES)):
        counts[event] = _count(["registered"])
        told = {"numerator": event, "denominator": "registered"}
        for by in groupings:
            entry = {
                "group_by": list(by),
                "kind": "people",
                "denominator_kind": "people",
                "within": [],
            }
            measures[made.name_of(event, by)] = entry | told | {"counts": told}
    groups = {
        f"g{number}": {"same_as": f"g{number}", "moves_with": []}
        for number in range(len(SIZES))
    }
    return {"measures": measures, "counts": counts, "groups": groups}


def _count(within: list[str]) -> dict[str, Any]:
    window = {"moves_with": [], "alone": True}
    return {
        "kind": "people",
        "within": within,
        "moves_with": ["start", "end"],
        "window": window,
        "people": None,
    }


def attack(path: Path, periods: int) -> None:
    """Audit a release, and say what that cost."""
    released = pq.ParquetFile(path).read()
    started, before = time.monotonic(), time.process_time()
    found = audit([released], structure(), "controlled")
    seconds, cpu = time.monotonic() - started, time.process_time() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"| {periods:,} | {len(released):,} | {found.counts:,} | "
        f"{found.programmes:,} | {seconds:.0f} | {cpu:.0f} | {peak:.2f} | "
        f"{found.passed} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
