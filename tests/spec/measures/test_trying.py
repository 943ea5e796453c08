# mypy: ignore-errors
"""Trying measures on rows of your own"""

from extractors import INTERVAL, months
from extractors.tables.core import clinical_events, patients
from measures import create_measures, evaluate


def test_rows():
    """evaluate() of measures takes measures and rows by table, and gives true counts"""
    measures = create_measures()
    during = clinical_events.where(clinical_events.date.is_during(INTERVAL))
    measures.define_measure(
        "seen",
        numerator=during.exists_for_patient(),
        denominator=patients.exists_for_patient(),
        group_by={"sex": patients.sex},
        intervals=months(1).starting_on("2020-01-01"),
    )
    records = {
        "patients": [
            {"patient_id": 1, "sex": "female"},
            {"patient_id": 2, "sex": "female"},
        ],
        "clinical_events": [{"patient_id": 1, "date": "2020-01-15"}],
    }
    rows = evaluate(measures, records)
    assert [(row["sex"], row["numerator"], row["denominator"]) for row in rows] == [
        ("female", 1, 2)
    ]
