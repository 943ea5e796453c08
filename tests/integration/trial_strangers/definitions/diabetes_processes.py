# mypy: ignore-errors
"""The care processes of type 2 diabetes, and the results of tests."""

from ehrql import INTERVAL, create_measures, days, months
from ehrql.tables.tpp import (
    clinical_events,
    medications,
    patients,
    practice_registrations,
)

TYPE2 = ["44054006", "199230006", "237599002"]
TYPE1 = ["46635009", "190330002"]
HBA1C = ["999791000000106", "1049321000000109"]
FOOT = ["401191002", "394677000"]
RETINAL = ["408396006"]
METFORMIN = ["325278007", "39695211000001102"]
SGLT2 = ["23401511000001106", "22000211000001104"]

events = clinical_events
window = events.where(
    events.date.is_on_or_between(INTERVAL.end_date - months(15), INTERVAL.end_date)
)


def latest(codes):
    rows = window.where(window.snomedct_code.is_in(codes))
    return rows.sort_by(rows.date).last_for_patient()


first_type2 = (
    events.where(events.snomedct_code.is_in(TYPE2))
    .sort_by(events.date)
    .first_for_patient()
    .date
)
last_type1 = (
    events.where(events.snomedct_code.is_in(TYPE1))
    .sort_by(events.date)
    .last_for_patient()
    .date
)
type2 = first_type2.is_on_or_before(INTERVAL.end_date) & last_type1.is_null()
registered = practice_registrations.exists_for_patient_on(INTERVAL.end_date)
adult = patients.age_on(INTERVAL.end_date) >= 17
done = [latest(codes).exists_for_patient().as_int() for codes in (HBA1C, FOOT, RETINAL)]
metformin = (
    medications.where(medications.dmd_code.is_in(METFORMIN))
    .sort_by(medications.date)
    .first_for_patient()
    .date
)
sglt2 = (
    medications.where(medications.dmd_code.is_in(SGLT2))
    .sort_by(medications.date)
    .first_for_patient()
    .date
)

measures = create_measures()
measures.define_defaults(
    denominator=registered & adult & type2,
    intervals=months(6).starting_on("2021-10-01"),
)
measures.define_measure("all_processes", numerator=(done[0] + done[1] + done[2]) == 3)
measures.define_measure(
    "at_most_one_process", numerator=(done[0] + done[1] + done[2]) <= 1
)
measures.define_measure("hba1c_at_most_58", numerator=latest(HBA1C).numeric_value <= 58)
measures.define_measure("hba1c_over_75", numerator=latest(HBA1C).numeric_value > 75)
measures.define_measure(
    "metformin_within_90_days",
    numerator=(metformin - first_type2).days.absolute() <= 90,
)
measures.define_measure(
    "second_line_in_period",
    numerator=sglt2.is_during(INTERVAL) & metformin.is_before(sglt2 - days(30)),
)
