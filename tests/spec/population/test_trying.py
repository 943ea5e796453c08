# mypy: ignore-errors
"""Trying a definition on rows of your own"""

import pytest

from extractors import INTERVAL, create_dataset, evaluate
from extractors.errors import ArgumentsError, RecordsError
from extractors.tables.core import clinical_events, patients


def test_rows():
    """evaluate() of extractors takes a dataset and rows by table, and gives a row for
    each patient of the population
    """
    dataset = create_dataset()
    dataset.define_population(patients.date_of_birth > "1900-01-01")
    dataset.sex = patients.sex
    dataset.events = clinical_events.count_for_patient()
    records = {
        "patients": [
            {"patient_id": 1, "date_of_birth": "1980-01-01", "sex": "female"},
            {"patient_id": 2, "date_of_birth": "1990-05-01"},
            {"patient_id": 3, "sex": "male"},
        ],
        "clinical_events": [{"patient_id": 1, "date": "2020-01-01"}, {"patient_id": 1}],
    }
    assert evaluate(dataset, records) == [
        {"patient_id": 1, "sex": "female", "events": 2},
        {"patient_id": 2, "sex": None, "events": 0},
    ]


def test_interval():
    """Where INTERVAL is mentioned, its two dates are given as well"""
    dataset = create_dataset()
    dataset.define_population(patients.exists_for_patient())
    dataset.age = patients.age_on(INTERVAL.start_date)
    records = {"patients": [{"patient_id": 1, "date_of_birth": "1980-01-01"}]}
    assert evaluate(dataset, records, interval=("2020-03-01", "2020-03-31")) == [
        {"patient_id": 1, "age": 40}
    ]


def test_no_interval():
    """Without them it is not computed"""
    dataset = create_dataset()
    dataset.define_population(patients.exists_for_patient())
    dataset.age = patients.age_on(INTERVAL.start_date)
    with pytest.raises(
        ArgumentsError, match="The definition mentions INTERVAL; say for which"
    ):
        evaluate(dataset, {})


def test_unknown_column():
    """Columns are spelt as the table has them"""
    dataset = create_dataset()
    dataset.define_population(patients.exists_for_patient())
    with pytest.raises(RecordsError, match="patients has no column 'gender'"):
        evaluate(dataset, {"patients": [{"patient_id": 1, "gender": "female"}]})
