# mypy: ignore-errors
"""Asthma: reviews, inhalers ordered too often, steroids in short courses."""

from ehrql import INTERVAL, create_measures, days, months, years
from ehrql.tables.tpp import (
    clinical_events,
    medications,
    patients,
    practice_registrations,
)

ASTHMA = ["195967001", "304527002", "389145006"]
RESOLVED = ["162660004"]
REVIEW = ["394700004", "394720003", "401182001", "401183006"]
SABA = ["35936411000001109", "39113611000001102", "13566111000001109"]
STEROIDS = ["325426006", "325427002"]

before = clinical_events.where(clinical_events.date.is_on_or_before(INTERVAL.end_date))
diagnosed = (
    before.where(before.snomedct_code.is_in(ASTHMA))
    .sort_by(before.date)
    .last_for_patient()
)
resolved = (
    before.where(before.snomedct_code.is_in(RESOLVED))
    .sort_by(before.date)
    .last_for_patient()
)
has_asthma = diagnosed.exists_for_patient() & (
    resolved.date.is_null() | (resolved.date < diagnosed.date)
)
year = medications.where(
    medications.date.is_on_or_between(INTERVAL.end_date - years(1), INTERVAL.end_date)
)
registered = practice_registrations.spanning(
    INTERVAL.end_date - months(12), INTERVAL.end_date
).exists_for_patient()
age = patients.age_on(INTERVAL.end_date)

measures = create_measures()
measures.define_defaults(
    denominator=registered & has_asthma & (age >= 6),
    intervals=months(6).starting_on("2020-07-01"),
)
measures.define_measure(
    "reviewed",
    numerator=before.where(before.snomedct_code.is_in(REVIEW))
    .where(before.date > INTERVAL.end_date - years(1))
    .exists_for_patient(),
    group_by={"sex": patients.sex},
)
measures.define_measure(
    "six_reliever_inhalers",
    numerator=year.where(year.dmd_code.is_in(SABA)).count_for_patient() >= 6,
)
measures.define_measure(
    "steroid_courses",
    numerator=year.where(year.dmd_code.is_in(STEROIDS)).date.count_episodes_for_patient(
        days(14)
    )
    >= 2,
)
measures.define_measure(
    "resolved_this_month",
    numerator=resolved.date.is_during(INTERVAL),
    denominator=registered & resolved.exists_for_patient(),
)
