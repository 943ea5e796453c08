"""What `plan` expects of a run, beside what its steps take: studies of few and of very
many counts.

    .venv/bin/python -m tests.benchmarks.estimates [NAME …] [--patients N] [--days N]

The steps are done one after another in this process, so what is compared are CPU
seconds: of a machine that has other things to do, too, wall times say little. What was
expected is that of the machine on which it was measured; one that does a piece of work
of always the same size in half the CPU seconds is twice as fast, and its seconds count
twice.
"""

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flows.preparing.estimate import Estimate, estimate
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.running.ending import release
from flows.running.outcomes import outcome_of
from tests.benchmarks.inline import InlineRun

DEFINITION = """
from ehrql.measures import INTERVAL, create_measures
from ehrql import case, weeks, when
from ehrql.tables.core import clinical_events, patients, practice_registrations

measures = create_measures()
age = patients.age_on(INTERVAL.start_date)
had = clinical_events.where(clinical_events.date.is_during(INTERVAL))
band = case(*[when((age >= {width} * n) & (age < {width} * (n + 1))).then(str(n)) for n in range({bands})])
measures.define_defaults(
    denominator={denominator},
    intervals=weeks({weeks}).starting_on("2021-01-04"),
)
for name, by in [("all", {{}}), ("by_sex", {{"sex": patients.sex}}), ("by_age", {{"band": band}}),
                 ("by_both", {{"sex": patients.sex, "band": band}})]:
    measures.define_measure(name, numerator=had.exists_for_patient(), group_by=by)
    measures.define_measure(f"more_{{name}}", numerator=had.count_for_patient() > 1, group_by=by)
"""

# 20 numerators, each in 33 groups with the total, for so many days
LONG = """
from ehrql.measures import INTERVAL, create_measures
from ehrql import case, days, when
from ehrql.tables.core import clinical_events, patients, practice_registrations

measures = create_measures()
age = patients.age_on(INTERVAL.start_date)
had = clinical_events.where(clinical_events.date.is_during(INTERVAL))
def band(width, n):
    bands = [when((age >= width * i) & (age < width * (i + 1))).then(str(i)) for i in range(n)]
    return case(*bands, otherwise="old")
measures.define_defaults(
    denominator=practice_registrations.for_patient_on(INTERVAL.start_date).exists_for_patient(),
    intervals=days({days}).starting_on("2018-01-01"),
)
for k in range(20):
    numerator = had.where(had.snomedct_code == str(1000000 + k)).exists_for_patient()
    groups = {{"a": band(9, 10), "b": band(8, 10), "c": band(10, 9)}}
    for name, by in [("all", {{}}), *((name, {{name: groups[name]}}) for name in groups)]:
        measures.define_measure(f"m{{k}}_{{name}}", numerator=numerator, group_by=by)
"""


# CPU seconds of `yardstick` on the machine where the numbers of the estimate were
# measured
YARDSTICK = 0.15


@dataclass(frozen=True)
class Size:
    """How much a study counts."""

    # bands of age, which are crossed with sex
    bands: int
    weeks: int
    # whether the same people are counted in every week, so that the auditor sees all
    # weeks as one
    tied: bool = False

    @property
    def denominator(self) -> str:
        """Who is counted, in ehrQL."""
        if self.tied:
            return "patients.exists_for_patient()"
        return "practice_registrations.for_patient_on(INTERVAL.start_date).exists_for_patient()"


SIZES: dict[str, Size | None] = {
    "few": Size(bands=4, weeks=10),
    "some": Size(bands=10, weeks=50),
    "many": Size(bands=50, weeks=50),
    "tied": Size(bands=10, weeks=50, tied=True),
    "shipped": None,  # the study that we ship
}


@dataclass(frozen=True)
class Found:
    """What was expected of one study, and what it took."""

    expected: Estimate
    # CPU seconds by step
    took: dict[str, float]
    # in the grid of the release
    rows: int
    # how many times faster this machine is than that of the estimate
    speed: float

    def ratio(self, *steps: str) -> float:
        """How many times longer some steps took than was expected."""
        took = sum(self.took[step] for step in steps)
        return self.speed * took / sum(self.expected.steps[step] for step in steps)


class Clock:
    """CPU seconds of this process by step."""

    def __init__(self) -> None:
        self.took: dict[str, float] = {}
        self._step, self._since = "", 0.0

    def step(self, name: str) -> None:
        now = time.process_time()
        if self._step:
            self.took[self._step] = self.took.get(self._step, 0.0) + now - self._since
        self._step, self._since = name, now


def yardstick() -> float:
    """The CPU seconds of a piece of work of always the same size, of the kind that
    protection and audit are: more objects than a cache holds, and small arrays.

    It is done twice, for the first time it has to ask for its memory as well.
    """
    _work()
    return _work()


def _work() -> float:
    began = time.process_time()
    found: dict[int, tuple[int, str]] = {}
    for number in range(200_000):
        place = number * 7_919 % 100_003  # now here, now there
        count, _ = found.get(place, (0, ""))
        found[place] = (count + number, str(number))
    values = np.arange(50, dtype=float)
    for number in range(20_000):
        values = np.minimum(values, np.flatnonzero(values).sum() + number)
    return time.process_time() - began


def measure(folder: Path, size: Size | None, patients: int) -> Found:
    """Run a study of some size, and time its steps."""
    path = folder / "definition.py"
    if size is None:
        return _measured(
            Options("nhs_at_home", patients=patients, workspace=str(folder / "w"))
        )
    width = -(-100 // size.bands)
    text = DEFINITION.format(
        width=width, bands=size.bands, weeks=size.weeks, denominator=size.denominator
    )
    path.write_text(text, encoding="utf-8")
    return _measured(Options(str(path), patients=patients, workspace=str(folder / "w")))


def measure_long(folder: Path, days: int, patients: int) -> Found:
    """Run a study of very many counts, and time its steps."""
    path = folder / "definition.py"
    path.write_text(LONG.format(days=days), encoding="utf-8")
    return _measured(Options(str(path), patients=patients, workspace=str(folder / "w")))


def _measured(options: Options) -> Found:
    before = yardstick()
    run, clock = InlineRun(prepare(options)), Clock()
    prepared = run.prepared
    expected = estimate(prepared)
    assert expected
    clock.step("inputs")
    run.prepare_inputs()
    clock.step("periods")
    run.extract(prepared.jobs)
    clock.step("protection")  # with the gathering
    outcome = outcome_of(prepared, list(prepared.jobs.values()), {})
    release(prepared, outcome, None, step=clock.step)
    clock.step("")
    # as fast as it was meanwhile: another process beside it slows both down
    speed = YARDSTICK / ((before + yardstick()) / 2)
    return Found(expected, clock.took, _rows(prepared.workspace.release), speed)


def _rows(release: Path) -> int:
    with (release / "measures.csv").open(encoding="utf-8") as lines:
        return sum(1 for _ in lines) - 1


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("names", nargs="*", default=list(SIZES))
    asked.add_argument("--patients", type=int, default=2_000)
    asked.add_argument("--days", type=int, help="just the long study, of so many days")
    parsed = asked.parse_args()
    for name in [f"{parsed.days} days"] if parsed.days else parsed.names:
        with tempfile.TemporaryDirectory() as folder:
            if parsed.days:
                found = measure_long(Path(folder), parsed.days, parsed.patients)
            else:
                found = measure(Path(folder), SIZES[name], parsed.patients)
        print(
            name,
            found.rows,
            {step: round(seconds, 2) for step, seconds in found.took.items()},
            flush=True,
        )
        print(
            "   expected",
            found.expected.seconds,
            f"on a machine that is {found.speed:.2f} times as fast,",
            getattr(found.expected, "steps", ""),
            flush=True,
        )


if __name__ == "__main__":
    main()
