"""The latest blood pressure of every adult: one row for each patient.

This file is the definition of my-study: Python in the language that `cohortflow docs`
explains.
"""

from extractors import codelist_from_csv, create_dataset
from extractors.tables.core import clinical_events, patients, practice_registrations

blood_pressure = codelist_from_csv("codelists/blood-pressure.csv", column="code")
day = "2022-01-01"

dataset = create_dataset()

# Whom it is about: adults who are registered and alive on the day.
age = patients.age_on(day)
dataset.define_population(
    practice_registrations.exists_for_patient_on(day)
    & patients.is_alive_on(day)
    & (age >= 18)
)

# What it holds of each: a column for each line.
dataset.age = age
dataset.sex = patients.sex

readings = clinical_events.where(clinical_events.snomedct_code.is_in(blood_pressure))
before = readings.where(readings.date.is_on_or_before(day))
latest = before.sort_by(before.date).last_for_patient()
dataset.latest_reading = latest.date
dataset.readings = before.count_for_patient()

# A test on rows written by hand: `cohortflow test` runs it, and so does `check`.
records = {
    "patients": [
        {"patient_id": 1, "date_of_birth": "1980-01-01", "sex": "female"},
        {"patient_id": 2, "date_of_birth": "2010-06-01", "sex": "male"},
    ],
    "practice_registrations": [
        {"patient_id": 1, "start_date": "2020-03-01", "practice_pseudo_id": 1},
        {"patient_id": 2, "start_date": "2020-03-01", "practice_pseudo_id": 1},
    ],
    "clinical_events": [
        {"patient_id": 1, "date": "2021-05-03", "snomedct_code": "75367002"},
    ],
}
dataset.test(
    records,
    [{"patient_id": 1, "age": 42, "latest_reading": "2021-05-03", "readings": 1}],
)
