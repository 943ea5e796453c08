# mypy: ignore-errors
"""What is counted for a year: of each week alone, and of the twelve weeks that end with
it.
"""

from ehrql import INTERVAL, codelist_from_csv, create_measures, days, weeks
from ehrql.tables.tpp import clinical_events, patients

codes = codelist_from_csv("codelists/readings.csv", column="code")
readings = clinical_events.where(clinical_events.snomedct_code.is_in(codes))
in_the_week = readings.where(readings.date.is_during(INTERVAL))
lately = readings.where(
    readings.date.is_on_or_between(INTERVAL.start_date - days(77), INTERVAL.end_date)
)

measures = create_measures()
measures.define_defaults(
    denominator=patients.is_alive_on(INTERVAL.start_date),
    intervals=weeks(60).starting_on("2019-12-30"),
)
measures.define_measure("taken", numerator=in_the_week.exists_for_patient())
measures.define_measure(
    "high_by_sex",
    numerator=in_the_week.where(in_the_week.numeric_value > 130).count_for_patient(),
    group_by={"sex": patients.sex},
)
measures.define_measure(
    "lately_by_sex",
    numerator=lately.exists_for_patient(),
    group_by={"sex": patients.sex},
)
