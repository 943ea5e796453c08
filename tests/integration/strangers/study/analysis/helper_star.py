from ehrql import *
from ehrql.tables.tpp import *
from variables_lib import *

measures = create_measures()
measures.define_measure(
    name="bp",
    numerator=has_code_between(["271649006"], INTERVAL.start_date, INTERVAL.end_date),
    denominator=patients.exists_for_patient(),
    group_by={"age_band": age_band(INTERVAL.start_date)},
    intervals=months(2).starting_on("2020-01-01"),
)
