# mypy: ignore-errors
from ehrql import case, create_dataset, days, when
from ehrql.tables.tpp import patients, vaccinations

dataset = create_dataset()
dataset.define_population(patients.age_on("2021-03-31") >= 16)

covid_vaccinations = vaccinations.where(
    vaccinations.target_disease == "SARS-2 CORONAVIRUS"
).sort_by(vaccinations.date)


def add_dose(number, events):
    dose = events.first_for_patient()
    dataset.add_column(f"covid_vax_{number}_date", dose.date)
    dataset.add_column(f"covid_vax_{number}_product", dose.product_name)
    return dose.date


previous = add_dose(
    1, covid_vaccinations.where(vaccinations.date.is_on_or_after("2020-12-08"))
)
for n in range(2, 4):
    previous = add_dose(
        n, covid_vaccinations.where(vaccinations.date > previous + days(19))
    )

dataset.doses = covid_vaccinations.count_for_patient()
dataset.days_between = (dataset.covid_vax_2_date - dataset.covid_vax_1_date).days
dataset.status = case(
    when(dataset.covid_vax_3_date.is_not_null()).then("boosted"),
    when(dataset.covid_vax_2_date.is_not_null()).then("primary course"),
    when(dataset.covid_vax_1_date.is_not_null()).then("one dose"),
    otherwise="unvaccinated",
)
dataset.mixed = dataset.covid_vax_1_product != dataset.covid_vax_2_product
