from ehrql import INTERVAL, create_measures, months, years
from ehrql.tables.tpp import emergency_care_attendances as ec
from ehrql.tables.tpp import patients

year_before = ec.where(
    ec.arrival_date.is_on_or_between(INTERVAL.end_date - years(1), INTERVAL.end_date)
)
measures = create_measures()
measures.define_measure(
    name="emergency",
    numerator=year_before.exists_for_patient(),
    denominator=(patients.age_on(INTERVAL.start_date) >= 18)
    & patients.is_alive_on(INTERVAL.start_date),
    intervals=months(2).starting_on("2019-12-31"),
)
