"""A try of a definition: true counts, and doubts with their lines."""

import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from extractors.errors import ArgumentsError
from extractors.trial.mark import MARK, write_mark
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.trying.attempt import attempt
from flows.trying.counting import count_of, period_counts, trial_of
from measures import create_measures
from measures.counts import counting
from measures.counts.gathering import gather
from measures.on_rows import evaluate
from tests.lib.definitions import project, write

__all__ = ["project"]
PEOPLE = 300
HEAD = """
from ehrql import INTERVAL, codelist_from_csv, create_dataset, create_measures, months
from ehrql.tables.tpp import clinical_events as events, ons_deaths, patients, practice_registrations
"""
MEASURES = """
codes = codelist_from_csv("codes.csv", column="code")
measures = create_measures()
measures.define_defaults(
    denominator=practice_registrations.exists_for_patient_on(INTERVAL.start_date),
    intervals=months(6).starting_on("2020-01-01"),
)
seen = events.where(events.date.is_during(INTERVAL)).where(events.snomedct_code.is_in(codes))
measures.define_measure("seen", seen.exists_for_patient())
measures.define_measure("by_sex", seen.count_for_patient(), group_by={"sex": patients.sex})
"""
CODES = "code,term\n60621009,body mass index\n271649006,systolic\n"


@pytest.fixture
def study(project: Path) -> Path:
    write("codes.csv", CODES)
    return write("study.py", HEAD + MEASURES)


def trial_folder(study: Path, patients: int = PEOPLE) -> Path:
    """A folder as `cohortflow trial` writes it."""
    folder = Path("trial_records")
    prepare(Options(str(study), patients=patients)).records.write_to(folder)
    write_mark(folder)
    return folder


def kinds(found) -> list[tuple[str, int]]:
    return [(each.kind, each.line) for each in found.doubts]


def test_counts_are_those_of_the_same_rows_in_memory(study):
    """`evaluate` computes each period by a query of its own, over rows that pyarrow has
    read.
    """
    folder = trial_folder(study)
    found = attempt(Options(str(study), records=str(folder)))
    records = {
        path.stem: pq.read_table(path).to_pylist() for path in folder.glob("*.parquet")
    }
    measures = create_measures()
    # as they came out of the closed process
    measures._measures = list(found.study.measures)
    expected = {}
    for row in evaluate(measures, records):
        group = (row["sex"],) if row["group_by"] else ()
        expected[row["measure"], row["interval_start"], group] = (
            row["numerator"],
            row["denominator"],
        )
    counted = {
        (row.measure, row.interval_start, row.group): (row.numerator, row.denominator)
        for row in found.rows
    }
    assert {key: pair for key, pair in counted.items() if pair[1]} == expected
    assert sum(numerator for numerator, _ in expected.values()) > 0
    assert len(found.rows) == 6 * (1 + len({key[2] for key in counted if key[2]}))


def test_counts_of_a_whole_chain_are_those_of_each_period(study):
    """A run takes each period's counts row by row; a try takes all of a chain column by
    column.
    """
    amounts = (
        'measures.define_measure("ages", seen.count_for_patient(), '
        "patients.age_on(INTERVAL.start_date))"
    )
    yearly = "intervals=years(1).starting_on('2020-01-01')"
    late = (
        'measures.define_measure("late", seen.exists_for_patient(), '
        f'group_by={{"sex": patients.sex}}, {yearly})'
    )
    write("study.py", f"{HEAD}from ehrql import years\n{MEASURES}{amounts}\n{late}\n")
    with trial_of(Options(str(study), patients=PEOPLE)) as trial:
        prepared, counts = trial.prepared, count_of(trial)
        periods = [period_counts(prepared, interval) for interval in prepared.chosen]
    measures = prepared.study.measures
    shapes, groups = (
        counting.shapes(measures, prepared.chosen),
        counting.group_types(measures),
    )
    assert len(periods) == 7 and counts.table.num_rows > 20
    assert counts.table.equals(gather(periods, shapes, groups).table)


def test_as_json(study):
    found = attempt(Options(str(study), patients=PEOPLE)).as_json()
    row = found["measures"][0]
    assert list(row) == [
        "measure", "interval_start", "interval_end", "group_by", "group", "numerator", "denominator",
    ]  # fmt: skip
    assert (row["measure"], row["group_by"]) == ("by_sex", "sex")
    assert row["interval_start"] == datetime.date(2020, 1, 1)
    assert found["doubts"] == [] and found["patients"] == PEOPLE


def test_nothing_is_left_behind(study, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    before = set(Path.cwd().iterdir())
    attempt(Options(str(study), patients=20))
    assert set(Path.cwd().iterdir()) == before
    assert list((tmp_path / "temporary").iterdir()) == []


def test_records_that_no_trial_wrote_are_refused(study):
    folder = trial_folder(study, patients=20)
    (folder / MARK).unlink()
    with pytest.raises(ArgumentsError, match="was not written by `cohortflow trial`"):
        attempt(Options(str(study), records=str(folder)))


def test_a_codelist_that_no_row_matches(study):
    folder = trial_folder(study)
    write("codes.csv", "code,term\n22298006,myocardial infarction\n")
    found = attempt(Options(str(study), records=str(folder)))
    assert [kind for kind, _ in kinds(found)] == ["codelist", "nobody", "nobody"]
    assert found.doubts[0].message == (
        "no row of clinical_events.snomedct_code has a code of codes.csv, so nothing "
        "is found by it"
    )
    assert (
        found.doubts[0].source
        == 'codes = codelist_from_csv("codes.csv", column="code")'
    )


def test_a_numerator_outside_of_its_denominator(study):
    dead = (
        'measures.define_measure("dead", ons_deaths.date.is_not_null(), '
        "ons_deaths.date.is_null())"
    )
    text = f"{HEAD}{MEASURES}{dead}\n"
    write("study.py", text)
    found = attempt(Options(str(study), patients=PEOPLE))
    (outside,) = [each for each in found.doubts if each.kind == "outside"]
    assert outside.line == text.count("\n")
    assert outside.message.endswith("all of them are outside of the denominator")


def test_such_a_measure_may_have_fewer_periods_than_others(study):
    dead = (
        "ons_deaths.date.is_not_null(), ons_deaths.date.is_null(), "
        "intervals=months(1).starting_on('2020-02-01')"
    )
    write("study.py", f'{HEAD}{MEASURES}measures.define_measure("dead", {dead})\n')
    found = attempt(Options(str(study), patients=PEOPLE))
    assert [each.kind for each in found.doubts] == ["outside"]


def test_a_dataset(project):
    text = """
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
dataset.sex = patients.sex
dataset.born = patients.date_of_birth
dataset.never = events.where(events.date < "1850-01-01").sort_by(events.date).first_for_patient().date
dataset.always = patients.date_of_birth.is_not_null()
"""
    found = attempt(Options(str(write("study.py", HEAD + text)), patients=PEOPLE))
    assert found.population == PEOPLE and found.rows == ()
    sex, born, never, always = found.variables
    assert (sex.type, sex.rows, sex.missing, sex.lowest) == ("str", PEOPLE, 0, "female")
    assert isinstance(born.lowest, datetime.date) and born.distinct > 100
    assert never.missing == PEOPLE and always.lowest is True
    assert kinds(found) == [("missing", 9), ("one value", 10)]
    assert "never" in found.doubts[0].source


def test_a_dataset_of_nobody(project):
    text = """
dataset = create_dataset()
dataset.define_population(patients.date_of_birth > "2200-01-01")
dataset.sex = patients.sex
"""
    found = attempt(Options(str(write("study.py", HEAD + text)), patients=PEOPLE))
    assert found.population == 0
    assert kinds(found) == [("empty", 0)]
