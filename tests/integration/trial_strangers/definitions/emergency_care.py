# mypy: ignore-errors
"""Attendances at emergency departments, by diagnosis and where people go afterwards."""

from functools import reduce
from operator import or_

from ehrql import INTERVAL, create_measures, days, months
from ehrql.tables.tpp import apcs, emergency_care_attendances, patients

SELF_HARM = ["248062006", "7895008", "72431002"]
HOME = ["306689006", "306691003"]
WARD = ["1066331000000109", "306706006"]

attended = emergency_care_attendances.where(
    emergency_care_attendances.arrival_date.is_during(INTERVAL)
)
any_diagnosis = reduce(
    or_, [getattr(attended, f"diagnosis_{n:02}").is_in(SELF_HARM) for n in range(1, 13)]
)
last = attended.sort_by(attended.arrival_date).last_for_patient()
admitted = apcs.where(
    apcs.admission_date.is_on_or_between(last.arrival_date, last.arrival_date + days(1))
)
age = patients.age_on(INTERVAL.start_date)

measures = create_measures()
measures.define_defaults(
    denominator=patients.exists_for_patient() & (age >= 10) & (age < 25),
    intervals=months(8).starting_on("2021-01-01"),
)
measures.define_measure(
    "self_harm", numerator=attended.where(any_diagnosis).exists_for_patient()
)
measures.define_measure("twice", numerator=attended.count_for_patient() >= 2)
measures.define_measure(
    "sent_home",
    numerator=last.discharge_destination.is_in(HOME),
    denominator=last.exists_for_patient(),
)
measures.define_measure(
    "admitted_next_day",
    numerator=admitted.exists_for_patient(),
    denominator=last.discharge_destination.is_in(WARD),
)
