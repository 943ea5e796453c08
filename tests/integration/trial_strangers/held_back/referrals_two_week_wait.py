# mypy: ignore-errors
"""Urgent referrals for cancer after a faecal test, and diagnoses that follow."""

from ehrql import INTERVAL, case, create_measures, days, months, when
from ehrql.tables.tpp import clinical_events, opa, patients, practice_registrations

FIT = ["1049361000000101", "1049371000000108", "389076003"]
REFERRAL = ["276401000000108", "276411000000105"]
COLORECTAL = ["93761005", "363406005", "269533000", "363510005"]
SYMPTOMS = ["12063002", "88111009", "89362005"]

fit = clinical_events.where(clinical_events.snomedct_code.is_in(FIT)).where(
    clinical_events.date.is_during(INTERVAL)
)
first_fit = fit.sort_by(fit.date).first_for_patient()
symptom = clinical_events.where(clinical_events.snomedct_code.is_in(SYMPTOMS)).where(
    clinical_events.date.is_on_or_between(first_fit.date - days(42), first_fit.date)
)
referral = clinical_events.where(clinical_events.snomedct_code.is_in(REFERRAL)).where(
    clinical_events.date.is_on_or_between(first_fit.date, first_fit.date + days(14))
)
diagnosis = (
    clinical_events.where(clinical_events.snomedct_code.is_in(COLORECTAL))
    .sort_by(clinical_events.date)
    .first_for_patient()
)
clinic = opa.where(opa.treatment_function_code.is_in(["104", "301"])).where(
    (opa.referral_request_received_date >= first_fit.date)
    & (opa.appointment_date <= opa.referral_request_received_date + days(14))
)
registered = practice_registrations.exists_for_patient_on(INTERVAL.start_date)
age = patients.age_on(INTERVAL.start_date)
positive = first_fit.numeric_value >= 10
level = case(
    when(first_fit.numeric_value < 10).then("below 10"),
    when(first_fit.numeric_value < 100).then("10 to 99"),
    when(first_fit.numeric_value >= 100).then("100 and over"),
)

measures = create_measures()
measures.define_defaults(
    denominator=registered & (age >= 40) & fit.exists_for_patient(),
    intervals=months(12).starting_on("2022-01-01"),
)
measures.define_measure("positive", numerator=positive, group_by={"sex": patients.sex})
measures.define_measure(
    "referred_if_positive",
    numerator=referral.exists_for_patient(),
    denominator=registered & positive,
)
measures.define_measure(
    "symptoms_before_and_referral_after",
    numerator=symptom.exists_for_patient() & referral.exists_for_patient(),
    group_by={"level": level},
)
measures.define_measure("seen_in_two_weeks", numerator=clinic.exists_for_patient())
measures.define_measure(
    "cancer_within_a_year",
    numerator=(diagnosis.date >= first_fit.date)
    & (diagnosis.date <= first_fit.date + months(12)),
    denominator=registered & (level == "100 and over"),
)
