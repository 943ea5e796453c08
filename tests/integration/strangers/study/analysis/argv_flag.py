import sys

from ehrql import create_dataset
from ehrql.tables.tpp import medications, patients

dataset = create_dataset()
everybody = "--everybody" in sys.argv
dataset.define_population(
    patients.exists_for_patient() if everybody else medications.exists_for_patient()
)
dataset.prescriptions = medications.count_for_patient()
