# mypy: ignore-errors
"""Smokers and their COPD: the latest status, spirometry and exacerbations."""

from ehrql import INTERVAL, create_measures, days, months
from ehrql.tables.tpp import (
    clinical_events,
    medications,
    patients,
    practice_registrations,
)

STATUS = {"77176002": "S", "65568007": "S", "8517006": "E", "266919005": "N"}
COPD = ["13645005", "313296004", "313297008"]
FEV1 = ["313222007", "313223002"]
ANTIBIOTIC = ["323509004", "324048007"]
STEROID = ["325426006"]
LRTI = ["50417007", "195742007"]

before = clinical_events.where(
    clinical_events.date.is_on_or_before(INTERVAL.start_date)
)
smoking = (
    before.where(before.snomedct_code.is_in(list(STATUS)))
    .sort_by(before.date)
    .last_for_patient()
    .snomedct_code.to_category(STATUS)
)
copd = (
    before.where(before.snomedct_code.is_in(COPD))
    .sort_by(before.date)
    .first_for_patient()
)
fev1 = clinical_events.where(clinical_events.snomedct_code.is_in(FEV1)).where(
    clinical_events.date.is_on_or_between(copd.date - months(3), copd.date + months(6))
)
antibiotics = medications.where(medications.dmd_code.is_in(ANTIBIOTIC)).where(
    medications.date.is_during(INTERVAL)
)
first_antibiotic = antibiotics.sort_by(antibiotics.date).first_for_patient()
steroids = medications.where(medications.dmd_code.is_in(STEROID)).where(
    medications.date.is_on_or_between(
        first_antibiotic.date - days(3), first_antibiotic.date + days(3)
    )
)
infections = clinical_events.where(clinical_events.snomedct_code.is_in(LRTI)).where(
    clinical_events.date.is_on_or_between(
        INTERVAL.end_date - months(12), INTERVAL.end_date
    )
)
registered = practice_registrations.spanning(
    INTERVAL.start_date, INTERVAL.end_date
).exists_for_patient()
age = patients.age_on(INTERVAL.start_date)
in_register = registered & copd.exists_for_patient() & (age >= 35)

measures = create_measures()
measures.define_defaults(
    denominator=in_register, intervals=months(18).starting_on("2019-01-01")
)
measures.define_measure("smokers", numerator=smoking == "S")
measures.define_measure(
    "former_smokers_tested", numerator=(smoking == "E") & fev1.exists_for_patient()
)
measures.define_measure(
    "rescue_pack",
    numerator=antibiotics.exists_for_patient() & steroids.exists_for_patient(),
)
measures.define_measure(
    "two_infections",
    numerator=infections.date.count_episodes_for_patient(days(28)) >= 2,
)
measures.define_measure(
    "never_smokers_young",
    numerator=antibiotics.count_for_patient(),
    denominator=registered & copd.exists_for_patient() & (smoking == "N") & (age < 50),
)
