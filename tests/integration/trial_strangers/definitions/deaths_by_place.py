# mypy: ignore-errors
"""Deaths by cause and place, and what was prescribed in the last three months."""

from ehrql import INTERVAL, create_measures, days, months
from ehrql.tables.tpp import medications, ons_deaths, patients, practice_registrations

CANCER = ["C349", "C509", "C61", "C189"]
MORPHINE = ["36129311000001109", "42099211000001105"]

died = ons_deaths.date.is_during(INTERVAL)
registered = practice_registrations.exists_for_patient_on(ons_deaths.date - days(90))
last_months = medications.where(
    medications.date.is_on_or_between(ons_deaths.date - days(90), ons_deaths.date)
)
age = patients.age_on(ons_deaths.date)

measures = create_measures()
measures.define_defaults(
    denominator=died & registered, intervals=months(12).starting_on("2020-03-01")
)
measures.define_measure("at_home", numerator=ons_deaths.place == "Home")
measures.define_measure(
    "covid_in_care_home",
    numerator=ons_deaths.cause_of_death_is_in(["U071", "U072"])
    & (ons_deaths.place == "Care Home"),
)
measures.define_measure(
    "cancer_in_hospice",
    numerator=ons_deaths.place == "Hospice",
    denominator=died & ons_deaths.underlying_cause_of_death.is_in(CANCER),
)
measures.define_measure(
    "morphine_at_the_end",
    numerator=last_months.where(
        last_months.dmd_code.is_in(MORPHINE)
    ).exists_for_patient(),
)
measures.define_measure(
    "dementia_before_65",
    numerator=ons_deaths.underlying_cause_of_death.is_in(["F03", "G309"]) & (age < 65),
)
