from ehrql import create_dataset
from ehrql.tables.tpp import clinical_events, patients

bp = clinical_events.where(clinical_events.snomedct_code == "271649006")
bp.name = "bp"
bp.latest = bp.sort_by(bp.date).last_for_patient()
bmi = clinical_events.where(clinical_events.snomedct_code == "60621009")
bmi.name = "bmi"
bmi.latest = bmi.sort_by(bmi.date).last_for_patient()

dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
for rows in (bp, bmi):
    dataset.add_column(rows.name, rows.latest.numeric_value)
