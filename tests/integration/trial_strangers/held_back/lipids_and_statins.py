# mypy: ignore-errors
"""Statins after a heart attack or at high risk, and the cholesterol that follows."""

from ehrql import INTERVAL, create_measures, days, months
from ehrql.tables.core import (
    clinical_events,
    medications,
    patients,
    practice_registrations,
)

MI = ["22298006", "57054005", "394710008"]
QRISK = ["718087004", "763244005"]
NON_HDL = ["1006191000000106", "1029071000000109"]
HIGH_INTENSITY = ["320031006", "320030007", "408036003"]
OTHER = ["319996000", "319997009"]

first_mi = (
    clinical_events.where(clinical_events.snomedct_code.is_in(MI))
    .sort_by(clinical_events.date)
    .first_for_patient()
)
risk = clinical_events.where(clinical_events.snomedct_code.is_in(QRISK)).where(
    clinical_events.date.is_on_or_before(INTERVAL.end_date)
)
latest_risk = risk.sort_by(risk.date).last_for_patient()
statin = medications.where(medications.dmd_code.is_in(HIGH_INTENSITY + OTHER))
started = statin.sort_by(statin.date).first_for_patient()
now = statin.where(
    statin.date.is_on_or_between(INTERVAL.start_date - months(3), INTERVAL.end_date)
)
latest_now = now.sort_by(now.date).last_for_patient()
follow_up = clinical_events.where(clinical_events.snomedct_code.is_in(NON_HDL)).where(
    (clinical_events.date >= started.date + days(56))
    & (clinical_events.date <= started.date + days(120))
)
registered = practice_registrations.exists_for_patient_on(INTERVAL.end_date)
age = patients.age_on(INTERVAL.end_date)

measures = create_measures()
measures.define_defaults(
    denominator=registered & (age >= 25) & (age < 85),
    intervals=months(6).starting_on("2022-04-01"),
)
measures.define_measure(
    "high_intensity_after_mi",
    numerator=latest_now.dmd_code.is_in(HIGH_INTENSITY),
    denominator=registered
    & first_mi.date.is_on_or_before(INTERVAL.start_date - months(1)),
)
measures.define_measure(
    "untreated_at_risk",
    numerator=~now.exists_for_patient(),
    denominator=registered
    & (age < 85)
    & (latest_risk.numeric_value >= 10.0)
    & first_mi.date.is_null(),
)
measures.define_measure("started_now", numerator=started.date.is_during(INTERVAL))
measures.define_measure(
    "tested_after_start",
    numerator=follow_up.exists_for_patient(),
    denominator=registered
    & started.date.is_on_or_between(
        INTERVAL.start_date - months(4), INTERVAL.start_date
    ),
)
