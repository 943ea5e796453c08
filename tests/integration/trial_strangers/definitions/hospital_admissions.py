# mypy: ignore-errors
"""Unplanned admissions, long stays, readmissions within 30 days."""

from ehrql import INTERVAL, create_measures, days, months
from ehrql.tables.tpp import apcs, patients, practice_registrations

EMERGENCY = ["21", "22", "23", "24", "25", "2A", "2B", "2C", "2D", "28"]
FALLS = ["W00", "W01", "W18", "W19"]
HIP = ["S720", "S721", "S722"]

admitted = apcs.where(apcs.admission_date.is_during(INTERVAL))
emergency = admitted.where(admitted.admission_method.is_in(EMERGENCY))
index = (
    emergency.where(emergency.patient_classification == "1")
    .sort_by(emergency.admission_date)
    .first_for_patient()
)
readmitted = apcs.where(
    (apcs.admission_date > index.discharge_date)
    & (apcs.admission_date <= index.discharge_date + days(30))
)
stay = (admitted.discharge_date - admitted.admission_date).days
registered = practice_registrations.exists_for_patient_on(INTERVAL.start_date)
age = patients.age_on(INTERVAL.start_date)

measures = create_measures()
measures.define_defaults(
    denominator=registered, intervals=months(12).starting_on("2019-01-01")
)
measures.define_measure(
    "emergency",
    numerator=emergency.exists_for_patient(),
    denominator=registered & (age >= 65),
)
measures.define_measure(
    "fall_with_hip_fracture",
    numerator=emergency.where(emergency.primary_diagnosis.is_in(HIP))
    .where(emergency.all_diagnoses.contains_any_of(FALLS))
    .exists_for_patient(),
)
measures.define_measure(
    "stay_of_three_weeks", numerator=admitted.where(stay >= 21).exists_for_patient()
)
measures.define_measure(
    "readmitted_in_30_days",
    numerator=readmitted.exists_for_patient(),
    denominator=registered & index.exists_for_patient(),
)
measures.define_measure(
    "critical_care",
    numerator=admitted.where(admitted.days_in_critical_care > 2).exists_for_patient(),
)
measures.define_measure(
    "hip_replacement_day_case",
    numerator=admitted.where(admitted.all_procedures.contains("W37"))
    .where(admitted.patient_classification == "2")
    .exists_for_patient(),
)
