from argparse import ArgumentParser

from ehrql import create_dataset
from ehrql.tables.tpp import patients

parser = ArgumentParser(description="Who is of one sex")
parser.add_argument("sex", choices=["female", "male"])
parser.add_argument("date", nargs="?", default="2020-01-01")
args = parser.parse_args()

dataset = create_dataset()
dataset.define_population(patients.sex == args.sex)
dataset.age = patients.age_on(args.date)
