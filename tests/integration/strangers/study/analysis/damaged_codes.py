from ehrql import codelist_from_csv, create_dataset
from ehrql.tables.tpp import clinical_events

codes = codelist_from_csv("codelists/opensafely-damaged.csv", column="code")
dataset = create_dataset()
events = clinical_events.where(clinical_events.snomedct_code.is_in(codes))
dataset.define_population(events.exists_for_patient())
dataset.n = events.count_for_patient()
