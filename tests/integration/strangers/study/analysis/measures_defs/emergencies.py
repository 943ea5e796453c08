from ehrql import INTERVAL, months
from ehrql.tables.tpp import emergency_care_attendances as attendances
from ehrql.tables.tpp import patients

from .dates import START


def define(measures):
    here = attendances.where(attendances.arrival_date.is_during(INTERVAL))
    measures.define_measure(
        "emergencies",
        numerator=here.count_for_patient(),
        denominator=patients.exists_for_patient(),
        intervals=months(2).starting_on(START),
    )
