"""Counts of a definition on trial records of its own, and which of its measures show
nothing.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from measures.counts.counting import with_names
from tests.benchmarks.inline import InlineRun
from tests.flows.shelves import read

ENOUGH = 20
Counts = list[tuple[int, int]]


def counts_on_trial(
    study: Path, workspace: Path, patients: int
) -> Mapping[str, Counts]:
    """Of each measure the numerator and the denominator of each period, over all
    groups.
    """
    prepared = prepare(Options(str(study), patients=patients, workspace=str(workspace)))
    run = InlineRun(prepared)
    run.prepare_inputs()
    run.extract(prepared.jobs)
    found: dict[str, dict[object, list[int]]] = {
        m.name: {i: [0, 0] for i in m.intervals} for m in prepared.study.measures
    }
    for job in prepared.jobs.values():
        names = prepared.recipes[job.interval].names
        for row in with_names(read(job.counts), names).to_pylist():
            sums = found[row["measure"]][row["interval_start"], row["interval_end"]]
            sums[0] += row["numerator_patients"]
            sums[1] += row["denominator_patients"]
    return {name: [(a, b) for a, b in sums.values()] for name, sums in found.items()}


def is_shown(counts: Counts) -> bool:
    """Whether more than 20 people are in numerator and denominator of most periods."""
    return sum(min(pair) > ENOUGH for pair in counts) > len(counts) / 2


def definitions(folder: Path) -> Iterator[Path]:
    yield from sorted(folder.glob("*.py"))
