"""All periods at once and each period by itself: the same counts, the same cohorts.

COHORTFLOW_EXAMPLES sets how many examples are drawn; otherwise the Hypothesis profile
does.
"""

import os
from collections import Counter
from collections.abc import Iterable
from typing import Any
from unittest import mock

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from extractors.cohorts import cohort_query, make_cohort, tally_rows
from extractors.planner.kinds import Kind
from extractors.sql import compiler
from extractors.sql.tally import Tally, fingerprint_columns
from extractors.time.timelines import Chain
from measures.definitions import Interval
from tests.generative.moving import moving_studies
from tests.generative.strategies import Example, studies
from tests.lib.agreement import same
from tests.lib.planned import Planned

EXAMPLES = int(os.environ.get("COHORTFLOW_EXAMPLES", settings().max_examples))
ENOUGH = 100  # examples after which everything should have been drawn
COHORT = "cohort"

random_examples = settings(
    max_examples=EXAMPLES,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
    phases=[Phase.generate, Phase.shrink],
)
few_examples = settings(random_examples, max_examples=max(EXAMPLES // 4, 1))
drawn: Counter[str] = Counter()


@given(moving_studies())
@few_examples
def test_moving(example: Example):
    check(example)


@pytest.mark.slow
@given(moving_studies())
@random_examples
def test_moving_at_length(example: Example):
    check(example)


@given(studies())
@few_examples
def test_anything(example: Example):
    check(example)


@given(moving_studies())
@few_examples
def test_long_expressions(example: Example):
    """As if every expression were too long to be written out twice, or too deep."""
    with mock.patch.multiple(compiler, LONGEST_SHARED=40, DEEPEST=4):
        check(example)


@pytest.mark.skipif(
    EXAMPLES < ENOUGH, reason=f"fewer than {ENOUGH} examples cannot draw everything"
)
def test_every_kind_was_drawn():
    if not drawn:
        pytest.skip("nothing was drawn; run the whole file")
    assert {*Kind, "touched", "long ladder"} <= drawn.keys()


def check(example: Example) -> None:
    """Every chain's counts and cohorts against those of the general query, period by
    period.
    """
    with Planned(example.measures, example.records) as planned:
        drawn.update(part.kind for part in planned.plan.parts.values())
        for number, interval, rows in planned.counts():
            chain = planned.timelines.chains[number]
            _remember(chain)
            _make_cohort(planned, chain, interval)
            for name, tally in planned.tallies(number).items():
                got = [row for row in rows if row["tally"] == name]
                assert _by_group(got, tally) == _by_group(
                    tally_rows(planned.engine, tally, COHORT), tally
                ), interval
            expected = _by_patient(
                planned.engine.arrow(f"SELECT * FROM {COHORT}").to_pylist()
            )
            there = _by_patient(
                planned.cohort(number, chain.intervals.index(interval)).to_pylist()
            )
            assert same(there, expected), (
                f"{interval}: got {there}, expected {expected}"
            )


def _remember(chain: Chain) -> None:
    drawn["touched"] += bool(chain.touching)
    drawn["long ladder"] += len(chain.intervals) > 5


def _make_cohort(planned: Planned, chain: Chain, interval: Interval) -> None:
    tallies = planned.tallies(planned.timelines.chains.index(chain)).values()
    populations = tuple(dict.fromkeys(tally.denominator[0] for tally in tallies))
    query = cohort_query(planned.plan, (*chain.standing, *chain.touching), populations)
    make_cohort(planned.engine, query, interval, COHORT)


def _by_group(rows: Iterable[dict[str, Any]], tally: Tally) -> dict[tuple, list[int]]:
    """Grouping and group values -> denominators and numerators; groups without people
    left out, as in raw counts.
    """
    numbers = range(len(tally.numerators))
    counts = [
        "denominator",
        "denominator_patients",
        *(f"{c}{n}" for n in numbers for c in "np"),
    ]
    counts += fingerprint_columns([tally])
    largest = ["denominator_largest"] if tally.denominator[1] is not bool else []
    largest += [f"m{n}" for n, (_, of) in enumerate(tally.numerators) if of is not bool]
    places = [(row["grouping"], tally.groupings[row["grouping"]], row) for row in rows]
    return {
        (grouping, *(repr(row[name]) for name in names)): [
            *(row[count] for count in counts),
            *(row[name] or 0 for name in largest),
        ]
        for grouping, names, row in places
        if row["denominator_patients"] or not names
    }


def _by_patient(rows: Iterable[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    return {row["patient_id"]: row for row in rows}
