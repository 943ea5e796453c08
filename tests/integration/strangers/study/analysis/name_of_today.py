from datetime import date

from ehrql import INTERVAL, create_measures, months
from ehrql.tables.tpp import patients

measures = create_measures()
measures.define_measure(
    f"alive_{date.today():%Y_%m_%d}",
    numerator=patients.is_alive_on(INTERVAL.end_date),
    denominator=patients.exists_for_patient(),
    intervals=months(2).starting_on("2020-01-01"),
)
