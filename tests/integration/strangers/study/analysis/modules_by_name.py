import ehrql
import ehrql.tables.tpp as schema
from ehrql.measures import INTERVAL, create_measures

measures = create_measures()
admitted = schema.apcs.where(schema.apcs.admission_date.is_during(INTERVAL))
measures.define_measure(
    "admitted",
    numerator=admitted.exists_for_patient(),
    denominator=schema.patients.is_alive_on(INTERVAL.start_date),
    intervals=ehrql.months(2).starting_on("2020-01-01"),
)
