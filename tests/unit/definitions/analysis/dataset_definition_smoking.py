# mypy: ignore-errors
from analysis.codelists import clear_smoking_codes
from ehrql import case, create_dataset, when
from ehrql.tables.tpp import clinical_events as events
from ehrql.tables.tpp import patients

index_date = "2023-01-01"
dataset = create_dataset()
dataset.define_population(patients.exists_for_patient())

smoking_events = events.where(events.ctv3_code.is_in(clear_smoking_codes)).where(
    events.date < index_date
)
most_recent_smoking_code = (
    smoking_events.sort_by(events.date)
    .last_for_patient()
    .ctv3_code.to_category(clear_smoking_codes)
)
ever_smoked_codes = [
    code for code, category in clear_smoking_codes.items() if category in ("S", "E")
]
ever_smoked = smoking_events.where(
    smoking_events.ctv3_code.is_in(ever_smoked_codes)
).exists_for_patient()

dataset.smoking_status = case(
    when(most_recent_smoking_code == "S").then("S"),
    when(
        (most_recent_smoking_code == "E")
        | ((most_recent_smoking_code == "N") & ever_smoked)
    ).then("E"),
    when((most_recent_smoking_code == "N") & ~ever_smoked).then("N"),
    otherwise="M",
)
