import sys

from ehrql import create_dataset, years
from ehrql.tables.tpp import patients

cohort, index_date = sys.argv[1], sys.argv[2]
oldest = {"children": 18, "adults": 200}[cohort]

dataset = create_dataset()
age = patients.age_on(index_date)
dataset.define_population((age >= 0) & (age < oldest))
dataset.age_next_year = patients.age_on(index_date) + 1
