"""How many patients have their blood pressure taken, month by month?

This file is the definition of my-study: Python in the language that `cohortflow docs`
explains.
"""

from extractors import INTERVAL, codelist_from_csv, in_bands, months
from extractors.tables.core import clinical_events, patients, practice_registrations
from measures import create_measures

blood_pressure = codelist_from_csv("codelists/blood-pressure.csv", column="code")

# Who is counted: patients who are registered and alive on the first day of the month.
registered = practice_registrations.exists_for_patient_on(INTERVAL.start_date)
alive = patients.is_alive_on(INTERVAL.start_date)

# What is counted of them: at least one reading in the month.
readings = clinical_events.where(clinical_events.snomedct_code.is_in(blood_pressure))
this_month = readings.where(readings.date.is_during(INTERVAL))

age = patients.age_on(INTERVAL.start_date)
age_band = in_bands(age, [(0, 17), (18, 39), (40, 64), (65, None)])

measures = create_measures()
measures.define_defaults(
    numerator=this_month.exists_for_patient(),
    denominator=registered & alive,
    intervals=months(12).starting_on("2022-01-01"),
)
measures.define_measure("taken")
measures.define_measure("taken_by_sex", group_by={"sex": patients.sex})
measures.define_measure("taken_by_age", group_by={"age_band": age_band})

# A test on rows written by hand: `cohortflow test` runs it, and so does `check`. Of two
# patients who are registered all year, one has a reading in January, the other none.
records = {
    "patients": [
        {"patient_id": 1, "date_of_birth": "1980-01-01", "sex": "female"},
        {"patient_id": 2, "date_of_birth": "1950-06-01", "sex": "male"},
    ],
    "practice_registrations": [
        {"patient_id": 1, "start_date": "2020-03-01", "practice_pseudo_id": 1},
        {"patient_id": 2, "start_date": "2020-03-01", "practice_pseudo_id": 1},
    ],
    "clinical_events": [
        {"patient_id": 1, "date": "2022-01-15", "snomedct_code": "75367002"},
    ],
}
january = {
    "measure": "taken",
    "interval_start": "2022-01-01",
    "numerator": 1,
    "denominator": 2,
}
other = {"measure": "taken", "numerator": 0, "denominator": 2}
measures.test(records, [january] + [other] * 11)
