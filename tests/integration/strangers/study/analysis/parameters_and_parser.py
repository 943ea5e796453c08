import argparse

from ehrql import create_dataset, get_parameter
from ehrql.tables.tpp import patients

parser = argparse.ArgumentParser()
parser.add_argument("--least-age", type=int, default=0)
known, rest = parser.parse_known_args()
index_date = get_parameter("index-date", default="2020-01-01")

dataset = create_dataset()
dataset.define_population(patients.age_on(index_date) >= known.least_age)
dataset.born = patients.date_of_birth.year
