# mypy: ignore-errors
from ehrql import case, codelist_from_csv, create_dataset, days, show, when
from ehrql.tables.tpp import (
    addresses,
    clinical_events,
    patients,
    practice_registrations,
)

index_date = "2022-04-01"

dataset = create_dataset()
dataset.configure_dummy_data(population_size=1000)

ethnicity_codelist = codelist_from_csv(
    "codelists/opensafely-ethnicity-snomed-0removed.csv",
    column="snomedcode",
    category_column="Grouping_6",
)

# Population
age = patients.age_on(index_date)
registration = practice_registrations.for_patient_on(index_date)
has_registration = registration.exists_for_patient()
registered_for_a_year = practice_registrations.spanning("2021-04-01", index_date)

dataset.define_population(
    has_registration
    & registered_for_a_year.exists_for_patient()
    & (age >= 18)
    & (age <= 110)
    & patients.sex.is_in(["male", "female"])
    & (patients.date_of_death.is_after(index_date) | patients.date_of_death.is_null())
)

# Demographics
dataset.age = age
dataset.age_band = case(
    when((age >= 18) & (age < 40)).then("18-39"),
    when((age >= 40) & (age < 65)).then("40-64"),
    when(age >= 65).then("65+"),
    otherwise="missing",
)
dataset.sex = patients.sex
dataset.region = registration.practice_nuts1_region_name
dataset.stp = registration.practice_stp

# Deprivation
address = addresses.for_patient_on(index_date)
imd_rounded = address.imd_rounded
max_imd = 32844
dataset.imd_quintile = address.imd_quintile
dataset.imd_by_hand = case(
    when((imd_rounded >= 0) & (imd_rounded < int(max_imd * 1 / 5) + 1)).then(
        "1 (most deprived)"
    ),
    when(imd_rounded < int(max_imd * 2 / 5) + 1).then("2"),
    when(imd_rounded < int(max_imd * 3 / 5) + 1).then("3"),
    when(imd_rounded < int(max_imd * 4 / 5) + 1).then("4"),
    when(imd_rounded < int(max_imd * 5 / 5) + 1).then("5 (least deprived)"),
    otherwise="unknown",
)
dataset.rural_urban = address.rural_urban_classification
dataset.carehome = (
    address.care_home_is_potential_match
    | address.care_home_requires_nursing
    | address.care_home_does_not_require_nursing
)

# Ethnicity: the latest code there is
latest_ethnicity = (
    clinical_events.where(clinical_events.snomedct_code.is_in(ethnicity_codelist))
    .where(clinical_events.date.is_on_or_before(index_date))
    .sort_by(clinical_events.date)
    .last_for_patient()
    .snomedct_code.to_category(ethnicity_codelist)
)
dataset.ethnicity = case(
    when(latest_ethnicity == "1").then("White"),
    when(latest_ethnicity == "3").then("South Asian"),
    when(latest_ethnicity == "4").then("Black"),
    otherwise="Unknown",
)

# BMI in the two years before
dataset.bmi = (
    clinical_events.where(clinical_events.snomedct_code == "60621009")
    .where(clinical_events.numeric_value > 0)
    .where(clinical_events.date.is_on_or_between("2020-04-01", index_date))
    .sort_by(clinical_events.date)
    .last_for_patient()
    .numeric_value
)
dataset.recent_event = clinical_events.where(
    (clinical_events.date > registration.start_date + days(30))
    & clinical_events.date.is_before(index_date)
).exists_for_patient()

show(dataset, label="everything", head=10)
