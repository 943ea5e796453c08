# mypy: ignore-errors
"""Antivirals and antibodies for people at risk who test positive."""

from ehrql import INTERVAL, claim_permissions, create_measures, days, weeks
from ehrql.tables.tpp import (
    covid_therapeutics,
    patients,
    practice_registrations,
    sgss_covid_all_tests,
)

claim_permissions("covid_therapeutics", "sgss_covid_all_tests")

positive = sgss_covid_all_tests.where(sgss_covid_all_tests.is_positive)
tested = (
    positive.where(positive.specimen_taken_date.is_during(INTERVAL))
    .sort_by(positive.specimen_taken_date)
    .first_for_patient()
)
earlier = positive.where(
    positive.specimen_taken_date.is_on_or_between(
        tested.specimen_taken_date - days(90), tested.specimen_taken_date - days(1)
    )
)
treated = covid_therapeutics.where(
    covid_therapeutics.covid_indication == "non_hospitalised"
).where(
    covid_therapeutics.treatment_start_date.is_on_or_between(
        tested.specimen_taken_date, tested.specimen_taken_date + days(5)
    )
)
approved = treated.where(
    treated.current_status.is_in(["Approved", "Treatment Complete"])
)
registered = practice_registrations.for_patient_on(
    INTERVAL.start_date
).exists_for_patient()
age = patients.age_on(INTERVAL.start_date)
new_case = tested.exists_for_patient() & ~earlier.exists_for_patient()

measures = create_measures()
measures.define_defaults(
    denominator=registered & (age >= 18) & (age < 110) & new_case,
    intervals=weeks(12).starting_on("2022-01-03"),
)
measures.define_measure("treated", numerator=treated.exists_for_patient())
measures.define_measure(
    "paxlovid",
    numerator=approved.where(approved.intervention == "Paxlovid").exists_for_patient(),
)
measures.define_measure(
    "sotrovimab_solid_organ",
    numerator=approved.where(approved.intervention == "Sotrovimab")
    .where(approved.risk_cohort.contains("solid organ"))
    .exists_for_patient(),
)
measures.define_measure("symptomatic", numerator=tested.was_symptomatic)
measures.define_measure(
    "reported_after_3_days",
    numerator=(tested.lab_report_date - tested.specimen_taken_date).days >= 3,
)
