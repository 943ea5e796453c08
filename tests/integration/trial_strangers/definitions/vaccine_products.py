# mypy: ignore-errors
"""Doses of COVID-19 vaccine by product and the gap between them; flu vaccine beside
them.
"""

from ehrql import INTERVAL, claim_permissions, create_measures, days, weeks
from ehrql.tables.tpp import (
    occupation_on_covid_vaccine_record,
    patients,
    practice_registrations,
    vaccinations,
)

claim_permissions("occupation_on_covid_vaccine_record")

covid = vaccinations.where(vaccinations.target_disease == "SARS-2 CORONAVIRUS").sort_by(
    vaccinations.date
)
first = covid.first_for_patient()
second = (
    covid.where(covid.date > first.date + days(19))
    .sort_by(covid.date)
    .first_for_patient()
)
third = (
    covid.where(covid.date > second.date + days(55))
    .sort_by(covid.date)
    .first_for_patient()
)
flu = vaccinations.where(vaccinations.target_disease == "INFLUENZA")
pfizer = (
    "COVID-19 mRNA Vaccine Comirnaty 30micrograms/0.3ml dose conc for susp for inj "
    "MDV (Pfizer)"
)
az = "COVID-19 Vaccine Vaxzevria 0.5ml inj multidose vials (AstraZeneca)"
age = patients.age_on("2021-03-31")
registered = practice_registrations.exists_for_patient_on(INTERVAL.end_date)
healthcare = occupation_on_covid_vaccine_record.where(
    occupation_on_covid_vaccine_record.is_healthcare_worker
).exists_for_patient()

measures = create_measures()
measures.define_defaults(
    denominator=registered & (age >= 16) & (age < 120),
    intervals=weeks(10).starting_on("2021-03-01"),
)
measures.define_measure(
    "first_dose_pfizer",
    numerator=first.date.is_during(INTERVAL) & (first.product_name == pfizer),
)
measures.define_measure(
    "second_dose_after_first_az",
    numerator=second.date.is_during(INTERVAL)
    & (first.product_name == az)
    & (second.product_name == az),
    denominator=registered & first.date.is_before(INTERVAL.start_date),
)
measures.define_measure(
    "flu_in_season_over_80",
    numerator=flu.where(
        flu.date.is_on_or_between("2020-09-01", INTERVAL.end_date)
    ).exists_for_patient(),
    denominator=registered & (age >= 80),
)
measures.define_measure(
    "moderna_healthcare_workers",
    numerator=covid.where(covid.product_name.contains("Moderna"))
    .where(covid.date <= INTERVAL.end_date)
    .exists_for_patient(),
    denominator=registered & healthcare,
)
measures.define_measure(
    "fully_vaccinated_two_weeks",
    numerator=(second.date + days(14)) <= INTERVAL.end_date,
)
measures.define_measure(
    "third_dose", numerator=third.date.is_on_or_before(INTERVAL.end_date)
)
