import json
from pathlib import Path

from ehrql import create_dataset
from ehrql.tables.tpp import clinical_events, patients

CODES = json.loads(
    (Path(__file__).parent.parent / "local_codelists" / "codes.json").read_text()
)

dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())
for name, codes in CODES.items():
    setattr(
        dataset,
        name,
        clinical_events.where(
            clinical_events.snomedct_code.is_in(codes)
        ).exists_for_patient(),
    )
