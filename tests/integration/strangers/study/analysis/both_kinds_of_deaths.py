from ehrql import create_dataset
from ehrql.tables.raw.tpp import ons_deaths as certificates
from ehrql.tables.tpp import ons_deaths

dataset = create_dataset()
dataset.define_population(ons_deaths.date.is_not_null())
dataset.date = ons_deaths.date
dataset.certificates = certificates.count_for_patient()
dataset.cause = (
    certificates.sort_by(certificates.date).last_for_patient().underlying_cause_of_death
)
