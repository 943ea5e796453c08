# mypy: ignore-errors
from ehrql import INTERVAL, Measures, codelist_from_csv, get_parameter, weeks, years
from ehrql.tables.core import clinical_events, patients

start_date = get_parameter("start-date", default="2021-01-04")
number = get_parameter("weeks", type=int, default=2)
files = get_parameter("codelists", default="nhsd-primary-care-domain-refsets-hyp_cod")
codes = [
    code
    for name in ([files] if isinstance(files, str) else files)
    for code in codelist_from_csv(f"codelists/{name}.csv", column="code")
]

measures = Measures()
measures.define_measure(
    "new_diagnosis",
    numerator=clinical_events.where(clinical_events.snomedct_code.is_in(codes))
    .sort_by(clinical_events.date)
    .first_for_patient()
    .date.is_during(INTERVAL),
    denominator=patients.is_alive_on(INTERVAL.end_date)
    & (patients.date_of_birth + years(18) <= INTERVAL.start_date),
    group_by={"sex": patients.sex},
    intervals=weeks(number).starting_on(start_date),
)
