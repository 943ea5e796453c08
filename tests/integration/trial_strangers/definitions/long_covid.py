# mypy: ignore-errors
"""Long COVID coded after a positive test or an admission."""

from ehrql import INTERVAL, claim_permissions, create_measures, minimum_of, weeks
from ehrql.tables.tpp import (
    apcs,
    clinical_events,
    patients,
    practice_registrations,
    sgss_covid_all_tests,
    vaccinations,
)

claim_permissions("sgss_covid_all_tests")
LONG_COVID = ["1325161000000102", "1325181000000106", "1325021000000106"]
COVID = ["1240751000000100"]

first_test = (
    sgss_covid_all_tests.where(sgss_covid_all_tests.is_positive)
    .sort_by(sgss_covid_all_tests.specimen_taken_date)
    .first_for_patient()
    .specimen_taken_date
)
first_code = (
    clinical_events.where(clinical_events.snomedct_code.is_in(COVID))
    .sort_by(clinical_events.date)
    .first_for_patient()
    .date
)
covid_admission = (
    apcs.where(apcs.all_diagnoses.contains("U071"))
    .sort_by(apcs.admission_date)
    .first_for_patient()
)
infection = minimum_of(first_test, first_code, covid_admission.admission_date)
long_covid = (
    clinical_events.where(clinical_events.snomedct_code.is_in(LONG_COVID))
    .sort_by(clinical_events.date)
    .first_for_patient()
)
doses = vaccinations.where(vaccinations.target_disease.contains("CORONAVIRUS")).where(
    vaccinations.date < infection
)
registered = practice_registrations.exists_for_patient_on(INTERVAL.start_date)
age = patients.age_on("2020-11-01")

measures = create_measures()
measures.define_defaults(
    denominator=registered & (age >= 18) & infection.is_on_or_before(INTERVAL.end_date),
    intervals=weeks(16).starting_on("2021-01-04"),
)
measures.define_measure(
    "long_covid_in_week", numerator=long_covid.date.is_during(INTERVAL)
)
measures.define_measure(
    "after_twelve_weeks", numerator=(long_covid.date - infection).days >= 84
)
measures.define_measure(
    "admitted",
    numerator=covid_admission.admission_date.is_on_or_before(INTERVAL.end_date)
    & (covid_admission.days_in_critical_care >= 1),
)
measures.define_measure("two_doses_before", numerator=doses.count_for_patient() >= 2)
