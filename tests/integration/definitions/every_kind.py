# mypy: ignore-errors
"""Three weeks of a little of everything: whole and broken numbers, dates, yes and no,
words, codes of all systems.
"""

from ehrql import INTERVAL, create_measures, weeks, years
from ehrql.tables.tpp import (
    addresses,
    apcs,
    clinical_events,
    medications,
    patients,
    practice_registrations,
    sgss_covid_all_tests,
)

FIRST_DAY = INTERVAL.start_date
SYSTOLIC = ["413606001", "271649006"]
# the last is a legal code that others take for a number
ASTHMA = ["H33..", "XE0YW", "12E34"]
# more digits than a float can hold
INHALERS = ["39113611000001102", "39113311000001107"]

registration = practice_registrations.for_patient_on(FIRST_DAY)
address = addresses.for_patient_on(FIRST_DAY)
readings = clinical_events.where(clinical_events.snomedct_code.is_in(SYSTOLIC)).where(
    clinical_events.date.is_on_or_between(FIRST_DAY - years(2), INTERVAL.end_date)
)
asthma = clinical_events.where(clinical_events.ctv3_code.is_in(ASTHMA))
inhalers = medications.where(medications.dmd_code.is_in(INHALERS)).where(
    medications.date.is_on_or_before(FIRST_DAY)
)
spells = apcs.where(apcs.admission_date.is_on_or_before(FIRST_DAY))
tests = sgss_covid_all_tests.where(
    sgss_covid_all_tests.specimen_taken_date.is_on_or_before(FIRST_DAY)
)

measures = create_measures()
measures.define_defaults(
    denominator=practice_registrations.exists_for_patient_on(FIRST_DAY)
    & patients.is_alive_on(FIRST_DAY),
    intervals=weeks(3).starting_on("2021-03-01"),
)
measures.define_measure("readings", readings.count_for_patient())
measures.define_measure(
    "high_readings", readings.where(readings.numeric_value > 130.5).exists_for_patient()
)
measures.define_measure(
    "asthma_by_region",
    asthma.exists_for_patient(),
    group_by={"region": registration.practice_nuts1_region_name},
)
measures.define_measure(
    "inhalers_by_deprivation",
    inhalers.count_for_patient(),
    group_by={"is_deprived": address.imd_rounded < 16000},
)
measures.define_measure(
    "admitted_by_postcode",
    spells.where(
        spells.all_diagnoses.contains("J45") | spells.primary_diagnosis.is_in(["J459"])
    ).exists_for_patient(),
    group_by={"has_postcode": address.has_postcode, "sex": patients.sex},
)
measures.define_measure(
    "positive_by_stp",
    tests.where(tests.is_positive).exists_for_patient(),
    group_by={"stp": registration.practice_stp},
)
measures.define_measure(
    "days_in_critical_care",
    spells.days_in_critical_care.sum_for_patient().when_null_then(0),
)
