# mypy: ignore-errors
"""Who lives with whom, and tests with ranges from the laboratory."""

from ehrql import INTERVAL, claim_permissions, create_measures, months
from ehrql.tables.tpp import (
    clinical_events_ranges,
    household_memberships_2020,
    open_prompt,
    parents,
    patients,
    practice_registrations,
)

claim_permissions("open_prompt")
TSH = ["1022791000000101", "1027151000000105"]

in_range = clinical_events_ranges.where(
    clinical_events_ranges.snomedct_code.is_in(TSH)
).where(clinical_events_ranges.date.is_during(INTERVAL))
above = in_range.where(in_range.numeric_value > in_range.upper_bound)
censored = in_range.where(in_range.comparator.is_in(["<", "<="]))
answers = open_prompt.where(open_prompt.ctv3_code.is_in(["XE2Q3", "Y1a2b"])).where(
    open_prompt.consultation_date.is_on_or_between(
        INTERVAL.start_date, INTERVAL.end_date
    )
)
size = household_memberships_2020.household_size
registered = practice_registrations.exists_for_patient_on(INTERVAL.start_date)

measures = create_measures()
measures.define_defaults(
    denominator=registered, intervals=months(8).starting_on("2020-12-01")
)
measures.define_measure("above_the_range", numerator=above.exists_for_patient())
measures.define_measure(
    "censored_living_alone",
    numerator=censored.exists_for_patient(),
    denominator=registered & (size == 1),
)
measures.define_measure(
    "answered_in_large_households",
    numerator=answers.exists_for_patient(),
    denominator=registered & (size >= 6),
)
measures.define_measure(
    "mother_known",
    numerator=answers.numeric_value.sum_for_patient() > 2.0,
    denominator=parents.mother_id.is_not_null()
    & (patients.age_on(INTERVAL.start_date) < 30),
)
