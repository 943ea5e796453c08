from ehrql import INTERVAL, create_measures
from ehrql.tables.tpp import patients, practice_registrations

from shared_dates import intervals

measures = create_measures()
registration = practice_registrations.for_patient_on(INTERVAL.start_date)
measures.define_defaults(
    denominator=registration.exists_for_patient()
    & patients.is_alive_on(INTERVAL.start_date),
    intervals=intervals,
)
measures.define_measure(
    "women",
    numerator=patients.sex.is_in(["female"]),
    group_by={"region": registration.practice_nuts1_region_name},
)
