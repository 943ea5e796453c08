"""Trial records with witnesses: the same every time, by everybody's rules, and left
alone where none are needed.
"""

import datetime
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest

from extractors.language.dataset import patient_node
from extractors.planner.needs import table_needs
from extractors.tables import tpp
from extractors.trial import write_trial, writing
from extractors.trial.definition import wishes_of
from extractors.trial.wishes import Target
from flows.preparing.options import Options
from flows.preparing.prepare import prepare
from measures.standin.ehrql import INTERVAL, days
from tests.lib.trial_wishes import read

events: Any = tpp.clinical_events
stays: Any = tpp.apcs
people: Any = tpp.patients
registrations: Any = tpp.practice_registrations
waits: Any = tpp.wl_openpathways
PERIODS = tuple(
    (datetime.date(2021, month, 1), datetime.date(2021, month, 28))
    for month in range(1, 7)
)
CODES = ["195967001", "304527002"]
PATIENTS = 1_500


def wishes():
    """Somebody over 80 who is admitted, and then has a code for the first time and
    waits for something urgent.
    """
    stay = (
        stays.where(stays.admission_date.is_during(INTERVAL))
        .sort_by(stays.admission_date)
        .first_for_patient()
    )
    coded = (
        events.where(events.snomedct_code.is_in(CODES))
        .sort_by(events.date)
        .first_for_patient()
    )
    urgent = waits.where(waits.priority_type_code == "two week wait").where(
        waits.week_ending_date > coded.date
    )
    registered = registrations.exists_for_patient_on(INTERVAL.start_date)
    conditions = [
        registered
        & (people.age_on(INTERVAL.start_date) >= 80)
        & (stay.patient_classification == "1"),
        (coded.date > stay.discharge_date + days(3)) & urgent.exists_for_patient(),
    ]
    others = (
        registrations.practice_nuts1_region_name,
        stays.primary_diagnosis,
        waits.source_of_referral,
    )
    roots = [patient_node(each, "a series") for each in conditions]
    more = [
        patient_node(each.count_distinct_for_patient(), "a series") for each in others
    ]
    return wishes_of(
        table_needs([*roots, *more]),
        [*roots, *more],
        PERIODS[0][0],
        PERIODS[-1][1],
        [Target(tuple(roots), PERIODS)],
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("witnesses") / "records"
    write_trial(folder, wishes(), patients=PATIENTS)
    return folder


def witnesses(folder):
    """Patients with all that is asked for, whatever the period; worked out in
    pandas.
    """
    found = read(folder, "clinical_events")
    coded = (
        found[found.snomedct_code.isin(CODES)]
        .groupby("patient_id")
        .date.min()
        .rename("coded")
        .reset_index()
    )
    stay = (
        read(folder, "apcs")
        .query("patient_classification == '1'")
        .merge(coded, on="patient_id")
    )
    stay = stay[
        (stay.coded > stay.discharge_date + pd.Timedelta(days=3))
        & (stay.admission_date >= "2021-01-01")
    ]
    wait = read(folder, "wl_openpathways").query(
        "priority_type_code == 'two week wait'"
    )
    return set(
        stay.merge(wait, on="patient_id").query("week_ending_date > coded").patient_id
    )


def test_there_are_witnesses_where_hardly_anybody_would_be_one(written, tmp_path):
    without = wishes()
    object.__setattr__(without, "targets", ())
    write_trial(tmp_path / "without", without, patients=PATIENTS)
    assert len(witnesses(tmp_path / "without")) < 5 and len(witnesses(written)) > 25


def test_the_same_arguments_give_the_same_bytes_in_any_process(
    written, tmp_path, monkeypatch
):
    write_trial(tmp_path / "again", wishes(), patients=PATIENTS)
    assert contents(tmp_path / "again") == contents(written)
    monkeypatch.setattr(writing, "PATIENTS_AT_ONCE", 600)
    for processes in (1, 2):
        write_trial(
            tmp_path / str(processes), wishes(), patients=PATIENTS, processes=processes
        )
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*.parquet")
    }


def test_promises_of_the_tables_are_kept(written):
    for schema in wishes().tables:
        rows = read(written, schema.name)
        assert (
            rows.patient_id.is_monotonic_increasing
            and rows.patient_id.between(1, PATIENTS).all()
        )
        assert not (schema.one_row and rows.patient_id.duplicated().any())
        for column in schema.columns:
            values = rows[column.name]
            present = values.dropna()
            assert len(present) and not (column.required and len(present) < len(values))
            assert not column.categories or set(present) <= set(column.categories)
            assert not column.pattern or all(
                re.fullmatch(column.pattern, text) for text in set(present)
            )
            assert not column.first_of_month or (present.dt.day == 1).all()


def test_nobody_has_rows_from_before_birth(written):
    born = read(written, "patients").set_index("patient_id").date_of_birth
    for table, day in (
        ("clinical_events", "date"),
        ("apcs", "admission_date"),
        ("wl_openpathways", "week_ending_date"),
    ):
        rows = read(written, table).dropna(subset=[day])
        assert (rows[day].to_numpy() >= born[rows.patient_id].to_numpy()).all()


def test_most_people_are_no_witnesses(written):
    share = len(np.unique(list(witnesses(written)))) / PATIENTS
    assert share < 0.4


def test_home_monitoring_needs_no_witnesses(tmp_path):
    records = prepare(Options("nhs_at_home", workspace=str(tmp_path))).records
    assert records.wishes is not None and records.wishes.targets == ()
