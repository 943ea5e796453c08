# mypy: ignore-errors
"""Frail people in care homes or in the most deprived places."""

from ehrql import INTERVAL, create_measures, months
from ehrql.tables.tpp import (
    addresses,
    clinical_events,
    decision_support_values,
    medications,
    patients,
    practice_registrations,
)

FALL = ["161898004", "217082002"]
SEDATIVES = ["321151000", "321173002"]

frailty = decision_support_values.electronic_frailty_index()
frailty_before = frailty.where(
    frailty.calculation_date.is_on_or_before(INTERVAL.start_date)
)
index = (
    frailty_before.sort_by(frailty_before.calculation_date)
    .last_for_patient()
    .numeric_value
)
home = addresses.for_patient_on(INTERVAL.start_date)
registration = practice_registrations.for_patient_on(INTERVAL.start_date)
falls = clinical_events.where(clinical_events.snomedct_code.is_in(FALL)).where(
    clinical_events.date.is_during(INTERVAL)
)
sedatives = medications.where(medications.dmd_code.is_in(SEDATIVES)).where(
    medications.date.is_on_or_between(
        INTERVAL.start_date - months(3), INTERVAL.start_date
    )
)
age = patients.age_on(INTERVAL.start_date)

measures = create_measures()
measures.define_defaults(
    denominator=registration.exists_for_patient() & (age >= 65),
    intervals=months(8).starting_on("2021-01-01"),
)
measures.define_measure("severely_frail", numerator=index > 0.36)
measures.define_measure(
    "frail_in_nursing_homes",
    numerator=(index >= 0.24) & (index <= 0.36),
    denominator=registration.exists_for_patient()
    & (age >= 65)
    & home.care_home_requires_nursing,
)
measures.define_measure(
    "falls_among_the_deprived",
    numerator=falls.exists_for_patient(),
    denominator=registration.exists_for_patient()
    & (age >= 75)
    & (home.imd_quintile == "1 (most deprived)"),
)
measures.define_measure(
    "sedatives_rural_london",
    numerator=sedatives.count_for_patient() >= 3,
    denominator=(registration.practice_nuts1_region_name == "London")
    & home.rural_urban_classification.is_in([5, 6, 7, 8]),
)
