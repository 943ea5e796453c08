# mypy: ignore-errors
"""How long patients of a practice wait for an appointment, and how many are kept."""

from ehrql import INTERVAL, case, claim_permissions, create_measures, months, when
from ehrql.tables.tpp import appointments, patients, practice_registrations

claim_permissions("appointments")

during = appointments.where(appointments.start_date.is_during(INTERVAL))
lead_time = (during.start_date - during.booked_date).days
kept = during.where(
    during.status.is_in(["Arrived", "In Progress", "Finished", "Visit"])
)
kept_lead_time = (kept.start_date - kept.booked_date).days
registered = practice_registrations.for_patient_on(
    INTERVAL.start_date
).exists_for_patient()
adult = patients.age_on(INTERVAL.start_date) >= 18
alive = (
    patients.date_of_death.is_after(INTERVAL.start_date)
    | patients.date_of_death.is_null()
)
band = case(
    when(patients.age_on(INTERVAL.start_date) < 40).then("18-39"),
    when(patients.age_on(INTERVAL.start_date) < 65).then("40-64"),
    otherwise="65+",
)

measures = create_measures()
measures.define_defaults(
    denominator=registered & adult & alive,
    intervals=months(12).starting_on("2022-01-01"),
)
measures.define_measure(
    "same_day", numerator=during.where(lead_time == 0).exists_for_patient()
)
measures.define_measure(
    "within_two_weeks",
    numerator=kept.where(
        (kept_lead_time >= 1) & (kept_lead_time <= 14)
    ).count_for_patient(),
    group_by={"age": band},
)
measures.define_measure(
    "over_four_weeks",
    numerator=during.where(lead_time > 28).count_for_patient(),
)
measures.define_measure(
    "missed_twice",
    numerator=during.where(during.status == "Did Not Attend").count_for_patient() >= 2,
)
measures.define_measure(
    "cancelled_by_unit",
    numerator=during.where(
        during.status.is_in(["Cancelled by Unit", "Cancelled by Other Service"])
    ).exists_for_patient(),
    denominator=registered & during.exists_for_patient(),
)
