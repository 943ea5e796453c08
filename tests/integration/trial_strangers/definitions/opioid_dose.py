# mypy: ignore-errors
"""High-dose and long-acting opioids, new starters and people with cancer left out."""

from ehrql import INTERVAL, create_measures, days, months
from ehrql.tables.tpp import (
    addresses,
    clinical_events,
    medications,
    ons_deaths,
    patients,
    practice_registrations,
)

HIGH = ["36126211000001102", "36128211000001105", "38896511000001108"]
LONG_ACTING = ["40815811000001102", "9525711000001104"]
ANY = [*HIGH, *LONG_ACTING, "42104811000001109", "322280009"]
CANCER = ["363346000", "269533000", "372087000"]

rx = medications.where(medications.date.is_during(INTERVAL))
ever_cancer = clinical_events.where(clinical_events.snomedct_code.is_in(CANCER)).where(
    clinical_events.date.is_on_or_between(
        INTERVAL.start_date - months(60), INTERVAL.end_date
    )
)
previous = medications.where(medications.dmd_code.is_in(ANY)).where(
    medications.date.is_on_or_between(
        INTERVAL.start_date - months(24), INTERVAL.start_date - days(1)
    )
)
home = addresses.for_patient_on(INTERVAL.start_date)
carehome = (
    home.care_home_is_potential_match
    | home.care_home_requires_nursing
    | home.care_home_does_not_require_nursing
)
registered = practice_registrations.exists_for_patient_on(INTERVAL.start_date)
alive = (
    patients.date_of_death.is_null() | (patients.date_of_death > INTERVAL.start_date)
) & (ons_deaths.date.is_null() | (ons_deaths.date > INTERVAL.start_date))
denominator = registered & alive & (patients.age_on(INTERVAL.start_date) >= 18)

measures = create_measures()
measures.define_defaults(intervals=months(10).starting_on("2018-01-01"))
measures.define_measure(
    "high_dose_without_cancer",
    numerator=rx.where(rx.dmd_code.is_in(HIGH)).exists_for_patient(),
    denominator=denominator & ~ever_cancer.exists_for_patient(),
)
measures.define_measure(
    "long_acting_in_care_homes",
    numerator=rx.where(rx.dmd_code.is_in(LONG_ACTING)).exists_for_patient(),
    denominator=denominator & carehome & (patients.age_on(INTERVAL.start_date) >= 60),
)
measures.define_measure(
    "new_users",
    numerator=rx.where(rx.dmd_code.is_in(ANY)).exists_for_patient(),
    denominator=denominator & ~previous.exists_for_patient(),
)
measures.define_measure(
    "with_cancer",
    numerator=rx.where(rx.dmd_code.is_in(ANY)).exists_for_patient(),
    denominator=denominator
    & ever_cancer.exists_for_patient()
    & (patients.sex == "female"),
)
