from ehrql import create_dataset
from ehrql.tables.raw.core import ons_deaths
from ehrql.tables.tpp import patients

dataset = create_dataset()
dataset.define_population(
    patients.exists_for_patient() & ons_deaths.exists_for_patient()
)
dataset.certificates = ons_deaths.count_for_patient()
dataset.first = ons_deaths.sort_by(ons_deaths.date).first_for_patient().date
dataset.by_asthma = ons_deaths.where(
    ons_deaths.cause_of_death_is_in(["J45"])
).exists_for_patient()
