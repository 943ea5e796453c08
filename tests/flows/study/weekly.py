# mypy: ignore-errors
"""Weeks only, so that each of them has a slice of the records to itself; on few
patients with many events.
"""

from ehrql import INTERVAL, codelist_from_csv, create_measures, weeks
from ehrql.tables.tpp import clinical_events, patients

codes = codelist_from_csv("codelists/readings.csv", column="code")
taken = clinical_events.where(clinical_events.snomedct_code.is_in(codes)).where(
    clinical_events.date.is_during(INTERVAL)
)

measures = create_measures()
measures.define_defaults(
    denominator=patients.is_alive_on(INTERVAL.start_date),
    intervals=weeks(4).starting_on("2020-03-02"),
)
measures.define_measure("taken", numerator=taken.exists_for_patient())
measures.define_measure(
    "high_by_sex",
    numerator=taken.where(taken.numeric_value > 130).count_for_patient(),
    group_by={"sex": patients.sex},
)
