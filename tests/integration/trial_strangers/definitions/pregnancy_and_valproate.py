# mypy: ignore-errors
"""Valproate prescribed to women who may have children, and pregnancies after it."""

from ehrql import INTERVAL, create_measures, days, months
from ehrql.tables.tpp import (
    clinical_events,
    medications,
    patients,
    practice_registrations,
)

VALPROATE = ["322351000", "13138811000001101"]
PREGNANT = ["77386006", "169560008", "289908002"]
PROGRAMME = ["1366401000000107"]
EPILEPSY = ["84757009", "313307000"]

rx = medications.where(medications.dmd_code.is_in(VALPROATE)).where(
    medications.date.is_during(INTERVAL)
)
last_rx = rx.sort_by(rx.date).last_for_patient()
pregnancy = clinical_events.where(clinical_events.snomedct_code.is_in(PREGNANT)).where(
    (clinical_events.date > last_rx.date)
    & (clinical_events.date <= last_rx.date + days(280))
)
programme = clinical_events.where(clinical_events.snomedct_code.is_in(PROGRAMME)).where(
    clinical_events.date.is_on_or_between(last_rx.date - months(12), last_rx.date)
)
epilepsy = clinical_events.where(clinical_events.snomedct_code.is_in(EPILEPSY)).where(
    clinical_events.date < last_rx.date
)
age = patients.age_on(INTERVAL.start_date)
women = (patients.sex == "female") & (age >= 12) & (age <= 55)
registered = practice_registrations.exists_for_patient_on(INTERVAL.start_date)

measures = create_measures()
measures.define_defaults(
    denominator=women & registered & rx.exists_for_patient(),
    intervals=months(9).starting_on("2020-01-01"),
)
measures.define_measure(
    "prescribed", numerator=rx.exists_for_patient(), denominator=women & registered
)
measures.define_measure("pregnant_after", numerator=pregnancy.exists_for_patient())
measures.define_measure("without_programme", numerator=~programme.exists_for_patient())
measures.define_measure(
    "no_epilepsy_and_pregnant",
    numerator=pregnancy.exists_for_patient() & ~epilepsy.exists_for_patient(),
)
