"""How many made-up people are left after each condition of a population or a denominator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from extractors.planner.plan import make_plan
from flows.preparing.prepare import period_of
from flows.preparing.prepared import Prepared
from flows.preparing.recipes import study_recipes
from flows.trying.counting import Trial, count_of
from measures.attrition import Step, attrition_of, steps_of
from measures.counts import counting
from measures.counts.true_rows import true_rows
from measures.disclosure.memory.keys import PUBLIC


@dataclass(frozen=True)
class Left:
    """The people who are left after one more condition."""

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
    changed = replace(trial.prepared, study=attrition_of(trial.prepared.study, interval), chosen=(interval,))
    rows = {row.measure: row for row in true_rows(count_of(trial.of(_counting(changed))))}
    numbers = {name: (int(row.numerator), row.denominator) for name, row in rows.items()}
    return told(steps, {name: left for name, (left, _) in numbers.items()}, max(all_ for _, all_ in numbers.values()))


def told(steps: Sequence[Step], left: Mapping[str, int | str], everybody: int | str) -> list[Left]:
    """Each condition's line, after one for everybody where the conditions of another population begin."""
    found: list[Left] = []
    for step in steps:
        if not found or found[-1].of != step.of:
            found.append(Left(step.of, "", everybody))
        found.append(Left(step.of, step.condition, left[step.measure.name]))
    return found


def _counting(prepared: Prepared) -> Prepared:
    """All that follows from the study's measures, over the same records."""
    measures = prepared.study.measures
    named = counting.name_columns(measures)
    plan = make_plan(named, counting.populations(measures, named))
    counted = study_recipes(prepared.study, named, plan, prepared.records, PUBLIC.id)
    return replace(prepared, named=named, plan=plan, counted=counted, key=PUBLIC, key_id=PUBLIC.id)
