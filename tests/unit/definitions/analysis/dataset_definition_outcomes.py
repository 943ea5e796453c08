# mypy: ignore-errors
from codelists import covid_icd10, mi_icd10
from ehrql import case, create_dataset, maximum_of, minimum_of, when
from ehrql.tables.tpp import (
    apcs,
    emergency_care_attendances,
    ons_deaths,
    patients,
    practice_registrations,
)

index_date = "2020-03-01"
end_date = "2020-12-31"
EMERGENCY = ["21", "22", "23", "24", "25", "2A", "2B", "2C", "2D", "28"]

dataset = create_dataset()
registered = practice_registrations.for_patient_on(index_date)
dataset.define_population(
    registered.exists_for_patient() & (patients.age_on(index_date) < 110)
)

in_study = apcs.where(apcs.admission_date.is_on_or_between(index_date, end_date))

covid_admissions = in_study.where(
    in_study.all_diagnoses.contains_any_of(covid_icd10)
).where(in_study.admission_method.is_in(EMERGENCY))
first_covid_admission = covid_admissions.sort_by(
    covid_admissions.admission_date
).first_for_patient()
dataset.covid_admission_date = first_covid_admission.admission_date
dataset.length_of_stay = (
    first_covid_admission.discharge_date - first_covid_admission.admission_date
).days
dataset.critical_care = first_covid_admission.days_in_critical_care > 0
dataset.mi_admissions = in_study.where(
    apcs.primary_diagnosis.is_in(mi_icd10)
).count_for_patient()
dataset.mi_anywhere = in_study.where(
    apcs.all_diagnoses.contains("I21")
).exists_for_patient()
dataset.operated = in_study.where(
    in_study.all_procedures.contains("K40")
).exists_for_patient()

dataset.attended_ae = emergency_care_attendances.where(
    emergency_care_attendances.arrival_date.is_during((index_date, end_date))
).exists_for_patient()

dataset.death_date = ons_deaths.date
dataset.died_of_covid = ons_deaths.cause_of_death_is_in(
    covid_icd10
) & ons_deaths.date.is_on_or_between(index_date, end_date)
dataset.underlying_covid = ons_deaths.underlying_cause_of_death.is_in(covid_icd10)
dataset.place = ons_deaths.place

dataset.first_outcome = minimum_of(dataset.covid_admission_date, dataset.death_date)
dataset.censor_date = minimum_of(dataset.death_date, registered.end_date, end_date)
dataset.follow_up = (dataset.censor_date - index_date).days + 1
dataset.last_contact = maximum_of(
    in_study.admission_date.maximum_for_patient(),
    in_study.discharge_date.maximum_for_patient(),
)
dataset.outcome = case(
    when(dataset.first_outcome.is_null()).then("none"),
    when(dataset.first_outcome == dataset.death_date).then("death"),
    otherwise="admission",
)
