# mypy: ignore-errors
from datetime import date

from codelists import mi_icd10
from ehrql import INTERVAL, create_measures, years
from ehrql.tables.tpp import apcs, ec, patients, practice_registrations

measures = create_measures()

admitted = apcs.where(apcs.admission_date.is_during(INTERVAL))
attended = ec.where(ec.arrival_date.is_during(INTERVAL))
at_risk = practice_registrations.exists_for_patient_on(
    INTERVAL.start_date
) & patients.is_alive_on(INTERVAL.start_date)
had_mi = apcs.where(apcs.primary_diagnosis.is_in(mi_icd10)).where(
    apcs.admission_date < INTERVAL.start_date
)
intervals = years(2).starting_on("2019-04-01") + [(date(2020, 3, 1), date(2020, 3, 31))]

for measure, numerator, denominator in [
    ("admission", admitted.exists_for_patient(), at_risk),
    (
        "bed_days",
        (admitted.discharge_date - admitted.admission_date).days.sum_for_patient(),
        at_risk,
    ),
    (
        "attendances_per_admission",
        attended.count_for_patient(),
        admitted.count_for_patient(),
    ),
    (
        "readmission",
        admitted.exists_for_patient(),
        at_risk & had_mi.exists_for_patient(),
    ),
]:
    measures.define_measure(
        measure, numerator, denominator, group_by={}, intervals=intervals
    )
