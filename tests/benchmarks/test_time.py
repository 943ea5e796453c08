"""The benchmarks of time compare equal things, and still run."""

from datetime import date

import pytest

from flows.prepare import Options, prepare
from tests.benchmarks.agreement import differences, our_counts
from tests.benchmarks.baseline import Cell, Codelists, Period, count, open_parquet
from tests.benchmarks.inline import InlineRun

PERIODS = (
    Period("weekly", date(2019, 4, 1), date(2019, 4, 7)),
    Period("weekly", date(2021, 1, 18), date(2021, 1, 24)),
    Period("monthly", date(2021, 1, 1), date(2021, 1, 31)),
)
NAMES = tuple(f"{period.start}..{period.end}" for period in PERIODS)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("time")
    prepare(Options("nhs_at_home", patients=2_000, workspace=str(folder))).records.write_to(folder / "records")
    run = InlineRun(prepare(Options("nhs_at_home", str(folder / "records"), workspace=str(folder))))
    run.prepare_inputs()
    run.extract(NAMES)
    return run


@pytest.fixture(scope="module")
def records(run):
    return run.prepared.workspace.root / "records"


@pytest.mark.parametrize("in_memory", [False, True])
def test_our_counts_are_those_of_the_baseline(run, records, in_memory):
    with open_parquet(records, in_memory=in_memory) as connection:
        for period in PERIODS:
            theirs = count(connection, Codelists(), period)
            assert len(theirs) > 100
            assert differences(our_counts(run.prepared.workspace.root, period), theirs) == []


def test_a_difference_is_told(run, records):
    ours = our_counts(run.prepared.workspace.root, PERIODS[0])
    cell: Cell = ("bp_weekly_patients_by_sex", "sex", "female")
    numerator, denominator, users, people = ours[cell]
    others = ours | {cell: (numerator, denominator + 1, users, people)}
    assert [cell[0] in line for line in differences(ours, others)] == [True]
    del others[cell]
    assert len(differences(ours, others)) == 1
