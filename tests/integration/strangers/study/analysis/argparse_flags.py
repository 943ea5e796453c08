import argparse

from ehrql import create_dataset
from ehrql.tables.core import patients

parser = argparse.ArgumentParser()
parser.add_argument("--include-dead", action="store_true")
parser.add_argument("--born-before", default="2020-01-01")
options = parser.parse_args()

dataset = create_dataset()
population = patients.date_of_birth < options.born_before
if not options.include_dead:
    population = population & patients.is_alive_on("2020-03-01")
dataset.define_population(population)
dataset.sex = patients.sex
