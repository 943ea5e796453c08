import sys

from ehrql import create_dataset
from ehrql.tables.tpp import clinical_events, patients

wanted = sys.argv[1:] or ["271649006"]

dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
for code in wanted:
    dataset.add_column(
        f"n_{code}",
        clinical_events.where(
            clinical_events.snomedct_code == code
        ).count_for_patient(),
    )
