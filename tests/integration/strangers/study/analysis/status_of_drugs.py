from ehrql import create_dataset
from ehrql.tables.raw.tpp import medications as medications_raw
from ehrql.tables.tpp import medications

dataset = create_dataset()
dataset.define_population(medications.exists_for_patient())
dataset.normal = medications_raw.where(
    medications_raw.medication_status.is_in([0])
).count_for_patient()
dataset.statuses = medications_raw.medication_status.count_distinct_for_patient()
dataset.plain = medications.count_for_patient()
