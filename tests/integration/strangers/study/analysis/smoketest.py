from ehrql import create_dataset
from ehrql.tables.smoketest import patients

dataset = create_dataset()
dataset.define_population(patients.date_of_birth.year < 1960)
dataset.year_of_birth = patients.date_of_birth.year
