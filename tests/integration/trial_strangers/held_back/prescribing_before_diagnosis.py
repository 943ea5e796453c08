# mypy: ignore-errors
"""Chains over tables: symptom, referral, test, drug and diagnosis, each some days after
the last.
"""

from ehrql import INTERVAL, case, create_measures, days, months, when, years
from ehrql.tables.tpp import (
    apcs,
    clinical_events,
    medications,
    opa_diag,
    patients,
    practice_registrations,
)

BREATHLESS = ["267036007", "230145002"]
BNP = ["1013321000000101", "390919004"]
ECHO = ["40701008"]
HEART_FAILURE = ["84114007", "42343007"]
ACE = ["318885006", "318820009"]
LOOP = ["317971007", "317972000"]

diagnosis = (
    clinical_events.where(clinical_events.snomedct_code.is_in(HEART_FAILURE))
    .sort_by(clinical_events.date)
    .first_for_patient()
)
diagnosed = diagnosis.date.is_during(INTERVAL)
events = clinical_events.where(clinical_events.date < diagnosis.date)
symptom = (
    events.where(events.snomedct_code.is_in(BREATHLESS))
    .where(events.date >= diagnosis.date - years(1))
    .sort_by(events.date)
    .first_for_patient()
)
bnp = (
    events.where(events.snomedct_code.is_in(BNP))
    .where(events.date > symptom.date)
    .sort_by(events.date)
    .first_for_patient()
)
echo = events.where(events.snomedct_code.is_in(ECHO)).where(
    events.date.is_on_or_between(bnp.date, bnp.date + days(42))
)
loop = medications.where(medications.dmd_code.is_in(LOOP)).where(
    medications.date.is_on_or_between(symptom.date, diagnosis.date)
)
ace = (
    medications.where(medications.dmd_code.is_in(ACE))
    .where(medications.date > diagnosis.date)
    .sort_by(medications.date)
    .first_for_patient()
)
clinic = opa_diag.where(
    opa_diag.primary_diagnosis_code.is_in(["I500", "I501", "I509"])
).where(
    opa_diag.appointment_date.is_on_or_between(
        diagnosis.date - days(14), diagnosis.date + days(14)
    )
)
emergency = apcs.where(
    apcs.admission_date.is_on_or_between(diagnosis.date - days(7), diagnosis.date)
).where(apcs.admission_method.is_in(["21", "22"]))
registered = practice_registrations.spanning(
    INTERVAL.start_date - years(1), INTERVAL.start_date
).exists_for_patient()
delay = (diagnosis.date - symptom.date).days
route = case(
    when(emergency.exists_for_patient()).then("emergency"),
    when(clinic.exists_for_patient()).then("clinic"),
    otherwise="other",
)

measures = create_measures()
measures.define_defaults(
    denominator=registered & diagnosed, intervals=months(12).starting_on("2019-06-01")
)
measures.define_measure("delay_over_six_months", numerator=delay > 182)
measures.define_measure("echo_in_six_weeks", numerator=echo.exists_for_patient())
measures.define_measure("high_bnp_before", numerator=bnp.numeric_value >= 400)
measures.define_measure(
    "loop_before",
    numerator=loop.exists_for_patient(),
    denominator=registered & diagnosed & symptom.exists_for_patient(),
)
measures.define_measure(
    "ace_within_30_days", numerator=(ace.date - diagnosis.date).days <= 30
)
measures.define_measure("emergency_route", numerator=route == "emergency")
measures.define_measure(
    "clinic_route",
    numerator=route == "clinic",
    denominator=registered & diagnosed & (patients.age_on(diagnosis.date) >= 75),
)
