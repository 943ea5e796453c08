"""The benchmarks of time compare equal things, and still run."""

from datetime import date

import pytest

from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from tests.benchmarks import estimates, nation, old_study, time_ratios
from tests.benchmarks.agreement import differences, our_counts, read_counts
from tests.benchmarks.baseline import Cell, Codelists, Period, count, open_parquet
from tests.benchmarks.costs import Cost
from tests.benchmarks.formats import write_all
from tests.benchmarks.inline import InlineRun
from tests.benchmarks.ours import Run, make_study, middle_month, some_weeks

PERIODS = (
    Period("weekly", date(2019, 4, 1), date(2019, 4, 7)),
    Period("weekly", date(2021, 1, 18), date(2021, 1, 24)),
    Period("monthly", date(2021, 1, 1), date(2021, 1, 31)),
)
NAMES = tuple(f"{period.start}..{period.end}" for period in PERIODS)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("time")
    prepare(
        Options("nhs_at_home", patients=2_000, workspace=str(folder))
    ).records.write_to(folder / "records")
    run = InlineRun(
        prepare(Options("nhs_at_home", str(folder / "records"), workspace=str(folder)))
    )
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
            assert (
                differences(our_counts(run.prepared.workspace.root, period), theirs)
                == []
            )


def test_a_difference_is_told(run, records):
    ours = our_counts(run.prepared.workspace.root, PERIODS[0])
    cell: Cell = ("bp_weekly_patients_by_sex", "sex", "female")
    numerator, denominator, users, people = ours[cell]
    others = ours | {cell: (numerator, denominator + 1, users, people)}
    assert [cell[0] in line for line in differences(ours, others)] == [True]
    del others[cell]
    assert len(differences(ours, others)) == 1


def test_general_counts_the_same_and_its_cohort_is_smallest_as_ours(run, tmp_path):
    (job,) = run.extract_general(NAMES[1:2], tmp_path)
    ours = our_counts(run.prepared.workspace.root, PERIODS[1])
    assert differences(ours, read_counts(job.counts, PERIODS[1], job.recipe)) == []
    typed, text, naive = write_all(job.cohort, tmp_path)
    assert typed.rows == ours["bp_weekly_patients", "", None][1]
    assert typed.bytes < naive.bytes < text.bytes


def test_a_study_of_fewer_weeks(tmp_path):
    study = prepare(
        Options(
            str(make_study(tmp_path, 12)), patients=10, workspace=str(tmp_path / "w")
        )
    )
    assert len(study.jobs) == 12 + 2 + 1
    chosen = [*some_weeks(6, 12), middle_month(12)]
    assert {f"{period.start}..{period.end}" for period in chosen} < set(study.jobs)


def test_steps_of_a_run():
    run = Run(
        Cost(9, 9),
        [("snapshot", 2.0), ("periods", 3.0), ("release", 7.0), ("end", 8.5)],
        periods=4,
        rows=1,
    )
    assert run.seconds == {
        "start": 2.0,
        "snapshot": 1.0,
        "periods": 4.0,
        "release": 1.5,
    }
    assert run.per_period == 1.0


@pytest.mark.slow
def test_everything_is_measured(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    time_ratios.measure(time_ratios.Bench(tmp_path, tmp_path, patients=2_000, weeks=14))
    told = capsys.readouterr().out
    for line in (
        "| 14 weeks against a query per period over Parquet, wall s |",
        "| CPU s, 10 times",
        "| status |",
    ):
        assert line in told
    places = [
        "--records",
        str(tmp_path / "records-2000"),
        "--workspace",
        str(tmp_path / "nation"),
    ]
    monkeypatch.setattr("sys.argv", ["nation", *places])
    nation.main()
    assert "| again with the snapshot |" in capsys.readouterr().out


@pytest.mark.slow
def test_an_old_study_counts_what_a_query_per_variable_and_week_counts(tmp_path):
    """`measure` ends where one count differs; what a ratio is at this size says
    nothing.
    """
    found = old_study.measure(tmp_path, 3_000, 6, tmp_path / "records")
    assert found.theirs.wall > 0
    assert "| **ratio** |" in found.table()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["few", "some", "many", "tied"])
def test_what_a_plan_promises_of_a_release_is_right_within_a_factor_of_two(
    tmp_path, name
):
    """In CPU seconds, of which other work on the machine takes none away, of a machine
    as fast as that of the estimate.
    """
    found = estimates.measure(tmp_path, estimates.SIZES[name], 2_000)
    assert 0.5 < found.ratio("protection", "audit", "report") < 2, found.took
    assert 0.5 < found.expected.counts / (2 * found.rows) < 2
