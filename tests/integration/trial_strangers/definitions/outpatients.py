# mypy: ignore-errors
"""Outpatient appointments by specialty, medium and attendance, with procedures."""

from ehrql import INTERVAL, create_measures, months
from ehrql.tables.tpp import opa, opa_proc, patients, practice_registrations

seen = opa.where(opa.appointment_date.is_during(INTERVAL)).where(
    opa.attendance_status.is_in(["5", "6"])
)
missed = opa.where(opa.appointment_date.is_during(INTERVAL)).where(
    opa.attendance_status == "3"
)
remote = seen.where(seen.consultation_medium_used.is_in(["02", "03"]))
first = seen.where(seen.first_attendance.is_in(["1", "3"]))
waited = (first.appointment_date - first.referral_request_received_date).days
endoscopy = opa_proc.where(
    opa_proc.primary_procedure_code.is_in(["G451", "G459", "H229"])
).where(opa_proc.appointment_date.is_during(INTERVAL))
registered = practice_registrations.exists_for_patient_on(INTERVAL.start_date)

measures = create_measures()
measures.define_defaults(
    denominator=registered & (patients.sex == "male"),
    intervals=months(12).starting_on("2020-01-01"),
)
measures.define_measure(
    "cardiology",
    numerator=seen.where(seen.treatment_function_code == "320").exists_for_patient(),
)
measures.define_measure("remote", numerator=remote.count_for_patient())
measures.define_measure("missed", numerator=missed.exists_for_patient())
measures.define_measure(
    "first_after_90_days", numerator=first.where(waited > 90).exists_for_patient()
)
measures.define_measure(
    "endoscopy_linked",
    numerator=seen.where(
        seen.opa_ident.is_in(endoscopy.opa_ident)
    ).exists_for_patient(),
)
