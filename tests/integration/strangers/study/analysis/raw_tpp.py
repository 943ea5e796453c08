from ehrql import create_dataset
from ehrql.tables.raw.tpp import apcs_historical, ons_deaths

dataset = create_dataset()
dataset.define_population(ons_deaths.exists_for_patient())
dataset.place = ons_deaths.sort_by(ons_deaths.date).last_for_patient().place
dataset.admitted = apcs_historical.exists_for_patient()
