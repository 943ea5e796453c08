# mypy: ignore-errors
"""Physical health checks of people with severe mental illness."""

from ehrql import INTERVAL, create_measures, months
from ehrql.tables.tpp import (
    addresses,
    clinical_events,
    patients,
    practice_registrations,
)

SMI = ["58214004", "13746004", "69322001"]
REMISSION = ["698948009", "698946008"]
CHECKS = {
    "bmi": ["60621009", "846931000000101"],
    "bp": ["75367002", "163020007"],
    "glucose": ["1003671000000109", "1010671000000102"],
    "alcohol": ["228958009", "1082641000000106"],
}

ever = clinical_events.where(clinical_events.date.is_on_or_before(INTERVAL.end_date))
year = clinical_events.where(
    clinical_events.date.is_on_or_between(
        INTERVAL.end_date - months(12), INTERVAL.end_date
    )
)
smi = ever.where(ever.snomedct_code.is_in(SMI)).date.maximum_for_patient()
remission = ever.where(ever.snomedct_code.is_in(REMISSION)).date.maximum_for_patient()
active = smi.is_not_null() & (remission.is_null() | (remission < smi))
has = {
    name: year.where(year.snomedct_code.is_in(codes)).exists_for_patient()
    for name, codes in CHECKS.items()
}
number = (
    has["bmi"].as_int()
    + has["bp"].as_int()
    + has["glucose"].as_int()
    + has["alcohol"].as_int()
)
bmi = (
    year.where(year.snomedct_code.is_in(CHECKS["bmi"]))
    .where(year.numeric_value > 10)
    .sort_by(year.date)
    .last_for_patient()
)
registered = practice_registrations.exists_for_patient_on(INTERVAL.end_date)
home = addresses.for_patient_on(INTERVAL.end_date)
age = patients.age_on(INTERVAL.end_date)

measures = create_measures()
measures.define_defaults(
    denominator=registered & active & (age >= 18),
    intervals=months(12).starting_on("2021-04-01"),
)
measures.define_measure(
    "all_checks", numerator=has["bmi"] & has["bp"] & has["glucose"] & has["alcohol"]
)
measures.define_measure(
    "three_or_more", numerator=number >= 3, group_by={"imd": home.imd_quintile}
)
measures.define_measure("none", numerator=number == 0)
measures.define_measure(
    "obese",
    numerator=bmi.numeric_value >= 40,
    denominator=registered & active & has["bmi"],
)
measures.define_measure(
    "in_remission",
    numerator=remission.is_during(INTERVAL),
    denominator=registered & (remission > smi),
)
