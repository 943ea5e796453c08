# mypy: ignore-errors
"""By which group a variable is counted: every value is in one band, and no border is a
record's.
"""

import datetime

import pytest

from extractors import case, when
from extractors.evaluation import evaluate_series
from extractors.tables.tpp import addresses, apcs, clinical_events, patients
from measures.describe.shapes import CATEGORY, DATE, NUMBER, PRESENCE, shape_of
from measures.telling import refuse_telling_group

BY_DATE = clinical_events.sort_by(clinical_events.date)
LAST = BY_DATE.last_for_patient()
VALUE = LAST.numeric_value
COUNT = clinical_events.count_for_patient()
AGE = patients.age_on("2020-01-01")


def test_kinds():
    kinds = {
        "bool": shape_of(clinical_events.exists_for_patient().node).kind,
        "promised": shape_of(patients.sex.node).kind,
        "of the records": shape_of(LAST.snomedct_code.node).kind,
        "float": shape_of(VALUE.node).kind,
        "count": shape_of(COUNT.node).kind,
        "age": shape_of(AGE.node).kind,
        "date": shape_of(LAST.date.node).kind,
        "few numbers": shape_of((LAST.date.month).node).kind,
    }
    admission = apcs.sort_by(apcs.admission_date).last_for_patient()
    assert shape_of(admission.all_diagnoses.node).kind == PRESENCE
    assert kinds == {
        "bool": CATEGORY,
        "promised": CATEGORY,
        "of the records": CATEGORY,
        "float": NUMBER,
        "count": NUMBER,
        "age": NUMBER,
        "date": DATE,
        "few numbers": CATEGORY,
    }


@pytest.mark.parametrize(
    "series",
    [VALUE, COUNT, AGE, LAST.date, addresses.for_patient_on("2020-01-01").msoa_code],
)
def test_groups_are_such_as_a_study_may_have(series):
    for monthly in (True, False):
        refuse_telling_group("m", "g", shape_of(series.node, monthly=monthly).series)


def said(number: float) -> float:
    return float(str(number).replace(",", ""))


def holds(label: str, number: float) -> bool:
    """Whether a band, by its words, has the number."""
    if label.startswith("below "):
        return number < said(label.removeprefix("below "))
    if label.endswith(" or more"):
        return number >= said(label.removesuffix(" or more"))
    if label.startswith("above 0 to below "):
        return 0 < number < said(label.removeprefix("above 0 to below "))
    if " to below " in label:
        low, high = map(said, label.split(" to below "))
        return low <= number < high
    ends = [said(each) for each in label.split(" to ")]
    return ends[0] <= number <= ends[-1]


NUMBERS = [
    -3.5,
    -0.01,
    0.0,
    0.05,
    0.1,
    0.11,
    0.999,
    1.0,
    18.49,
    18.5,
    25.0,
    29.99,
    139.9,
    140.0,
    999_999.0,
    1e6,
    1e12,
]


def test_every_number_is_in_the_band_that_says_so():
    rows = [
        {"patient_id": n, "date": "2020-01-01", "numeric_value": number}
        for n, number in enumerate([*NUMBERS, None])
    ]
    shape = shape_of(VALUE.node)
    found = evaluate_series(
        {"": clinical_events.exists_for_patient().node, "v": shape.series},
        {"clinical_events": rows},
    )
    assert found[-1]["v"] is None
    for row, number in zip(found, NUMBERS, strict=False):
        assert holds(row["v"], number)
        assert [label for label in shape.order if holds(label, number)] == [row["v"]]


def test_whole_numbers_and_ages():
    counts = shape_of(COUNT.node).order
    for number in (-1, 0, 9, 10, 11, 12, 99, 100, 119, 120, 999_999, 1_000_000):
        assert sum(holds(label, number) for label in counts) == 1
    ages = shape_of(AGE.node).order
    assert ages[:3] == ("below 0", "0 to 4", "5 to 9") and ages[-1] == "100 or more"


def test_a_number_in_the_place_of_a_missing_one_is_no_list_of_few():
    assert shape_of(AGE.when_null_then(0).node).order == shape_of(AGE.node).order
    assert shape_of(LAST.date.month.when_null_then(0).node).kind == CATEGORY
    capped = case(when(AGE > 120).then(None), otherwise=AGE)
    assert shape_of(capped.node).order == shape_of(AGE.node).order


def test_days_are_years_or_months():
    rows = {"clinical_events": [{"patient_id": 1, "date": "2021-11-30"}]}
    here = clinical_events.exists_for_patient().node
    for monthly, expected in ((False, 2021), (True, datetime.date(2021, 11, 1))):
        shape = shape_of(LAST.date.node, monthly=monthly)
        assert evaluate_series({"": here, "d": shape.series}, rows) == [
            {"patient_id": 1, "d": expected}
        ]
