"""No value that a record holds makes anything fail: what leaves its type is NULL,
infinite or bounded.

A period that failed if one person had a code would tell who has it. The values are the
ends of their types, infinite numbers and no numbers.
"""

import os

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import DataObject, data

import measures
from measures.counts import counting
from measures.counts.gathering import gather
from measures.counts.relations import structure_of
from measures.counts.types import RawCounts, raw_schema
from measures.disclosure.control import protection
from measures.disclosure.memory.setting import Setting
from measures.disclosure.policies import POLICIES
from tests.generative.author import WISHES
from tests.generative.moving import moving_studies
from tests.generative.strategies import Example, datasets, picks, studies, wishes
from tests.generative.test_engines import by_place
from tests.generative.test_planned import check
from tests.generative.values import EXTREME, MOST_EXTREME
from tests.lib import reference_engine
from tests.lib.agreement import same
from tests.lib.engines import count_duckdb, run_duckdb, run_reference
from tests.lib.releases import KEY

EXAMPLES = int(os.environ.get("COHORTFLOW_EXAMPLES", settings().max_examples))

random_examples = settings(
    max_examples=EXAMPLES,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)


@pytest.mark.parametrize(
    ("operation", "of"), WISHES, ids=lambda each: getattr(each, "__name__", each)
)
@given(data=data())
@settings(random_examples, max_examples=max(EXAMPLES // 10, 1))
def test_each_operation_means_the_same_at_the_ends(
    data: DataObject, operation: str, of: type
):
    _check_agreement(data.draw(wishes(operation, of, EXTREME, deepest=1)))


@given(picks(EXTREME))
@random_examples
def test_picks_mean_the_same_at_the_ends(example: Example):
    _check_agreement(example)


@given(datasets(MOST_EXTREME))
@random_examples
def test_no_dataset_fails(example: Example):
    run_duckdb(example.dataset, example.records, example.interval)


@given(studies(EXTREME))
@random_examples
def test_measures_count_the_same_at_the_ends(example: Example):
    expected = by_place(reference_engine.measures(example.measures, example.records))
    assert same(by_place(count_duckdb(example.measures, example.records)), expected)


@given(studies(MOST_EXTREME))
@random_examples
def test_no_count_and_no_protection_fails(example: Example):
    raw = _gathered(example)
    setting = Setting(structure_of(example.measures), KEY, made_up=True)
    for policy in POLICIES:
        assert len(protection(raw, policy, setting).released.table) <= len(raw.table)


@given(moving_studies(EXTREME))
@settings(random_examples, max_examples=max(EXAMPLES // 4, 1))
def test_all_periods_at_once_are_each_by_itself_at_the_ends(example: Example):
    check(example)


def _check_agreement(example: Example) -> None:
    expected = run_reference(example.dataset, example.records, example.interval)
    got = run_duckdb(example.dataset, example.records, example.interval)
    assert same(got, expected), f"got {got}, expected {expected}"


def _gathered(example: Example) -> RawCounts:
    """As a run hands them to disclosure control."""
    groups = counting.group_types(example.measures)
    intervals = {interval for each in example.measures for interval in each.intervals}
    units = {
        each.name: 10**each.places if each.most else 1 for each in example.measures
    }
    rows = measures.evaluate(example.measures, example.records)
    amounts = ("numerator", "numerator_largest")
    whole = [
        row | {name: round(row[name] * units[row["measure"]]) for name in amounts}
        for row in rows
    ]
    table = pa.Table.from_pylist(whole, schema=raw_schema(groups))
    return gather([table], counting.shapes(example.measures, intervals), groups)
