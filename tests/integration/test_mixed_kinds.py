"""A series that no rule understands beside those that all rules do: counted as if
nothing were understood.
"""

from pathlib import Path

import pytest

from flows.preparing.jobs import PeriodJob
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from flows.preparing.prepared import Prepared
from tests.benchmarks.inline import InlineRun
from tests.flows.shelves import read

DEFINITION = """
from ehrql import INTERVAL, create_measures, weeks
from ehrql.tables.tpp import clinical_events, patients, practice_registrations

born = patients.date_of_birth
taken = clinical_events.where(clinical_events.snomedct_code.is_in(["271649006", "271650006"]))
in_week = taken.where(taken.date.is_during(INTERVAL))
registered = practice_registrations.exists_for_patient_on(INTERVAL.start_date)
weekday = (INTERVAL.start_date - born).days // 7 * 7 == (INTERVAL.start_date - born).days

measures = create_measures()
measures.define_defaults(denominator=registered, intervals=weeks(3).starting_on("2021-05-03"))
measures.define_measure("taken", in_week.exists_for_patient(), group_by={"sex": patients.sex})
measures.define_measure("taken_on", in_week.exists_for_patient(), group_by={"weekday": weekday})
measures.define_measure("odd", weekday, group_by={"sex": patients.sex})
measures.define_measure("odd_people", in_week.exists_for_patient(), denominator=registered & weekday, PERIODS)
"""
PERIODS = {
    "all standing": "intervals=weeks(3).starting_on('2020-03-02')",
    "who is counted is odd": "",
}


@pytest.fixture(params=PERIODS)
def prepared(request: pytest.FixtureRequest, tmp_path: Path) -> Prepared:
    """`odd_people`, of whom only the general query tells who is counted, in weeks of
    its own or in those of all.
    """
    study = tmp_path / "mixed.py"
    study.write_text(
        DEFINITION.replace(
            ", PERIODS", f", {PERIODS[request.param]}" if PERIODS[request.param] else ""
        ),
        encoding="utf-8",
    )
    return prepare(Options(str(study), patients=400, workspace=str(tmp_path / "w")))


def test_counts_and_cohorts_are_those_of_the_general_query(
    prepared: Prepared, tmp_path: Path
):
    run = InlineRun(prepared)
    run.prepare_inputs()
    run.extract(prepared.jobs)
    for alone in run.extract_general(prepared.jobs, tmp_path):
        period, job = alone.period, prepared.jobs[alone.period]
        assert _rows(job) == _rows(alone), period
        assert read(job.cohort).to_pylist() == read(alone.cohort).to_pylist(), period
    assert {part.kind for part in prepared.parts.values()} == {
        "static",
        "timeline",
        "window",
        "general",
    }


def _rows(job: PeriodJob) -> list[dict]:
    return sorted(read(job.counts).to_pylist(), key=repr)
