from codelists_here import asthma, bp
from ehrql import create_dataset
from ehrql.tables.tpp import clinical_events as events

dataset = create_dataset()
dataset.define_population(events.exists_for_patient())
dataset.bp = events.where(events.snomedct_code.is_in(bp)).count_for_patient()
latest = (
    events.where(events.snomedct_code.is_in(asthma))
    .sort_by(events.date)
    .last_for_patient()
)
dataset.kind = latest.snomedct_code.to_category(asthma)
