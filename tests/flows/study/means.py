# mypy: ignore-errors
"""Means of what was measured, whose ends the definition says, and how many people were
seen.
"""

from extractors import INTERVAL, months
from extractors.tables.tpp import clinical_events, patients, practice_registrations
from measures import amount, create_measures

measured = clinical_events.where(clinical_events.date.is_during(INTERVAL)).numeric_value

measures = create_measures()
measures.define_defaults(
    denominator=practice_registrations.exists_for_patient_on(INTERVAL.start_date),
    intervals=months(2).starting_on("2020-01-01"),
)
mean = amount(measured.mean_for_patient(), least=1, most=300)
measures.define_measure("mean", numerator=mean)
measures.define_measure("mean_by_sex", numerator=mean, group_by={"sex": patients.sex})
measures.define_measure("seen", numerator=measured.count_distinct_for_patient() > 0)
