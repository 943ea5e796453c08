# mypy: ignore-errors
from datetime import date

from codelists import diabetes
from ehrql import create_dataset, days, table_from_file
from ehrql.tables.tpp import clinical_events, patients

matched_patients = table_from_file(
    "outputs/matched_matches.csv",
    columns={"age": int, "set_id": int, "exposed": bool, "indexdate": date},
)

dataset = create_dataset()
dataset.define_population(
    matched_patients.exists_for_patient() & matched_patients.indexdate.is_not_null()
)
dataset.set_id = matched_patients.set_id
dataset.exposed = matched_patients.exposed
dataset.age_now = patients.age_on(matched_patients.indexdate)
follow_up = clinical_events.where(
    clinical_events.date.is_on_or_between(
        matched_patients.indexdate, matched_patients.indexdate + days(90)
    )
)
dataset.diabetes = follow_up.where(
    follow_up.snomedct_code.is_in(diabetes)
).exists_for_patient()
dataset.events = follow_up.count_for_patient()
