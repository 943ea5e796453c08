import os

from ehrql import INTERVAL, create_measures, months
from ehrql.tables.tpp import medications, patients

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "settings.yaml")) as file:
    settings = dict(line.strip().split(": ") for line in file)

measures = create_measures()
measures.define_measure(
    "prescribed",
    numerator=medications.where(
        medications.date.is_during(INTERVAL)
    ).count_for_patient(),
    denominator=patients.is_alive_on(INTERVAL.start_date),
    group_by={"sex": patients.sex},
    intervals=months(int(settings["months"])).starting_on(settings["start"]),
)
