# mypy: ignore-errors
"""Respiratory infections seen by the practice, in emergency departments and in
hospital.
"""

from ehrql import INTERVAL, case, claim_permissions, create_measures, days, weeks, when
from ehrql.tables.tpp import (
    apcs,
    appointments,
    clinical_events,
    emergency_care_attendances,
    patients,
    practice_registrations,
)

claim_permissions("appointments")
FLU = ["6142004", "719590007", "408687004"]
RSV = ["55735004", "79479005"]

coded = clinical_events.where(clinical_events.date.is_during(INTERVAL)).where(
    clinical_events.snomedct_code.is_in(FLU + RSV)
)
first = coded.sort_by(coded.date).first_for_patient()
attended = emergency_care_attendances.where(
    emergency_care_attendances.arrival_date.is_on_or_between(
        first.date, first.date + days(7)
    )
).where(
    emergency_care_attendances.diagnosis_01.is_in(FLU)
    | emergency_care_attendances.diagnosis_02.is_in(FLU)
)
admitted = apcs.where(apcs.admission_date.is_during(INTERVAL)).where(
    apcs.primary_diagnosis.is_in(["J09", "J100", "J101", "J111"])
    | apcs.secondary_diagnosis.is_in(["J210", "B974"])
)
visit = appointments.where(
    appointments.seen_date.is_on_or_between(first.date - days(2), first.date + days(2))
).where(appointments.status == "Finished")
months_old = (INTERVAL.start_date - patients.date_of_birth).months
infant = (months_old >= 0) & (months_old <= 23)
registered = practice_registrations.for_patient_on(
    INTERVAL.start_date
).exists_for_patient() & patients.is_alive_on(INTERVAL.start_date)
age_band = case(
    when(infant).then("0-1"),
    when(patients.age_on(INTERVAL.start_date) < 65).then("2-64"),
    when(patients.age_on(INTERVAL.start_date) >= 65).then("65+"),
)

measures = create_measures()
measures.define_defaults(
    denominator=registered, intervals=weeks(26).starting_on("2022-10-03")
)
measures.define_measure(
    "flu_or_rsv", numerator=coded.exists_for_patient(), group_by={"age_band": age_band}
)
measures.define_measure(
    "infants_rsv",
    numerator=coded.where(coded.snomedct_code.is_in(RSV)).exists_for_patient(),
    denominator=registered & infant,
)
measures.define_measure(
    "emergency_after_code",
    numerator=attended.exists_for_patient(),
    denominator=registered & coded.exists_for_patient(),
)
measures.define_measure(
    "admitted",
    numerator=admitted.exists_for_patient(),
    denominator=registered & (age_band == "65+"),
)
measures.define_measure(
    "seen_about_then",
    numerator=visit.exists_for_patient(),
    denominator=registered & coded.exists_for_patient(),
)
