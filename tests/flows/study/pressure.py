# mypy: ignore-errors
"""A study that runs in seconds: some weeks, two months and the whole time of readings
taken at the practice.

`-- --weeks N` makes it longer.
"""

from datetime import date

from ehrql import (
    INTERVAL,
    case,
    codelist_from_csv,
    create_measures,
    get_parameter,
    months,
    weeks,
    when,
)
from ehrql.tables.tpp import clinical_events, patients, practice_registrations

codes = codelist_from_csv("codelists/readings.csv", column="code")
taken = clinical_events.where(clinical_events.snomedct_code.is_in(codes)).where(
    clinical_events.date.is_during(INTERVAL)
)
age = patients.age_on(INTERVAL.start_date)
age_band = case(
    when(age < 40).then("0-39"),
    when(age < 65).then("40-64"),
    when(age >= 65).then("65+"),
)

measures = create_measures()
measures.define_defaults(
    numerator=taken.exists_for_patient(),
    denominator=practice_registrations.exists_for_patient_on(INTERVAL.start_date)
    & patients.is_alive_on(INTERVAL.start_date),
    intervals=weeks(get_parameter("weeks", type=int, default=5)).starting_on(
        "2021-05-03"
    ),
)
measures.define_measure("taken")
measures.define_measure("taken_by_sex", group_by={"sex": patients.sex})
measures.define_measure(
    "readings_by_age_band_and_sex",
    numerator=taken.where(taken.numeric_value > 160).count_for_patient(),  # few of them
    group_by={"sex": patients.sex, "age_band": age_band},
)
measures.define_measure(
    "readings_monthly",
    numerator=taken.count_for_patient(),
    intervals=months(2).starting_on("2021-05-01"),
)
measures.define_measure(
    "high_of_readings",
    numerator=taken.where(taken.numeric_value > 130).count_for_patient(),
    denominator=taken.count_for_patient(),
    intervals=[(date(2021, 5, 1), date(2021, 6, 30))],
)
