"""How many made-up people are left after each condition of a population or a
denominator.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flows.preparing.prepare import period_of
from flows.trying.counting import Trial, count_of, with_study
from measures.attrition import Step, attrition_of, steps_of
from measures.counts.true_rows import true_rows


@dataclass(frozen=True)
class Left:
    """The people who are left after one more condition."""

    # the measure, or the dataset
    of: str
    # empty for everybody, before the first one
    condition: str
    # of made-up people a number; of a release it may be withheld
    left: int | str

    def as_json(self) -> dict[str, Any]:
        return {"of": self.of, "condition": self.condition, "left": self.left}


def left_of(trial: Trial, period: str) -> list[Left]:
    """Who is left in a period; the last one if it is empty."""
    interval = period_of(trial.prepared.study, period)
    steps = steps_of(trial.prepared.study, interval)
    study = attrition_of(trial.prepared.study, interval)
    rows = true_rows(count_of(trial.of(with_study(trial.prepared, study, (interval,)))))
    left = {row.measure: int(row.numerator) for row in rows}
    return as_lines(steps, left, rows[0].denominator)


def as_lines(
    steps: Sequence[Step], left: Mapping[str, int | str], everybody: int | str
) -> list[Left]:
    """Each condition's line, after one for everybody where the conditions of another
    population begin.
    """
    found: list[Left] = []
    for step in steps:
        if not found or found[-1].of != step.of:
            found.append(Left(step.of, "", everybody))
        found.append(Left(step.of, step.condition, left[step.measure.name]))
    return found
