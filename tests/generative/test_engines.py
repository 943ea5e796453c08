"""DuckDB and the plain-Python engine agree on random definitions and random records.

COHORTFLOW_EXAMPLES sets how many examples are drawn; otherwise the Hypothesis profile
does.
"""

import os
from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import DataObject, data

from extractors.model import nodes
from extractors.model.aggregates import AGGREGATES
from extractors.model.operations import OPERATIONS
from extractors.sql import query, scans
from measures.counts.columns import TRUE
from tests.generative.author import WISHES
from tests.generative.strategies import Example, datasets, picks, studies, wishes
from tests.lib import reference_engine
from tests.lib.agreement import same
from tests.lib.engines import count_duckdb, run_duckdb, run_reference
from tests.lib.reference_operations import placed

EXAMPLES = int(os.environ.get("COHORTFLOW_EXAMPLES", settings().max_examples))
ENOUGH = 100  # examples after which everything should have been drawn
FRAME_KINDS = {"Table", "Where", "Sort", "Pick"}
SERIES_KINDS = {"Column", "Literal", "Values", "Parameter"}

random_examples = settings(
    max_examples=EXAMPLES,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
    # the others re-run or explain, and cost more than they tell
    phases=[Phase.generate, Phase.shrink],
)
drawn: Counter[str] = Counter()


@pytest.mark.parametrize(
    ("operation", "of"), WISHES, ids=lambda each: getattr(each, "__name__", each)
)
@given(data=data())
@settings(random_examples, max_examples=max(EXAMPLES // 20, 1))
def test_each_operation(data: DataObject, operation: str, of: type):
    _check_dataset(data.draw(wishes(operation, of)))


@given(picks())
@random_examples
def test_picks(example: Example):
    _check_dataset(example)


@given(datasets())
@random_examples
def test_datasets(example: Example):
    _check_dataset(example)


def _check_dataset(example: Example) -> None:
    _remember(example.roots.values())
    expected = run_reference(example.dataset, example.records, example.interval)
    got = run_duckdb(example.dataset, example.records, example.interval)
    assert same(got, expected), f"got {got}, expected {expected}"


@given(datasets())
@settings(random_examples, max_examples=max(EXAMPLES // 5, 1))
def test_datasets_in_steps(example: Example):
    """Every relation in a statement of its own, as in a definition of hundreds of
    series.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(query, "MOST_TOGETHER", 1)
        patched.setattr(scans, "MOST_JOINED", 1)
        _check_dataset(example)


@given(studies())
@random_examples
def test_measures(example: Example):
    _remember(example.roots.values())
    expected = by_place(reference_engine.measures(example.measures, example.records))
    got = by_place(count_duckdb(example.measures, example.records))
    assert same(got, expected), f"got {got}, expected {expected}"


@pytest.mark.skipif(
    EXAMPLES < ENOUGH, reason=f"fewer than {ENOUGH} examples cannot draw everything"
)
def test_everything_was_drawn():
    if not drawn:
        pytest.skip("nothing was drawn; run the whole file")
    assert {*OPERATIONS, *AGGREGATES, *FRAME_KINDS, *SERIES_KINDS} <= drawn.keys()


def _remember(roots: Iterable[nodes.Node]) -> None:
    for node in nodes.walk(roots):
        named = (
            node.operation
            if isinstance(node, nodes.Call | nodes.Aggregate)
            else type(node).__name__
        )
        drawn[named] += 1


def by_place(rows: Iterable[dict]) -> dict[tuple, dict]:
    """Counts by measure, interval and group."""
    table = {}
    for row in rows:
        groups = [
            (name, placed(value)) for name, value in sorted(row["groups"].items())
        ]
        key = (row["measure"], row["interval_start"], row["interval_end"], *groups)
        table[key] = {count: row[count] for count in TRUE}
    return table
