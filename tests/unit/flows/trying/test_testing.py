"""Tests that an author writes beside a definition."""

import pytest

from extractors.errors import DefinitionError
from flows.command.cli import main
from flows.trying.testing import run_tests
from tests.lib.definitions import load, project, refusal, write

__all__ = ["project"]
DATASET = """
from datetime import date
from ehrql import create_dataset
from ehrql.tables.tpp import clinical_events, patients
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
dataset.sex = patients.sex
dataset.born = patients.date_of_birth
dataset.uses = clinical_events.count_for_patient()
records = {
    "patients": [{"patient_id": 1, "date_of_birth": date(1980, 1, 1), "sex": "male"}, {"patient_id": 2}],
    "clinical_events": [{"patient_id": 1}, {"patient_id": 1}],
}
"""
LINE = DATASET.count("\n") + 1
MEASURES = """
from ehrql import INTERVAL, create_measures, months
from ehrql.tables.tpp import clinical_events as events, patients
measures = create_measures()
measures.define_defaults(intervals=months(2).starting_on("2021-01-01"), denominator=patients.exists_for_patient())
seen = events.where(events.date.is_during(INTERVAL))
measures.define_measure("a", seen.exists_for_patient())
measures.define_measure("by", seen.exists_for_patient(), group_by={"sex": patients.sex})
records = {
    "patients": [{"patient_id": 1, "sex": "male"}, {"patient_id": 2}],
    "events": [],
    "clinical_events": [{"patient_id": 1, "date": "2021-01-31"}],
}
del records["events"]
"""


def test_rows_of_a_dataset(project):
    first = '{"patient_id": 1, "sex": "male", "born": date(1980, 1, 1), "uses": 2}'
    expected = f'[{first}, {{"patient_id": 2, "uses": 0}}]'
    assert run_tests(load(f"{DATASET}dataset.test(records, {expected})\n")) == 1


def test_a_variable_may_be_called_test(project):
    text = f"{DATASET}dataset.test = patients.sex\ndataset.again = dataset.test\n"
    study = load(text)
    assert study.dataset["again"] == study.dataset["test"] == study.dataset["sex"]


FAILING = {
    '[{"patient_id": 1, "sex": "female"}, {"patient_id": 2}]': "sex is 'male', expected 'female' (in patient_id 1)",
    '[{"patient_id": 1}]': "there is a row that is not expected: patient_id 2",
    '[{"patient_id": 1}, {"patient_id": 2}, {"patient_id": 3}]': "there is no row with patient_id 3",
    '[{"patient_id": 1, "born": "1980-01-02"}, {"patient_id": 2}]': "born is 1980-01-01, expected '1980-01-02'",
    '[{"patient_id": 1, "age": 3}, {"patient_id": 2}]': "there is no column 'age'",
    '[{"patient_id": 1, "uses": True}, {"patient_id": 2}]': "uses is 2, expected True",
}


@pytest.mark.parametrize("expected", FAILING)
def test_what_fails_is_said_at_its_line(project, expected):
    study = load(f"{DATASET}dataset.test(records, {expected})\n")
    with pytest.raises(DefinitionError) as caught:
        run_tests(study)
    assert f"study.py:{LINE}: this test fails: " in caught.value.message
    assert FAILING[expected] in caught.value.message


def test_rows_of_measures(project):
    first = '{"measure": "a", "interval_start": "2021-01-01", "numerator": 1}'
    second = '{"measure": "a", "numerator": 0}'
    assert (
        run_tests(load(f"{MEASURES}measures.test(records, [{first}, {second}])\n")) == 1
    )
    by = (
        '[{"measure": "by", "sex": "male", "numerator": 1}, {"measure": "by", "sex": '
        '"male", "numerator": 0}]'
    )
    with pytest.raises(
        DefinitionError, match="not expected: measure 'by', interval_start 2021-01-01"
    ):
        run_tests(load(f"{MEASURES}measures.test(records, {by})\n"))


def test_several_tests(project):
    good, bad = (
        '[{"measure": "a"}, {"measure": "a"}]',
        '[{"measure": "a", "numerator": 7}, {"measure": "a"}]',
    )
    text = MEASURES + "".join(
        f"measures.test(records, {each})\n" for each in (good, bad, bad)
    )
    with pytest.raises(DefinitionError) as caught:
        run_tests(load(text))
    assert caught.value.message.startswith("2 of 3 tests fail\n")
    assert len(caught.value.mistakes) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("[], []", "a test takes a dict of table names and their rows, got"),
        (
            '{"patients": {"patient_id": 1}}, []',
            "the rows of patients must be a list of dicts",
        ),
        ('{"patients": [1]}, []', "the rows of patients must be a list of dicts"),
        (
            '{"patients": [{"patient_id": 1, "sex": patients.sex}]}, []',
            "may hold texts, numbers, dates",
        ),
        ("{1: []}, []", "a test names its tables by strings"),
        ('{}, "none"', "what is expected must be a list of dicts"),
    ],
)
def test_what_is_no_test_is_refused(project, arguments, said):
    assert said in refusal(f"{MEASURES}measures.test({arguments})\n").message


def test_rows_that_fit_no_table(project):
    text = (
        f'{MEASURES}measures.test({{"patients": [{{"patient_id": 1, "seks": '
        '"male"}]}, [])\n'
    )
    with pytest.raises(
        DefinitionError, match="this test cannot run: patients has no column 'seks'"
    ):
        run_tests(load(text))


ASSURE = """
from datetime import date
from study import dataset
from ehrql.tables.tpp import clinical_events, patients
test_data = {
    1: {
        patients: {"date_of_birth": date(1980, 1, 1), "sex": "female"},
        clinical_events: [{"date": date(2021, 1, 1)}, {}],
        "expected_in_population": True,
        "expected_columns": {"sex": SEX, "born": date(1980, 1, 1), "uses": 2},
    },
    2: {patients: [], "expected_in_population": False},
}
"""


def test_files_that_ehrql_assures(project):
    write("study.py", DATASET)
    assert run_tests(load(ASSURE.replace("SEX", '"female"'), "assurance.py")) == 1
    with pytest.raises(
        DefinitionError, match="sex is 'female', expected 'male' .in patient_id 1"
    ):
        run_tests(load(ASSURE.replace("SEX", '"male"'), "assurance.py"))


def test_the_commands(project, capsys):
    good = write(
        "study.py",
        f'{MEASURES}measures.test(records, [{{"measure": "a"}}, {{"measure": "a"}}])\n',
    )
    assert main(["test", str(good)]) == 0
    assert capsys.readouterr().out == "study: 1 test passed.\n"
    assert main(["check", str(good)]) == 0
    assert "1 test" in capsys.readouterr().out
    bad = write(
        "study.py",
        f'{MEASURES}measures.test(records, [{{"measure": "a", "denominator": 3}}])\n',
    )
    for command in ("test", "check"):
        assert main([command, str(bad)]) == 2
        assert "denominator is 2, expected 3" in capsys.readouterr().err
    assert main(["test", str(write("study.py", MEASURES))]) == 2
    assert "has no tests" in capsys.readouterr().err
