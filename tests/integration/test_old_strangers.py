# mypy: ignore-errors
"""Definitions in the shape of public old studies are read as they are: several modules,
loops, files, parameters.
"""

import shutil
from pathlib import Path

import pytest

from measures.loading import load_study
from measures.trying_old import evaluate
from tests.lib.places import CHECKOUT

HERE = CHECKOUT / "tests" / "integration" / "old_strangers"
RANGE = ("--index-date-range", "2020-03-02 to 2020-03-16 by week")
MEASURES = {"monthly": 10, "weekly": 4, "yaml": 2}
PARAM = ("--param", "cohort=cases")


@pytest.fixture(autouse=True)
def at_the_root(monkeypatch, tmp_path):
    """In a copy of the project, for what is read of results is noted in a workspace
    beside it.
    """
    shutil.copytree(HERE, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")


def definition(name):
    return Path("analysis").absolute() / f"study_definition_{name}.py"


def names():
    return sorted(
        path.stem.removeprefix("study_definition_")
        for path in (HERE / "analysis").glob("study_def*.py")
    )


@pytest.mark.parametrize("name", names())
def test_each_is_read(name):
    study = load_study(
        definition(name), arguments=PARAM if name == "param" else (), results=True
    )
    assert len(study.dataset) > 5
    assert study.forms.keys() == {column for column in study.dataset if column}


@pytest.mark.parametrize("name", MEASURES)
def test_their_measures_are_read(name):
    study = load_study(definition(name), arguments=RANGE)
    assert len(study.measures) == MEASURES[name]
    assert {len(measure.intervals) for measure in study.measures} == {3}


def test_a_matched_cohort_follows_its_file():
    """The file has patients 1 and 2; of the third one nothing is known."""
    rows = {
        "patients": [
            {"patient_id": patient, "date_of_birth": "1950-06-01"}
            for patient in (1, 2, 3)
        ],
        "ons_deaths": [{"patient_id": 1, "date": "2021-04-05"}],
        "practice_registrations": [
            {"patient_id": 2, "start_date": "2020-01-01", "end_date": "2022-05-05"}
        ],
        "sgss_covid_all_tests": [
            {"patient_id": 1, "specimen_taken_date": day, "is_positive": True}
            for day in ("2021-03-01", "2021-05-29", "2021-05-30")
        ],
    }
    first, second = evaluate(definition("param"), rows, params={"cohort": "cases"})
    assert (first["case_index"], first["set_id"], first["label"]) == (
        "2021-03-01",
        7,
        "x",
    )
    assert (first["end"], first["test_1"], first["test_2"]) == (
        "2021-04-05",
        "2021-03-01",
        "2021-05-30",
    )
    assert (second["label"], second["dereg"], second["end"], second["test_1"]) == (
        "",
        "2022-05-05",
        "2021-12-31",
        "",
    )


def test_people_of_a_vaccination_study():
    rows = {
        "patients": [
            {"patient_id": patient, "date_of_birth": "1950-06-01", "sex": "female"}
            for patient in (1, 2)
        ],
        "practice_registrations": [
            {"patient_id": 1, "start_date": "2019-01-01"},
            {"patient_id": 2, "start_date": "2019-01-01", "end_date": "2021-01-31"},
        ],
        "vaccinations": [
            {"patient_id": patient, "date": day, "target_disease": "SARS-2 CORONAVIRUS"}
            for patient in (1, 2)
            for day in ("2021-02-01", "2021-02-01", "2021-05-01")
        ],
        "clinical_events": [
            {"patient_id": 1, "date": "2021-01-31", "ctv3_code": "H33.."},
            {"patient_id": 1, "date": "2021-02-01", "ctv3_code": "C10.."},
            {"patient_id": 1, "date": "2000-01-01", "ctv3_code": "9i7.."},
        ],
        "ons_deaths": [
            {"patient_id": 1, "date": "2021-02-15", "underlying_cause_of_death": "U071"}
        ],
    }
    # the other one left the practice before the first dose
    (row,) = evaluate(definition("vaccinated"), rows)
    assert (row["covid_vax_disease_1_date"], row["covid_vax_disease_2_date"]) == (
        "2021-02-01",
        "2021-05-01",
    )
    assert (row["vax1_date"], row["age"]) == ("2021-02-01", 70)
    assert (
        row["asthma_before"],
        row["diabetes_before"],
        row["ethnicity"],
        row["imd"],
    ) == (1, 0, "3", "0")
    assert (row["postvax_death"], row["has_death"]) == ("2021-02-15", 1)


def test_what_is_not_there_of_pandas_is_told(tmp_path):
    path = tmp_path / "study_definition.py"
    path.write_text("import pandas as pd\npd.DataFrame()\n", encoding="utf-8")
    with pytest.raises(
        Exception,
        match=r"study_definition.py:2: there is no pandas.DataFrame in a definition",
    ):
        load_study(path)
