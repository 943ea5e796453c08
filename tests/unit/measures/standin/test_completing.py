"""What an editor completes in a definition, and what it says of a function.

jedi is asked as a language server asks it: of a file of an author, with the packages of
the project's environment.
"""

from pathlib import Path

import jedi
import pytest
from jedi.api.environment import InterpreterEnvironment

THEIRS = """from ehrql import (
    INTERVAL, case, create_dataset, create_measures, days, maximum_of, when
)
from ehrql.tables.core import clinical_events, patients
from ehrql.tables.tpp import addresses, apcs
"""
OURS = """from extractors import INTERVAL, case, create_dataset, days, maximum_of, when
from extractors.tables.core import clinical_events, patients
from extractors.tables.tpp import addresses, apcs
from measures import create_measures
"""
BEGIN = """
dataset = create_dataset()
measures = create_measures()
a = patients.age_on("2020-01-01")
b = clinical_events.count_for_patient()
ordered = clinical_events.sort_by(clinical_events.date)
"""
DATES = "year is_before is_during to_first_of_month is_null when_null_then map_values"
NUMBERS = "as_float as_int absolute is_in is_null"
EVENTS = (
    "date snomedct_code numeric_value where except_where sort_by exists_for_patient"
)
# what is typed, what comes among others, and what does not come
COMPLETED = [
    (
        "patients.",
        "date_of_birth sex date_of_death age_on is_alive_on exists_for_patient",
        "where sort_by first_for_patient",
    ),
    ("patients.date_of_birth.", DATES, "minimum_for_patient contains"),
    ("clinical_events.", EVENTS, "first_for_patient ctv3_code"),
    (
        "clinical_events.where(clinical_events.date.is_during(INTERVAL)).",
        EVENTS,
        "first_for_patient",
    ),
    ("ordered.", f"{EVENTS} first_for_patient last_for_patient", "age_on"),
    ("ordered.first_for_patient().", "date snomedct_code numeric_value", "where"),
    ("ordered.first_for_patient().date.", DATES, "minimum_for_patient"),
    (
        "clinical_events.date.",
        f"{DATES} minimum_for_patient count_episodes_for_patient",
        "sum_for_patient",
    ),
    ("clinical_events.date.minimum_for_patient().", DATES, "minimum_for_patient"),
    ("case(when(patients.sex.is_null()).then(1), otherwise=a).", NUMBERS, "where"),
    ("(a + b).", NUMBERS, "sum_for_patient contains"),
    ("maximum_of(a, b).", NUMBERS, "sum_for_patient contains"),
    ("(patients.date_of_birth + days(3)).", DATES, "minimum_for_patient"),
    ("(INTERVAL.start_date - patients.date_of_birth).", "days weeks months years", ""),
    ("patients.sex.map_values({'f': 'F'}).", "contains is_in", "where upper"),
    ("addresses.for_patient_on('2020-01-01').", "imd_quintile msoa_code", "sort_by"),
    ("apcs.all_diagnoses.", "contains contains_any_of", "is_in"),
    ("dataset.", "define_population add_column add_event_table", "where"),
    ("measures.", "define_measure define_defaults describe", "where"),
]
# what is typed up to its bracket, what its signature says, and what its docstring
HELPED = [
    ("patients.age_on", "date: DateOfPatient", "Completed years on a date"),
    ("clinical_events.where", "condition: BoolPatientSeries", "Rows where it is False"),
    ("patients.date_of_birth.is_before", "other: DateOfPatient", "Raises TypeError"),
    ("clinical_events.numeric_value.quantile_for_patient", "q: float", "interpolated"),
    ("measures.define_measure", "numerator: Counted", "A NULL numerator adds 0"),
    ("days", "value: Count", "days(28)"),
]


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> jedi.Project:
    """A folder of an author's; the interpreter of the tests is the project's."""
    return jedi.Project(tmp_path_factory.mktemp("study"))


def script(code: str, project: jedi.Project) -> jedi.Script:
    path = Path(project.path) / "definition.py"
    here = InterpreterEnvironment()
    return jedi.Script(code, path=path, project=project, environment=here)


@pytest.mark.parametrize("imports", [THEIRS, OURS], ids=["ehrql", "ours"])
@pytest.mark.parametrize(("typed", "some", "none"), COMPLETED)
def test_members_are_completed(project, imports, typed, some, none):
    found = script(imports + BEGIN + typed, project).complete()
    names = {each.name for each in found}
    assert set(some.split()) - names == set()
    assert names & set(none.split()) == set()


@pytest.mark.parametrize(("typed", "signature", "words"), HELPED)
def test_functions_are_explained(project, typed, signature, words):
    found = script(f"{THEIRS}{BEGIN}{typed}(", project).get_signatures()
    assert signature in found[0].to_string()
    assert any(words in each.docstring() for each in found)


def test_tables_are_completed_where_they_are_imported(project):
    found = script("from ehrql.tables.tpp import ", project).complete()
    names = {each.name for each in found}
    assert {"addresses", "apcs", "patients", "practice_registrations"} <= names
