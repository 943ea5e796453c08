# mypy: ignore-errors
"""Hypertension managed as the QOF asks."""

from ehrql import INTERVAL, create_measures, months
from ehrql.tables.tpp import clinical_events, patients, practice_registrations

HYPERTENSION = ["59621000", "38341003", "78975002"]
SYSTOLIC = ["271649006", "72313002"]
DIASTOLIC = ["271650006", "1091811000000102"]
DECLINED = ["413122001", "716731000000106"]
UNSUITABLE = ["407566001"]

before = clinical_events.where(clinical_events.date.is_on_or_before(INTERVAL.end_date))
recent = clinical_events.where(
    clinical_events.date.is_on_or_between(
        INTERVAL.end_date - months(11), INTERVAL.end_date
    )
)
latest_systolic = (
    recent.where(recent.snomedct_code.is_in(SYSTOLIC))
    .sort_by(recent.date)
    .last_for_patient()
)
latest_diastolic = (
    recent.where(recent.snomedct_code.is_in(DIASTOLIC))
    .sort_by(recent.date)
    .last_for_patient()
)
first_diagnosis = (
    before.where(before.snomedct_code.is_in(HYPERTENSION))
    .sort_by(before.date)
    .first_for_patient()
)
registration = practice_registrations.for_patient_on(INTERVAL.end_date)
register = registration.exists_for_patient() & first_diagnosis.exists_for_patient()
age = patients.age_on(INTERVAL.end_date)
declined = recent.where(recent.snomedct_code.is_in(DECLINED)).exists_for_patient()
unsuitable = recent.where(recent.snomedct_code.is_in(UNSUITABLE)).exists_for_patient()
recently_diagnosed = first_diagnosis.date > INTERVAL.end_date - months(9)
recently_registered = registration.start_date > INTERVAL.end_date - months(9)
controlled = (latest_systolic.numeric_value <= 140) & (
    latest_diastolic.numeric_value <= 90
)

measures = create_measures()
measures.define_defaults(intervals=months(12).starting_on("2021-04-01"))
measures.define_measure(
    "register",
    numerator=register,
    denominator=registration.exists_for_patient() & (age >= 18),
)
measures.define_measure(
    "hyp003",
    numerator=controlled,
    denominator=register
    & (age <= 79)
    & ~declined
    & ~unsuitable
    & ~recently_diagnosed
    & ~recently_registered,
)
measures.define_measure(
    "hyp007",
    numerator=(latest_systolic.numeric_value <= 150)
    & (latest_diastolic.numeric_value <= 90),
    denominator=register & (age >= 80) & ~declined & ~recently_diagnosed,
)
measures.define_measure(
    "excluded_declined",
    numerator=declined & ~(controlled.when_null_then(False)),
    denominator=register,
)
measures.define_measure(
    "very_high",
    numerator=(latest_systolic.numeric_value >= 180)
    | (latest_diastolic.numeric_value >= 110),
    denominator=register,
)
