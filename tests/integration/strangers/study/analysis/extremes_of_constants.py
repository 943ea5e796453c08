from ehrql import create_dataset, maximum_of, minimum_of
from ehrql.tables.tpp import patients

dataset = create_dataset()
dataset.define_population(patients.age_on("2020-01-01") > minimum_of(40, 60, 50))
dataset.cap = maximum_of(1, 2, 3)
dataset.age = maximum_of(patients.age_on("2020-01-01"), 70)
