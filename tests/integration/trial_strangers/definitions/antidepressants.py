# mypy: ignore-errors
"""New antidepressants in people with learning disability or autism, by the time since
the last one.
"""

from ehrql import INTERVAL, create_measures, months, years
from ehrql.tables.tpp import (
    clinical_events,
    ethnicity_from_sus,
    medications,
    patients,
    practice_registrations,
)

SSRI = ["321887003", "39733011000001106", "321949008"]
TRICYCLIC = ["321746006", "321747002"]
LD = [str(number) for number in range(416075005, 416075045)]
AUTISM = ["408856003", "35919005"]
CARER = ["224484003"]

before = clinical_events.where(
    clinical_events.date.is_on_or_before(INTERVAL.start_date)
)
ld = before.where(before.snomedct_code.is_in(LD)).exists_for_patient()
autism = before.where(before.snomedct_code.is_in(AUTISM)).exists_for_patient()
carer = before.where(before.snomedct_code.is_in(CARER)).exists_for_patient()
rx = medications.where(medications.dmd_code.is_in(SSRI + TRICYCLIC))
now = rx.where(rx.date.is_during(INTERVAL))
first_now = now.sort_by(now.date).first_for_patient()
previous = rx.where(rx.date < first_now.date).sort_by(rx.date).last_for_patient()
new = previous.date.is_null() | (previous.date + years(2) < first_now.date)
registered = practice_registrations.exists_for_patient_on(INTERVAL.start_date)
adult = (patients.age_on(INTERVAL.start_date) >= 18) & patients.date_of_death.is_null()

measures = create_measures()
measures.define_defaults(
    denominator=registered & adult & ld, intervals=months(24).starting_on("2018-01-01")
)
measures.define_measure("any", numerator=now.exists_for_patient())
measures.define_measure("new", numerator=now.exists_for_patient() & new)
measures.define_measure(
    "new_with_autism",
    numerator=now.exists_for_patient() & new,
    denominator=registered & adult & autism,
)
measures.define_measure(
    "both_kinds",
    numerator=now.where(now.dmd_code.is_in(SSRI)).exists_for_patient()
    & now.where(now.dmd_code.is_in(TRICYCLIC)).exists_for_patient(),
)
measures.define_measure(
    "carers_asian",
    numerator=now.exists_for_patient(),
    denominator=registered
    & carer
    & ethnicity_from_sus.code.is_in(["H", "J", "K", "L"]),
)
