# mypy: ignore-errors
"""Two months of who was seen: deciles over practices, and a rate as in the European
standard population.
"""

from ehrql import INTERVAL, case, create_measures, months, when
from ehrql.tables.tpp import clinical_events, patients, practice_registrations

registered = practice_registrations.for_patient_on(INTERVAL.start_date)
seen = clinical_events.where(
    clinical_events.date.is_during(INTERVAL)
).exists_for_patient()
age = patients.age_on(INTERVAL.start_date)
age_band = case(
    when(age < 40).then("0-39"),
    when(age < 50).then("40-49"),
    when(age < 65).then("50-64"),
    when(age >= 65).then("65+"),
)

measures = create_measures()
measures.define_defaults(
    denominator=registered.exists_for_patient(),
    intervals=months(2).starting_on("2020-01-01"),
)
measures.define_measure(
    "seen", numerator=seen, deciles_over=registered.practice_pseudo_id
)
measures.define_measure(
    "seen_by_age_band",
    numerator=seen,
    group_by={"age_band": age_band},
    standardise={"age_band": "ESP2013"},
)
