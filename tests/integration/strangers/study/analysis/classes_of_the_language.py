from ehrql import create_dataset
from ehrql.query_language import (
    BoolPatientSeries,
    DatePatientSeries,
    EventFrame,
    PatientFrame,
)
from ehrql.tables.tpp import clinical_events, medications, patients

dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())


def summarise(name, value):
    if isinstance(value, EventFrame):
        dataset.add_column(f"n_{name}", value.count_for_patient())
    elif isinstance(value, PatientFrame):
        dataset.add_column(f"has_{name}", value.exists_for_patient())
    elif isinstance(value, DatePatientSeries):
        dataset.add_column(f"{name}_year", value.year)
    else:
        assert isinstance(value, BoolPatientSeries)
        dataset.add_column(f"is_{name}", value)


latest = clinical_events.sort_by(clinical_events.date).last_for_patient()
summaries = {
    "drug": medications,
    "event": latest,
    "born": patients.date_of_birth,
    "old": patients.age_on("2020-01-01") > 64,
}
for name, value in summaries.items():
    summarise(name, value)
