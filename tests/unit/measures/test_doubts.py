"""Doubts about measures that the definition alone tells, at the author's line."""

from tests.lib.definitions import load, project

HEAD = """
from ehrql import INTERVAL, create_measures, months
from ehrql.tables.tpp import clinical_events as events, patients, practice_registrations as registrations
measures = create_measures()
measures.define_defaults(
    intervals=months(3).starting_on("2021-01-01"),
    denominator=registrations.exists_for_patient_on(INTERVAL.start_date),
)
seen = events.where(events.date.is_during(INTERVAL)).exists_for_patient()
"""
FIRST = HEAD.count("\n") + 1
__all__ = ["project"]


def doubts(*lines: str) -> list[tuple[str, int]]:
    study = load(HEAD + "\n".join(lines) + "\n")
    return [(each.kind, each.line - FIRST) for each in study.warnings]


A = 'measures.define_measure("a", seen)'
BY_SEX = "group_by={'sex': patients.sex}"


def test_no_doubt(project):
    assert doubts(A) == []
    assert doubts(A, f'measures.define_measure("b", seen, {BY_SEX})') == []


def test_the_same_measure_twice(project):
    assert doubts(A, 'measures.define_measure("b", seen)') == [("equal", 1)]


def test_everybody(project):
    assert doubts('measures.define_measure("a", seen, seen)') == [("everybody", 0)]
    assert doubts(f'measures.define_measure("a", seen, seen, {BY_SEX})') == []


def test_nothing_moves(project):
    fixed = '"a", patients.sex == "male", patients.date_of_birth < "2000-01-01"'
    assert doubts(f"measures.define_measure({fixed})") == [("unmoving", 0)]
    one_period = 'intervals=months(1).starting_on("2021-01-01")'
    assert doubts(f"measures.define_measure({fixed}, {one_period})") == []


def test_a_date_that_no_period_of_the_study_reaches(project):
    never = '(events.date < "2020-01-01") & (events.date > INTERVAL.start_date)'
    late = f"late = events.where({never}).exists_for_patient()"
    by_sex = f'measures.define_measure("b", late, {BY_SEX})'
    assert doubts(late, 'measures.define_measure("a", late)', by_sex) == [
        ("impossible", 1)
    ]


def test_where_things_are_defined(project):
    study = load(HEAD + 'measures.define_measure(\n    "a",\n    seen,\n)\n')
    assert study.defined["measure a"].line == FIRST
    assert study.defined["measure a"].source == "measures.define_measure("
