import csv

from ehrql import create_dataset
from ehrql.tables.tpp import clinical_events

with open("codelists/opensafely-asthma.csv", newline="") as file:
    terms = {row["code"]: row["term"] for row in csv.DictReader(file)}

dataset = create_dataset()
last = clinical_events.sort_by(clinical_events.date).last_for_patient()
dataset.define_population(clinical_events.exists_for_patient())
dataset.term = last.snomedct_code.map_values(terms, default="other")
