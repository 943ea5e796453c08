# mypy: ignore-errors
"""How often is viral sinusitis recorded, month by month, 2000 to 2018?

A person counts in a month if a practice registration (in OMOP: an observation period)
covers its first day: it began on that day or before, and ended on that day or after, or
has no end. Sex and age are as of that day; events count on any day of the month, its
first and last included.
"""

from ehrql import INTERVAL, case, create_measures, months, when
from ehrql.tables.core import clinical_events, patients, practice_registrations

VIRAL_SINUSITIS = "444814009"

sinusitis = clinical_events.where(
    clinical_events.snomedct_code == VIRAL_SINUSITIS
).where(clinical_events.date.is_during(INTERVAL))

age = patients.age_on(INTERVAL.start_date)
age_band = case(
    when(age < 18).then("0-17"),
    when(age < 40).then("18-39"),
    when(age < 65).then("40-64"),
    when(age >= 65).then("65+"),
)

measures = create_measures()
measures.define_defaults(
    numerator=sinusitis.exists_for_patient(),
    denominator=practice_registrations.exists_for_patient_on(INTERVAL.start_date),
    intervals=months(228).starting_on("2000-01-01"),
)
measures.define_measure("viral_sinusitis")
measures.define_measure("viral_sinusitis_by_sex", group_by={"sex": patients.sex})
measures.define_measure("viral_sinusitis_by_age_band", group_by={"age_band": age_band})
measures.define_measure(
    "viral_sinusitis_events", numerator=sinusitis.count_for_patient()
)
