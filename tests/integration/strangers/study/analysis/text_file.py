from ehrql import create_dataset
from ehrql.tables.tpp import clinical_events

with open("local_codelists/codes.txt") as lines:
    codes = [
        line.strip() for line in lines if line.strip() and not line.startswith("#")
    ]

dataset = create_dataset()
chosen = clinical_events.where(clinical_events.snomedct_code.is_in(codes))
dataset.define_population(chosen.exists_for_patient())
dataset.first = chosen.sort_by(chosen.date).first_for_patient().date
