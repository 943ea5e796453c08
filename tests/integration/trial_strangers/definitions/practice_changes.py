# mypy: ignore-errors
"""People who join and leave practices."""

from ehrql import INTERVAL, create_measures, days, months
from ehrql.tables.tpp import clinical_events, patients, practice_registrations

HEALTH_CHECK = ["171253003"]

joined = practice_registrations.where(
    practice_registrations.start_date.is_during(INTERVAL)
)
left = practice_registrations.where(practice_registrations.end_date.is_during(INTERVAL))
last = joined.sort_by(joined.start_date).last_for_patient()
check = clinical_events.where(clinical_events.snomedct_code.is_in(HEALTH_CHECK)).where(
    clinical_events.date.is_on_or_between(last.start_date, last.start_date + days(60))
)
present = practice_registrations.spanning_with_systmone(
    INTERVAL.start_date, INTERVAL.end_date
).exists_for_patient()
age = patients.age_on(INTERVAL.start_date)

measures = create_measures()
measures.define_defaults(
    denominator=patients.is_alive_on(INTERVAL.end_date) & (age >= 0),
    intervals=months(12).starting_on("2019-01-01"),
)
measures.define_measure("joined", numerator=joined.exists_for_patient())
measures.define_measure("left", numerator=left.exists_for_patient())
measures.define_measure(
    "health_check_on_joining",
    numerator=check.exists_for_patient(),
    denominator=joined.exists_for_patient() & (age >= 15),
)
measures.define_measure(
    "infants_present", numerator=present, denominator=(age >= 0) & (age < 1)
)
measures.define_measure(
    "in_stp",
    numerator=last.practice_stp == "E54000024",
    denominator=joined.exists_for_patient(),
)
