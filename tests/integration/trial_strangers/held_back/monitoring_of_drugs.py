# mypy: ignore-errors
"""Safety of prescribing: drugs that need blood tests, pairs that should not be
together.
"""

from ehrql import INTERVAL, create_measures, months
from ehrql.tables.tpp import (
    clinical_events,
    medications,
    patients,
    practice_registrations,
)

METHOTREXATE = ["326874004", "41791911000001108"]
FBC = ["1022441000000101", "26604007"]
LFT = ["1013211000000103", "26958001"]
NSAID = ["329639008", "329652003"]
PPI = ["317291008", "317334001"]
WARFARIN = ["319733000", "319734006", "319735007"]
ULCER = ["13200003", "397825006"]
CKD_EGFR = ["1011481000000105", "80274001"]

quarter = medications.where(
    medications.date.is_on_or_between(
        INTERVAL.start_date - months(2), INTERVAL.end_date
    )
)
half = medications.where(
    medications.date.is_on_or_between(
        INTERVAL.start_date - months(6), INTERVAL.start_date - months(3)
    )
)
tests = clinical_events.where(
    clinical_events.date.is_on_or_between(
        INTERVAL.end_date - months(3), INTERVAL.end_date
    )
)


def given(rows, codes):
    return rows.where(rows.dmd_code.is_in(codes)).exists_for_patient()


def tested(codes):
    return tests.where(tests.snomedct_code.is_in(codes)).exists_for_patient()


ulcer = clinical_events.where(clinical_events.snomedct_code.is_in(ULCER)).where(
    clinical_events.date.is_before(INTERVAL.start_date - months(3))
)
egfr = clinical_events.where(clinical_events.snomedct_code.is_in(CKD_EGFR)).where(
    clinical_events.date.is_on_or_before(INTERVAL.end_date)
)
latest_egfr = (
    egfr.where(egfr.numeric_value.is_not_null()).sort_by(egfr.date).last_for_patient()
)
registered = practice_registrations.exists_for_patient_on(INTERVAL.end_date)
age = patients.age_on(INTERVAL.start_date)

measures = create_measures()
measures.define_defaults(intervals=months(12).starting_on("2020-09-01"))
measures.define_measure(
    "methotrexate_unmonitored",
    numerator=~(tested(FBC) & tested(LFT)),
    denominator=registered
    & given(quarter, METHOTREXATE)
    & given(half, METHOTREXATE)
    & (age >= 18)
    & (age <= 120),
)
measures.define_measure(
    "nsaid_without_ppi_over_65",
    numerator=given(quarter, NSAID) & ~given(quarter, PPI),
    denominator=registered & (age >= 65),
)
measures.define_measure(
    "ulcer_and_nsaid",
    numerator=given(quarter, NSAID),
    denominator=registered & ulcer.exists_for_patient() & ~given(quarter, PPI),
)
measures.define_measure(
    "warfarin_and_nsaid",
    numerator=given(quarter, NSAID),
    denominator=registered & given(quarter, WARFARIN),
)
measures.define_measure(
    "nsaid_with_poor_kidneys",
    numerator=given(quarter, NSAID),
    denominator=registered
    & (latest_egfr.numeric_value < 45)
    & (latest_egfr.numeric_value > 0),
)
