"""Made-up numbers lie on both sides of what a definition compares them with."""

import datetime
from typing import Any

import pyarrow.parquet as pq
import pytest

from extractors.language.dataset import patient_node
from extractors.language.frames import EventFrame, Series, table
from extractors.planner.needs import table_needs
from extractors.tables import tpp
from extractors.trial import write_trial
from extractors.trial.definition import wishes_of
from flows.preparing.records import trial_records
from flows.workspace.store import Workspace
from measures.amounts import amount
from tests.lib.trial_wishes import read

clinical_events: Any = tpp.clinical_events
FIRST, LAST = datetime.date(2019, 4, 1), datetime.date(2022, 6, 5)
CHOLESTEROL = "1005671000000105"
# of what the trial does not know, with numbers as if they were these
SYSTOLIC, HBA1C = "24184005", "102747008"
PATIENTS = 3000
A_FIFTH = 0.19  # nearly, because luck has its share


@table
class lab_results(EventFrame):
    taken_on = Series(datetime.date)
    level = Series(int)
    ratio = Series(float)
    unit = Series(str)


def of(code):
    return clinical_events.where(clinical_events.snomedct_code == code)


def wishes(*series):
    roots = [patient_node(each, "a series") for each in series]
    return wishes_of(table_needs(roots), roots, FIRST, LAST)


def values(folder, *series, name="clinical_events"):
    write_trial(folder, wishes(*series), patients=PATIENTS)
    return read(folder, name)


def sides(numbers, threshold):
    known = numbers.dropna()
    assert len(known) > 100
    return (known < threshold).mean(), (known > threshold).mean()


def latest(code):
    return of(code).sort_by(clinical_events.date).last_for_patient().numeric_value


@pytest.mark.parametrize(
    "high",
    [
        lambda: of(SYSTOLIC).numeric_value.median_for_patient() > 140,
        lambda: of(SYSTOLIC).numeric_value.mean_for_patient().when_null_then(0.0) > 140,
        lambda: (
            of(SYSTOLIC).where(clinical_events.numeric_value > 140).exists_for_patient()
        ),
        lambda: latest(SYSTOLIC) >= 140,
        lambda: latest(SYSTOLIC).as_int() < 140,
    ],
    ids=["median", "mean", "of rows", "picked", "as int"],
)
def test_values_of_patients_lie_on_both_sides_of_a_threshold(tmp_path, high):
    frame = values(tmp_path / "records", high())
    found = frame[frame.snomedct_code == SYSTOLIC]
    assert min(sides(found.groupby("patient_id").numeric_value.median(), 140)) > A_FIFTH
    assert found.numeric_value.between(60, 260).mean() > 0.9
    assert 0 < found.numeric_value.isna().mean() < 0.1


def test_each_codelist_has_thresholds_of_its_own(tmp_path):
    frame = values(
        tmp_path / "records",
        latest(SYSTOLIC) > 140,
        latest(SYSTOLIC) > 0,
        latest(HBA1C) > 48,
    )
    for code, threshold in ((SYSTOLIC, 140), (HBA1C, 48)):
        numbers = frame[frame.snomedct_code == code].numeric_value
        assert min(sides(numbers, threshold)) > A_FIFTH
        assert numbers.dropna().between(threshold / 2, threshold * 2).all()


@pytest.mark.parametrize(
    "asked",
    [
        lambda last: [last >= 120, last >= 140],
        lambda last: [(last >= 120) & (last < 140), last >= 160],
        lambda last: [amount(last, least=0, most=300).units, last > 140],
        lambda last: [amount(last, least=60, most=260).units, last > 140],
    ],
    ids=["two", "bands", "amount", "amount from above 0"],
)
def test_several_thresholds_and_the_ends_of_an_amount(tmp_path, asked):
    numbers = values(tmp_path / "records", *asked(latest(SYSTOLIC))).numeric_value
    assert min(sides(numbers, 140)) > A_FIFTH
    assert numbers.dropna().between(60, 260).mean() > 0.8 and numbers.min() > 0


def test_nearly_all_values_lie_between_the_ends_of_an_amount(tmp_path):
    numbers = values(
        tmp_path / "records", amount(latest(SYSTOLIC), least=60, most=260).units
    ).numeric_value
    below, above = sides(numbers, 60)[0], sides(numbers, 260)[1]
    assert 0 < below < 0.05 and 0 < above < 0.05


def test_records_with_other_thresholds_have_another_name(tmp_path):
    workspace = Workspace(tmp_path, "study")
    asked = [wishes(latest(SYSTOLIC))] + [
        wishes(latest(SYSTOLIC) > number) for number in (140, 150)
    ]
    assert len({trial_records(workspace, each, 10).fingerprint for each in asked}) == 3


def test_what_codes_are_known_to_measure_stays(tmp_path):
    numbers = values(tmp_path / "records", latest(CHOLESTEROL) > 4).numeric_value
    assert 4.8 < numbers.mean() < 5.2


def test_numbers_of_any_table(tmp_path):
    level, ratio = (
        lab_results.level.maximum_for_patient(),
        lab_results.ratio.minimum_for_patient(),
    )
    frame = values(
        tmp_path / "records",
        level > 5000,
        ratio < 0.02,
        ratio < -0.01,
        name="lab_results",
    )
    assert min(sides(frame.level, 5000)) > A_FIFTH
    assert (
        min(min(sides(frame.ratio, threshold)) for threshold in (-0.01, 0.02)) > A_FIFTH
    )


def test_all_else_is_as_it_was_without_thresholds(tmp_path):
    unit = lab_results.unit.count_distinct_for_patient()
    seen = (
        of(SYSTOLIC).exists_for_patient(),
        latest(SYSTOLIC),
        lab_results.level.maximum_for_patient(),
        unit,
    )
    asked = (latest(SYSTOLIC) > 140, lab_results.level.maximum_for_patient() > 5000)
    write_trial(tmp_path / "one", wishes(*seen), patients=PATIENTS)
    write_trial(tmp_path / "other", wishes(*seen, *asked), patients=PATIENTS)
    for name, number in (
        ("clinical_events", "numeric_value"),
        ("lab_results", "level"),
    ):
        one, other = (
            pq.read_table(tmp_path / folder / f"{name}.parquet")
            for folder in ("one", "other")
        )
        assert one.drop_columns(number) == other.drop_columns(number) and one != other
