# mypy: ignore-errors
"""Random studies of the old language: both engines agree with the old rules, written
once more in plain Python.
"""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.generative.old_studies import INDEX, LISTS, old_studies
from tests.lib.agreement import same
from tests.lib.old_rules import Recorder, evaluate
from tests.lib.old_studies import OLD_ENGINES, study_of

EXAMPLES = int(os.environ.get("COHORTFLOW_EXAMPLES", settings().max_examples))


def recorded(columns):
    """What the columns ask for, as the plain rules take it."""
    return eval(f"dict({columns})", {"patients": Recorder(), **LISTS})


@pytest.mark.parametrize("engine", OLD_ENGINES)
@given(example=old_studies())
@settings(
    max_examples=max(EXAMPLES // 2, 1),
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)
def test_old_studies(engine, example):
    columns, records = example
    expected = {
        row.pop("patient_id"): row
        for row in evaluate(recorded(columns), records, INDEX)
    }
    study = study_of(columns, "--index-date", str(INDEX), **LISTS)
    got = {row.pop("patient_id"): row for row in OLD_ENGINES[engine](study, records)}
    assert same(got, expected), f"{columns}\n{records}\ngot {got}\nexpected {expected}"
