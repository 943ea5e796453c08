# mypy: ignore-errors
"""Operations before and after an infection, with deaths and clots in the weeks that
follow.
"""

from ehrql import INTERVAL, claim_permissions, create_measures, days, months
from ehrql.tables.tpp import (
    apcs,
    clinical_events,
    ons_deaths,
    patients,
    sgss_covid_all_tests,
)

claim_permissions("sgss_covid_all_tests")
COLECTOMY = ["H04", "H05", "H06", "H07"]
HERNIA = ["T20", "T21"]
CLOT_CODES = ["59282003", "128053003"]

operated = apcs.where(apcs.admission_date.is_during(INTERVAL)).where(
    apcs.all_procedures.contains_any_of(COLECTOMY + HERNIA)
)
first = operated.sort_by(operated.admission_date).first_for_patient()
elective = first.admission_method.is_in(["11", "12", "13"])
infection = sgss_covid_all_tests.where(sgss_covid_all_tests.is_positive).where(
    sgss_covid_all_tests.specimen_taken_date.is_on_or_between(
        first.admission_date - days(49), first.admission_date + days(7)
    )
)
clot = clinical_events.where(clinical_events.snomedct_code.is_in(CLOT_CODES)).where(
    clinical_events.date.is_on_or_between(
        first.admission_date, first.discharge_date + days(90)
    )
)
clot_admission = apcs.where(
    apcs.primary_diagnosis.is_in(["I260", "I269", "I802"])
).where(
    apcs.admission_date.is_on_or_between(
        first.discharge_date + days(1), first.discharge_date + days(90)
    )
)
dead = (ons_deaths.date - first.admission_date).days <= 30
adult = patients.age_on(INTERVAL.start_date) >= 18

measures = create_measures()
measures.define_defaults(
    denominator=adult & first.exists_for_patient(),
    intervals=months(9).starting_on("2020-03-01"),
)
measures.define_measure(
    "recent_infection",
    numerator=infection.exists_for_patient(),
    denominator=adult & elective,
)
measures.define_measure(
    "clot_in_90_days",
    numerator=clot.exists_for_patient() | clot_admission.exists_for_patient(),
)
measures.define_measure(
    "dead_in_30_days", numerator=dead & (ons_deaths.date >= first.admission_date)
)
measures.define_measure(
    "hernia_home_next_day",
    numerator=first.all_procedures.contains("T20")
    & ((first.discharge_date - first.admission_date).days <= 1),
)
