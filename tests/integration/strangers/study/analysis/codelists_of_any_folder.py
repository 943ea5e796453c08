from ehrql import codelist_from_csv, create_dataset
from ehrql.tables.tpp import clinical_events, medications

inhalers = codelist_from_csv("local_codelists/inhalers.csv", column="dmd_id")
bmi = codelist_from_csv("analysis/codelists/near.csv", column="snomedct")

dataset = create_dataset()
inhaled = medications.where(medications.dmd_code.is_in(inhalers)).exists_for_patient()
measured = clinical_events.where(
    clinical_events.snomedct_code.is_in(bmi)
).exists_for_patient()
dataset.define_population(inhaled | measured)
dataset.inhaled = inhaled
dataset.measured = measured
